#include "proto/dump.hpp"

#include <cstring>
#include <optional>

#include "proto/frame_buffer.hpp"

namespace steward::proto::dump {
namespace {

/// A value came into the daemon in a frame, two arrays deep. In a record it is one deeper, and the record's own
/// elements come to it.
constexpr FrameLimits limits{.bytes = std::size_t{1} << 30, .depth = 65, .elements = (1U << 20) + 16};

void check_whole(std::string_view record) {
    FrameBuffer frames(limits);
    const auto room = frames.room(record.size());
    record.copy(room.data(), record.size());
    frames.received(record.size());
    try {
        if (const auto frame = frames.next(); !frame || frame->size() != record.size())
            throw Malformed("the record is not one whole value");
    } catch (const FrameTooLarge& error) {
        throw Malformed(error.what());
    }
}

}  // namespace

RecordKind checked_kind(std::string_view record) {
    check_whole(record);
    Reader reader(record);
    if (reader.array() != 2)
        throw Malformed("a record has two elements");
    const auto kind = reader.unsigned_integer();
    if (kind > static_cast<std::uint64_t>(RecordKind::forget))
        throw Malformed("there is no record of kind " + std::to_string(kind));
    return static_cast<RecordKind>(kind);
}

}  // namespace steward::proto::dump
