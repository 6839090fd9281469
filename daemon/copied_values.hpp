#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/object.hpp"
#include "daemon/object_class.hpp"
#include "daemon/preparation.hpp"

namespace steward::daemon {

/// The result of a request for all values of a container, encoded: an array of one field, which is the array of them.
class CopiedValues final : public Preparation {
  public:
    /// What is copied of the values that the object's class shows (ObjectClass::visit_values): all, each for itself or
    /// two by two, or every second one.
    enum class Part : std::uint8_t { each, pairs, firsts, seconds };

    /// `size`: how many elements the array has.
    CopiedValues(const Object&, std::size_t size, Part = Part::each);

    bool go_on() override;

    std::string take() { return std::move(result_); }

  private:
    void take(std::string_view value);

    Object object_;
    Part part_;
    std::size_t size_;
    ValueCursor cursor_;
    bool is_second_ = false;
    std::string result_;
};

}  // namespace steward::daemon
