#pragma once

#include <cstdint>

namespace steward::shared {

/// What owns and waits: a thread of a session. Session 0 is nobody.
struct Agent {
    std::uint32_t session = 0;
    std::uint32_t thread = 0;

    constexpr explicit operator bool() const noexcept { return session != 0; }
    friend constexpr bool operator==(Agent, Agent) noexcept = default;
};

}  // namespace steward::shared
