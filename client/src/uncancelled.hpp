#pragma once

#include <pthread.h>

namespace steward::detail {

/// While it lives, a cancellation of the calling thread (pthread_cancel(3)) has to wait. So the calls of this library
/// are no cancellation points, as those of a mutex are not: whoever reads for all threads would leave them without a
/// reader, and from unlock() nothing may be thrown.
class Uncancelled {
  public:
    Uncancelled() noexcept { ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
    Uncancelled(const Uncancelled&) = delete;
    Uncancelled& operator=(const Uncancelled&) = delete;
    ~Uncancelled() { ::pthread_setcancelstate(before_, nullptr); }

  private:
    int before_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace steward::detail
