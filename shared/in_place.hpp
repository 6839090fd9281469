#pragma once

#include <cstddef>

namespace steward::shared {

/// Whether a value replaces another in its block, of which it `needs` so much of the `room`.
constexpr bool is_worth_replacing_in_place(std::size_t value_size, std::size_t needs, std::size_t room) noexcept {
    // A value that leaves more of its block unused than this gets a smaller one.
    constexpr std::size_t most_slack_bytes = 256;
    // Above, replacing in place would take more of the undo log than a new block costs.
    constexpr std::size_t most_in_place_bytes = 1024;
    return value_size <= most_in_place_bytes && needs <= room && room - needs <= most_slack_bytes;
}

}  // namespace steward::shared
