#pragma once

#include <cstddef>
#include <string>

#include "shared/object_view.hpp"
#include "shared/typed_array.hpp"

namespace steward::shared {

/// What a TypedArray holds, read without a lock (object_view.hpp).
class TypedArrayReader {
  public:
    explicit TypedArrayReader(const ObjectView& object) noexcept : object_(object) {}

    Readout<ArrayShape> shape() const;
    /// Appends the bytes of `count` elements from `first` on; missing where there are not so many.
    Readout<ArrayShape> elements(std::size_t first, std::size_t count, std::string& bytes) const;
    /// Appends the bytes of all elements; undecided where they are more than `most_bytes`.
    Readout<ArrayShape> copy(std::string& bytes, std::size_t most_bytes = most_copied_bytes) const;

  private:
    ObjectView object_;
};

}  // namespace steward::shared
