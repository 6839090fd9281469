#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include <steward/lock_order.hpp>

namespace steward::detail {

/// Who is told of warnings of lock order.
///
/// Thread-safe, and safe across fork(): it has no mutex that a forked child could inherit locked. So what was set
/// before is kept until the end, since another thread may be calling it.
class LockOrderListener {
  public:
    using Callback = std::function<void(const LockOrderWarning&)>;

    LockOrderListener() = default;
    LockOrderListener(const LockOrderListener&) = delete;
    LockOrderListener& operator=(const LockOrderListener&) = delete;
    ~LockOrderListener();

    /// An empty one: standard error.
    void set(Callback callback);

    void tell(const LockOrderWarning& warning) const noexcept;

  private:
    struct Setting {
        Callback callback;
        Setting* before = nullptr;
    };

    std::atomic<Setting*> latest_{nullptr};
};

}  // namespace steward::detail
