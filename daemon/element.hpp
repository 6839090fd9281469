#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "proto/packed.hpp"

namespace steward::daemon {

/// The elements of an array between MessagePack and the bytes that are kept, which are those of the C++ type that the
/// typecode (one of shared::element_bytes) stands for, in the byte order of the machine.

/// Appends the value as bytes. Integers are for integers, any number is for f and d. Throws Refusal: type_mismatch for
/// any other kind, out_of_range for a number that does not fit; `array` names the array in it.
void append_bytes(std::string& bytes, char typecode, proto::Packed value, std::string_view array);

/// Appends the element as MessagePack.
void append_packed(std::string& packed, char typecode, std::span<const std::byte> element);

}  // namespace steward::daemon
