#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/message.hpp"
#include "shared/unique_fd.hpp"

namespace steward::bench {

/// A session that speaks the protocol by itself: for thousands of sessions, and for requests by the million.
class WireSession {
  public:
    /// Connects and opens the session. Throws std::system_error, std::runtime_error.
    explicit WireSession(const std::filesystem::path& socket);

    /// Sends request(0), request(1), ... up to `count`, many at a time. Throws std::runtime_error where one is refused.
    template <class MakeRequest>
    void call_many(std::size_t count, MakeRequest request) {
        for (std::size_t done = 0; done < count;) {
            const auto size = std::min(count - done, at_a_time);
            for (std::size_t i = 0; i < size; ++i)
                proto::encode_request(outgoing_, ++last_id_, request(done + i));
            exchange(size);
            done += size;
        }
    }

  private:
    static constexpr std::size_t at_a_time = 256;

    /// Sends what is encoded and takes that many replies.
    void exchange(std::size_t replies);
    void take_reply();

    shared::UniqueFd socket_;
    std::uint64_t last_id_ = 0;
    std::string outgoing_;
    proto::FrameBuffer frames_;
};

/// A string as a MessagePack value.
std::string packed(std::string_view text);

}  // namespace steward::bench
