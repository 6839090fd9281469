// Any bytes, in any pieces, as what a connection receives: the frames do not depend on the pieces, none breaks a limit,
// and each of them is an envelope or is refused.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace steward;

constexpr proto::FrameLimits limits{.bytes = 4096, .depth = 16, .elements = 256};

struct Received {
    std::vector<std::string> frames;
    bool refused = false;  ///< the connection ends behind them
    bool operator==(const Received&) const = default;
};

template <class F>
void refuse_malformed(F&& decode) {
    try {
        decode();
    } catch (const proto::Malformed&) {
    }
}

void open_envelope(std::string_view frame) {
    refuse_malformed([=] { proto::kind_of(frame); });
    refuse_malformed([=] { proto::decode_request(frame); });
    refuse_malformed([=] { proto::decode_response(frame); });
    refuse_malformed([=] { proto::decode_notification(frame); });
}

/// `next_piece` says how many bytes come at once.
template <class F>
Received receive(std::string_view bytes, F&& next_piece) {
    proto::FrameBuffer buffer(limits);
    Received received;
    try {
        while (!bytes.empty()) {
            const auto piece = bytes.substr(0, next_piece());
            bytes.remove_prefix(piece.size());
            piece.copy(buffer.room(piece.size()).data(), piece.size());
            buffer.received(piece.size());
            while (const auto frame = buffer.next())
                received.frames.emplace_back(*frame);
            buffer.rest();
        }
    } catch (const proto::Malformed&) {
        received.refused = true;
    } catch (const proto::FrameTooLarge&) {
        received.refused = true;
    }
    return received;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    fuzz::Input input(bytes, size);
    fuzz::Input pieces = input;
    const auto whole = receive(input.rest(), [=] { return size; });
    const auto stream = std::string_view(reinterpret_cast<const char*>(bytes), size);
    const auto in_pieces = receive(stream, [&] { return pieces.below(64) + 1; });
    if (whole.frames != in_pieces.frames || whole.refused != in_pieces.refused)
        std::abort();
    for (const auto& frame : whole.frames) {
        if (frame.size() > limits.bytes)
            std::abort();
        open_envelope(frame);
    }
    return 0;
}
