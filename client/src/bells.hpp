#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

#include "shared/unique_fd.hpp"

namespace steward::detail {

/// The bells that this process may ring: an eventfd of each session that waits for what this one has released. Each is
/// asked for when it is missed for the first time, and that is not waited for.
///
/// Thread-safe.
class Bells {
  public:
    /// Beyond so many all are forgotten, and asked for again.
    static constexpr std::size_t most_bells = 64;

    enum class Ring : std::uint8_t {
        done,
        unknown,  ///< it is to be asked for
        missing   ///< it has been asked for
    };
    /// Wakes who listens to it.
    Ring ring(std::uint32_t bell) noexcept;

    /// No descriptor: there is no such bell. Throws std::bad_alloc.
    void add(std::uint32_t bell, shared::UniqueFd);
    void forget_all() noexcept;

    /// The same where the numbers of the descriptors may be other files' by now.
    void disown_all() noexcept;

  private:
    std::mutex mutex_;
    std::map<std::uint32_t, shared::UniqueFd> bells_;  ///< by number; under mutex_
};

}  // namespace steward::detail
