#include "proto/frame_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <msgpack.hpp>

#include "proto/reader.hpp"

namespace steward::proto {
namespace {

struct NoReferences {
    void operator()(char*) const {}
};

/// Counts depth and elements; refuses to go on where a limit is broken.
struct LimitVisitor : msgpack::null_visitor {
    FrameLimits limits;
    std::uint32_t depth = 0;
    std::uint64_t announced = 0;
    const char* broken = nullptr;

    void init() {
        depth = 0;
        announced = 0;
        broken = nullptr;
    }
    bool start_array(std::uint32_t elements) { return enter(elements); }
    bool start_map(std::uint32_t pairs) { return enter(std::uint64_t{pairs} * 2); }
    bool end_array() { return leave(); }
    bool end_map() { return leave(); }

    bool enter(std::uint64_t elements) {
        announced += elements;
        if (announced > limits.elements)
            broken = "the frame holds too many elements";
        else if (++depth > limits.depth)
            broken = "the frame is nested too deeply";
        return broken == nullptr;
    }
    bool leave() {
        --depth;
        return true;
    }
};

}  // namespace

/// msgpack's parser, of which only the walking is used: the bytes stay in the FrameBuffer.
class FrameBuffer::Walker : public msgpack::parser<FrameBuffer::Walker, NoReferences> {
  public:
    explicit Walker(FrameLimits limits) : parser(no_references_, 0) {
        visitor_.limits = limits;
        init();
    }

    LimitVisitor& visitor() { return visitor_; }

  private:
    NoReferences no_references_;
    LimitVisitor visitor_;
};

FrameBuffer::FrameBuffer(FrameLimits limits) : walker_(std::make_unique<Walker>(limits)) {}
FrameBuffer::~FrameBuffer() = default;
FrameBuffer::FrameBuffer(FrameBuffer&&) noexcept = default;
FrameBuffer& FrameBuffer::operator=(FrameBuffer&&) noexcept = default;

void FrameBuffer::expect_to_fit(std::string_view frame, const FrameLimits& limits) {
    if (frame.size() > limits.bytes)
        throw FrameTooLarge("it has " + std::to_string(frame.size()) + " bytes, and at most " +
                            std::to_string(limits.bytes) + " are taken");
    if (frame.size() <= limits.elements)
        return;  // each has a byte at least
    Walker walker(limits);
    std::size_t walked = 0;
    if (walker.execute(frame.data(), frame.size(), walked) == msgpack::PARSE_STOP_VISITOR)
        throw FrameTooLarge(walker.visitor().broken);
}

std::span<char> FrameBuffer::room(std::size_t bytes) {
    if (begin_ == end_)
        begin_ = walked_ = end_ = 0;
    if (capacity_ - end_ < bytes) {
        const auto pending = end_ - begin_;
        if (capacity_ < pending + bytes) {
            const auto capacity = std::max(pending + bytes, pending * 2);
            auto larger = std::make_unique_for_overwrite<char[]>(capacity);
            if (pending > 0)
                std::memcpy(larger.get(), bytes_.get() + begin_, pending);
            bytes_ = std::move(larger);
            capacity_ = capacity;
        } else {
            std::memmove(bytes_.get(), bytes_.get() + begin_, pending);
        }
        walked_ -= begin_;
        end_ = pending;
        begin_ = 0;
    }
    return {bytes_.get() + end_, capacity_ - end_};
}

void FrameBuffer::received(std::size_t bytes) {
    end_ += bytes;
}

std::optional<std::string_view> FrameBuffer::next() {
    if (walked_ == end_)
        return std::nullopt;
    const auto limit = walker_->visitor().limits.bytes;
    const auto outcome = walker_->execute(bytes_.get(), end_, walked_);
    if (outcome == msgpack::PARSE_STOP_VISITOR)
        throw FrameTooLarge(walker_->visitor().broken);
    if (outcome != msgpack::PARSE_CONTINUE && outcome != msgpack::PARSE_SUCCESS)
        throw Malformed("the frame holds a byte that MessagePack reserves");
    const bool whole = outcome == msgpack::PARSE_SUCCESS;
    if ((whole ? walked_ : end_) - begin_ > limit)
        throw FrameTooLarge("the frame is larger than " + std::to_string(limit) + " bytes");
    if (!whole)
        return std::nullopt;
    const std::string_view frame(bytes_.get() + begin_, walked_ - begin_);
    begin_ = walked_;
    walker_->init();
    return frame;
}

bool FrameBuffer::in_mid_frame() const {
    return begin_ != end_;
}

void FrameBuffer::rest() {
    constexpr std::size_t kept_bytes = 8192;
    if (in_mid_frame() || capacity_ <= kept_bytes)
        return;
    bytes_.reset();
    capacity_ = begin_ = walked_ = end_ = 0;
}

}  // namespace steward::proto
