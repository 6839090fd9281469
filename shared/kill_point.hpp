#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steward::shared {

/// The steps of the daemon at each of which it may die and nothing may be lost: of changes of memory, of the recovery
/// of it, and of requests. Tests have it die at each one that a request takes (tests/unit/daemon/kill_points_test.cpp);
/// what is shipped has none of it.
enum class KillPoint : std::uint8_t {
    mutation_began,
    object_is_changing,
    allocator_at_work,
    block_is_logged,
    block_is_owned,
    intents_are_written,
    word_is_swapped,
    log_is_full,
    before_commit,
    committed,
    rolled_back,
    result_is_recorded,
    blocks_are_freed,
    request_is_decoded,
    request_is_handled,
    waiter_is_granted,
    log_is_undone,
    fresh_block_is_discarded,
    copy_is_named,
    copy_is_found,
    copy_is_made,
    copy_is_recorded,
    session_is_taken_up,
    line_is_taken_up,
    connection_is_accepted,  // from here on: of the server, see first_of_server
    session_is_opened,
    session_is_resumed,
    session_is_answered,
    reply_is_due,
    reply_is_sent,
    count
};

/// From this one on they are reached by a daemon with a socket alone (tests/faults/kill_points_test.cpp).
inline constexpr auto first_of_server = static_cast<std::size_t>(KillPoint::connection_is_accepted);

/// As tests name them; in the order of the enumerators.
inline constexpr std::array<std::string_view, static_cast<std::size_t>(KillPoint::count)> kill_point_names{
    "mutation_began",
    "object_is_changing",
    "allocator_at_work",
    "block_is_logged",
    "block_is_owned",
    "intents_are_written",
    "word_is_swapped",
    "log_is_full",
    "before_commit",
    "committed",
    "rolled_back",
    "result_is_recorded",
    "blocks_are_freed",
    "request_is_decoded",
    "request_is_handled",
    "waiter_is_granted",
    "log_is_undone",
    "fresh_block_is_discarded",
    "copy_is_named",
    "copy_is_found",
    "copy_is_made",
    "copy_is_recorded",
    "session_is_taken_up",
    "line_is_taken_up",
    "connection_is_accepted",
    "session_is_opened",
    "session_is_resumed",
    "session_is_answered",
    "reply_is_due",
    "reply_is_sent"};

/// In memory that a test shares with the process that is to die.
struct KillPoints {
    std::atomic<std::uint64_t> steps_left{0};  ///< it dies at the step that makes it 0; 0: it lives
    std::atomic<std::uint64_t> first{0};       ///< the first point that counts as a step
    std::atomic<std::uint64_t> last{~std::uint64_t{0}};
    std::array<std::atomic<std::uint64_t>, kill_point_names.size()> reached{};
};

/// Null: nobody counts.
extern constinit KillPoints* kill_points;

/// Whether the daemon was built with its kill points (STEWARD_KILL_POINTS).
extern const bool has_kill_points;

void reach(KillPoint point) noexcept;

/// Counts in the memory of a descriptor whose number is in $STEWARD_KILL_POINTS, where the daemon was built so.
void share_kill_points();

#ifdef STEWARD_KILL_POINTS
inline void kill_point(KillPoint point) noexcept {
    if (kill_points != nullptr) [[unlikely]]
        reach(point);
}
#else
constexpr void kill_point(KillPoint /*point*/) noexcept {}
#endif

}  // namespace steward::shared
