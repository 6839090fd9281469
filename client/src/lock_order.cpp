#include "client/src/lock_order.hpp"

#include <cstdio>
#include <utility>

namespace steward::detail {

LockOrderListener::~LockOrderListener() {
    for (const auto* setting = latest_.load(); setting != nullptr;)
        delete std::exchange(setting, setting->before);
}

void LockOrderListener::set(Callback callback) {
    auto setting = std::make_unique<Setting>(Setting{std::move(callback), latest_.load(std::memory_order_relaxed)});
    // release: who finds it finds the callback whole.
    while (!latest_.compare_exchange_weak(setting->before, setting.get(), std::memory_order_release,
                                          std::memory_order_relaxed)) {
    }
    static_cast<void>(setting.release());  // the list owns it
}

void LockOrderListener::tell(const LockOrderWarning& warning) const noexcept {
    const auto* setting = latest_.load(std::memory_order_acquire);
    if (setting != nullptr && setting->callback)
        setting->callback(warning);
    else
        std::fprintf(stderr, "steward: %s\n", warning.sentence.c_str());
}

}  // namespace steward::detail
