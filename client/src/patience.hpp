#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "client/src/timeout_ns.hpp"
#include "proto/envelope.hpp"
#include "proto/message.hpp"
#include "proto/objects/barrier.hpp"
#include "proto/objects/condition.hpp"
#include "proto/objects/queue.hpp"

namespace steward::detail {

/// Until when a call with a time-out waits for a daemon that does not answer: one that is stopped, or away. Nothing:
/// for as long as it takes. A call without a time-out, or one that does not wait in the daemon, has none, and neither
/// has the wait for a condition, which returns with its lock.
using Patience = std::optional<std::chrono::steady_clock::time_point>;

/// So long after the deadline the reply is awaited of a daemon that has read the request just in time.
inline constexpr std::chrono::nanoseconds longest_way_of_a_reply(proto::most_delay_ns + 1'000'000);

template <proto::Message M>
inline constexpr bool obeys_its_deadline = requires(const M& message) { message.timeout_ns; };
template <>
inline constexpr bool obeys_its_deadline<proto::condition::Wait> = false;

/// What comes of it cannot be undone: what was put may have been got, and a barrier passed. So it is given up only
/// where it is certain that it has not happened, and will not.
template <proto::Message M>
inline constexpr bool stays = false;
template <>
inline constexpr bool stays<proto::queue::Put> = true;
template <>
inline constexpr bool stays<proto::barrier::Wait> = true;

/// That it is given up changes something for others, who must hear of it though it has not been sent.
template <proto::Message M>
inline constexpr bool is_missed = false;
template <>
inline constexpr bool is_missed<proto::barrier::Wait> = true;

/// The daemon has to hear that it is given up. Of the rest nothing is left to be done.
template <proto::Message M>
inline constexpr bool is_withdrawn = !stays<M> || is_missed<M>;

/// After that it is looked for again where that cannot be told.
inline constexpr std::chrono::milliseconds pause_before_another_look(1);

/// The deadline of a request with this time-out that is made now.
inline Patience deadline_after(std::optional<std::int64_t> timeout_ns) {
    constexpr std::int64_t longest_ns = std::int64_t{1} << 60;  // some 36 years: beyond it the clock would overflow
    if (!timeout_ns || *timeout_ns <= 0 || *timeout_ns > longest_ns)
        return std::nullopt;
    return std::chrono::steady_clock::now() + std::chrono::nanoseconds(*timeout_ns);
}

/// As a request says it: libstdc++'s steady_clock is CLOCK_MONOTONIC.
inline std::optional<std::uint64_t> on_the_wire(Patience deadline) {
    return deadline ? std::optional(static_cast<std::uint64_t>(deadline->time_since_epoch().count())) : std::nullopt;
}

inline Patience patience_until(Patience deadline) {
    return deadline ? Patience(*deadline + longest_way_of_a_reply) : std::nullopt;
}

inline bool is_over(Patience patience) {
    return patience && std::chrono::steady_clock::now() >= *patience;
}

}  // namespace steward::detail
