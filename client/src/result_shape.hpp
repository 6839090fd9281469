#pragma once

#include <cstdint>
#include <optional>

#include <steward/any.hpp>

#include "client/src/packed_any.hpp"
#include "proto/packed.hpp"

namespace steward::detail {

/// Where an operation's value stands in its result.
enum class ResultShape : std::uint8_t {
    nothing,
    first,  ///< the first field
    found,  ///< the second field, if the first, a bool, says so
};

/// Throws protocol_error where the result is not of that shape.
std::optional<Any> value_in(ClientOf from, proto::Packed result, ResultShape shape);

}  // namespace steward::detail
