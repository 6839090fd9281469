#pragma once

#include <cstdint>
#include <optional>

namespace steward {

/// A slice as in Python: list[start:stop:step]. What is left empty is the end where the step begins, or the other one.
///
///     list.get_slice({.start = -10});            // the last ten: list[-10:]
///     list.get_slice({.step = -1});              // backwards:    list[::-1]
struct Slice {
    std::optional<std::int64_t> start = {};  ///< the first index
    std::optional<std::int64_t> stop = {};   ///< the first index that is no longer in it
    std::int64_t step = 1;                   ///< from each index to the next; not 0
};

}  // namespace steward
