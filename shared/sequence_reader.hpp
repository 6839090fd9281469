#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "shared/object_view.hpp"

namespace steward::shared {

/// What a Sequence holds, read without a lock (object_view.hpp).
class SequenceReader {
  public:
    explicit SequenceReader(const ObjectView& object) noexcept : object_(object) {}

    Readout<std::uint64_t> size() const;
    /// Appends the item at `index`; a negative one counts from the end, as in Python.
    Reading at(std::int64_t index, std::string& value) const;
    /// Appends all items, one behind the other, and says how many; undecided where they are more than `most_bytes`.
    Readout<std::uint64_t> copy(std::string& values, std::size_t most_bytes = most_copied_bytes) const;

  private:
    ObjectView object_;
};

}  // namespace steward::shared
