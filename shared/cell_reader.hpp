#pragma once

#include <string>

#include "shared/object_view.hpp"

namespace steward::shared {

/// What a Cell holds, read without a lock (object_view.hpp).
class CellReader {
  public:
    explicit CellReader(const ObjectView& object) noexcept : object_(object) {}

    /// Appends the value.
    Reading get(std::string& value) const;

  private:
    ObjectView object_;
};

}  // namespace steward::shared
