#pragma once

#include <chrono>

namespace steward::detail {

/// The duration in nanoseconds, rounded up, so that nobody is told of a time-out early. Negative becomes 0 (do not
/// wait); what is too long for 64 bits becomes the longest there is (292 years).
template <class Rep, class Period>
constexpr std::chrono::nanoseconds timeout_from(std::chrono::duration<Rep, Period> duration) {
    using Seconds = std::chrono::duration<long double>;
    using std::chrono::nanoseconds;
    if (!(duration > duration.zero()))
        return nanoseconds::zero();
    if (Seconds(duration) >= Seconds(nanoseconds::max()))
        return nanoseconds::max();
    return std::chrono::ceil<nanoseconds>(duration);
}

/// The time left until `deadline` by its own clock. A clock that is set while somebody waits does not move the end of
/// the wait.
template <class Clock, class Duration>
std::chrono::nanoseconds timeout_until(const std::chrono::time_point<Clock, Duration>& deadline) {
    using Seconds = std::chrono::duration<long double>;  // its mantissa holds any count of nanoseconds
    return timeout_from(Seconds(deadline.time_since_epoch()) - Seconds(Clock::now().time_since_epoch()));
}

/// What is left of a time-out since it was set, for operations that wait more than once.
class Countdown {
  public:
    explicit Countdown(std::chrono::nanoseconds timeout) : timeout_(timeout) {}

    /// Never negative.
    std::chrono::nanoseconds operator()() const {
        const auto passed = std::chrono::steady_clock::now() - begin_;
        return passed < timeout_ ? timeout_ - passed : std::chrono::nanoseconds::zero();
    }

  private:
    std::chrono::nanoseconds timeout_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace steward::detail
