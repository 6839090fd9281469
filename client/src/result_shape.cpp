#include "client/src/result_shape.hpp"

#include "proto/reader.hpp"

namespace steward::detail {

std::optional<Any> value_in(ClientOf from, proto::Packed result, ResultShape shape) {
    if (shape == ResultShape::nothing)
        return std::nullopt;
    try {
        proto::Reader reader(result.bytes);
        reader.array();
        if (shape == ResultShape::found && !reader.boolean())
            return std::nullopt;
        return unpack(from, reader.packed());
    } catch (const proto::Malformed& malformed) {
        throw Error(errc::protocol_error, malformed.what());
    }
}

}  // namespace steward::detail
