#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "client/cli/run/claim.hpp"
#include "shared/unique_fd.hpp"

namespace steward::cli {

/// Asks again and again, in a thread of its own, whether a claim is still held: so a daemon that does not answer
/// cannot keep the guard from its other duties.
class LossWatch {
  public:
    explicit LossWatch(Claim& claim);
    ~LossWatch();
    LossWatch(const LossWatch&) = delete;
    LossWatch& operator=(const LossWatch&) = delete;

    /// Becomes readable when the claim is lost.
    int fd() const { return lost_fd_.get(); }

    /// Why; call it when fd() is readable.
    std::string reason() const;

  private:
    void watch();
    std::string find_loss();
    bool stopped_after_pause();

    Claim& claim_;
    shared::UniqueFd lost_fd_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::string reason_;
    std::thread thread_;
};

}  // namespace steward::cli
