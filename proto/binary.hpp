#pragma once

#include <string>

#include "proto/codec.hpp"

namespace steward::proto {

/// Bytes that a message carries as they are; what they mean is not the business of whoever passes them on.
struct Binary {
    std::string bytes;
};

template <>
struct Codec<Binary> {
    static void encode(Writer& writer, const Binary& value) { writer.binary(value.bytes); }
    static Binary decode(Reader& reader) { return {std::string(reader.binary())}; }
};

}  // namespace steward::proto
