#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

namespace steward::proto {

/// What a peer may send in one frame. A frame that breaks a limit is refused before memory is taken for it.
struct FrameLimits {
    std::size_t bytes = std::size_t{16} << 20;
    std::uint32_t depth = 64;          ///< arrays and maps within each other
    std::uint32_t elements = 1 << 20;  ///< of one frame in all
};

/// The frame breaks a limit; the connection that it came over has to end, since nobody knows where the next one begins.
class FrameTooLarge : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Cuts a stream of bytes into frames of one MessagePack value each, whatever pieces the bytes come in. Every byte is
/// walked once, and nothing is built from it, so a frame that comes in many pieces costs no more than one that
/// comes whole.
///
///     auto room = frames.room(4096);
///     frames.received(read(fd, room.data(), room.size()));
///     while (auto frame = frames.next()) ...
///
/// Not thread-safe.
class FrameBuffer {
  public:
    explicit FrameBuffer(FrameLimits limits = {});

    /// Throws FrameTooLarge where one has more bytes or elements than a peer with these limits takes.
    static void expect_to_fit(std::string_view frame, const FrameLimits& limits);

    ~FrameBuffer();
    FrameBuffer(FrameBuffer&&) noexcept;
    FrameBuffer& operator=(FrameBuffer&&) noexcept;

    /// Room for at least `bytes` more; ends the life of every frame that next() gave.
    std::span<char> room(std::size_t bytes);

    /// `bytes` at the beginning of the room have been filled.
    void received(std::size_t bytes);

    /// The next whole frame, or nothing until more is received. It lives until room() is called.
    /// Throws Malformed (reader.hpp) for bytes that are no MessagePack and FrameTooLarge.
    std::optional<std::string_view> next();

    /// Whether a frame has begun and not ended.
    bool in_mid_frame() const;

    /// Gives back the memory, if it is large and nothing is under way. Ends the life of every frame that next() gave.
    void rest();

  private:
    class Walker;

    std::unique_ptr<Walker> walker_;
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;   ///< where the frame under way begins
    std::size_t walked_ = 0;  ///< up to where it has been walked
    std::size_t end_ = 0;     ///< behind the last byte received
};

}  // namespace steward::proto
