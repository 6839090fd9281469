#include "proto/writer.hpp"

#include <bit>
#include <cstdint>

#include <msgpack.hpp>

namespace steward::proto {
namespace {

struct Appender {
    std::string& out;
    void write(const char* bytes, std::size_t size) { out.append(bytes, size); }
};

auto pack_into(std::string& out, auto write) {
    Appender appender{out};
    msgpack::packer<Appender> packer(appender);
    write(packer);
}

std::uint32_t length(std::size_t size) {
    if (size > UINT32_MAX)
        throw std::length_error("a MessagePack element has at most 2^32 - 1 parts");
    return static_cast<std::uint32_t>(size);
}

}  // namespace

void Writer::nil() {
    pack_into(out_, [](auto& packer) { packer.pack_nil(); });
}

void Writer::boolean(bool value) {
    pack_into(out_, [&](auto& packer) { value ? packer.pack_true() : packer.pack_false(); });
}

void Writer::integer(std::int64_t value) {
    pack_into(out_, [&](auto& packer) { packer.pack_int64(value); });
}

void Writer::unsigned_integer(std::uint64_t value) {
    pack_into(out_, [&](auto& packer) { packer.pack_uint64(value); });
}

// Not packer.pack_double, which makes integers of whole numbers: 1.0 would come back as 1.
void Writer::real(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    out_.push_back('\xcb');
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        out_.push_back(static_cast<char>(bits >> (shift - 8)));
    }
}

void Writer::string(std::string_view value) {
    pack_into(out_, [&](auto& packer) { packer.pack_str(length(value.size())); });
    out_.append(value);
}

void Writer::binary(std::string_view value) {
    pack_into(out_, [&](auto& packer) { packer.pack_bin(length(value.size())); });
    out_.append(value);
}

void Writer::reference(Reference value) {
    out_.append(reference_head);
    out_.push_back(static_cast<char>(value.type));
    for (unsigned shift = 64; shift > 0; shift -= 8)
        out_.push_back(static_cast<char>(value.object >> (shift - 8)));
}

void Writer::array(std::size_t elements) {
    pack_into(out_, [&](auto& packer) { packer.pack_array(length(elements)); });
}

void Writer::map(std::size_t pairs) {
    pack_into(out_, [&](auto& packer) { packer.pack_map(length(pairs)); });
}

}  // namespace steward::proto
