#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace steward::fuzz {

/// The bytes of one run, taken from their beginning as whatever the fuzzer asks for; zeros behind their end.
class Input {
  public:
    Input(const std::uint8_t* bytes, std::size_t size) : left_(reinterpret_cast<const char*>(bytes), size) {}

    bool empty() const { return left_.empty(); }

    template <class T>
    T number() {
        T taken{};
        const auto part = bytes(sizeof(T));
        std::memcpy(&taken, part.data(), part.size());
        return taken;
    }

    /// 0 <= number < `end`
    std::size_t below(std::size_t end) {
        return end <= 256 ? number<std::uint8_t>() % end : number<std::uint32_t>() % end;
    }

    std::string_view bytes(std::size_t most) {
        const auto part = left_.substr(0, std::min(most, left_.size()));
        left_.remove_prefix(part.size());
        return part;
    }
    std::string_view rest() { return bytes(left_.size()); }

  private:
    std::string_view left_;
};

}  // namespace steward::fuzz
