#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shared/object_view.hpp"

namespace steward::shared {

/// What a Dict holds (of a Dict, a Namespace, a Set), read without a lock (object_view.hpp). Keys are valid ones
/// (proto::is_key).
class DictReader {
  public:
    explicit DictReader(const ObjectView& object) noexcept : object_(object) {}

    Readout<std::uint64_t> size() const;
    /// Appends the value, and says the version of the entry.
    Readout<std::uint64_t> find(std::string_view key, std::string& value) const;
    /// Puts the value somewhere into the room; undecided where it does not fit.
    Readout<std::string_view> find(std::string_view key, std::span<std::uint64_t> room) const noexcept;
    Reading contains(std::string_view key) const;
    /// Appends all keys and values in turn, in order of insertion, and says how many pairs; undecided where they are
    /// more than `most_bytes`.
    Readout<std::uint64_t> copy(std::string& pairs, std::size_t most_bytes = most_copied_bytes) const;

  private:
    ObjectView object_;
};

}  // namespace steward::shared
