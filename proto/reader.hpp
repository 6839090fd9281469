#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "proto/packed.hpp"

namespace steward::proto {

/// The bytes do not hold what the reader was asked for. `what()` names what was expected.
class Malformed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// One MessagePack element: a scalar with its value, or the head of an array or map with its length.
struct Element {
    enum class Kind : std::uint8_t { nil, boolean, positive, negative, real, string, binary, array, map, extension };

    Kind kind = Kind::nil;
    bool boolean = false;
    std::uint64_t positive = 0;  ///< of an integer that is not negative
    std::int64_t negative = 0;   ///< of an integer below zero
    double real = 0;
    std::string_view bytes = {};  ///< of a string, binary or extension (its type byte first)
    std::uint32_t size = 0;       ///< elements of an array, pairs of a map
};

/// Reads MessagePack element by element and takes no memory in proportion to what the bytes announce.
/// Every read throws Malformed where the next element is of another kind or cut short.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    bool at_end() const { return position_ == bytes_.size(); }
    std::size_t position() const { return position_; }
    std::size_t bytes_left() const { return bytes_.size() - position_; }

    Element next();
    Element peek() const;

    bool next_is_nil() const;
    void nil();
    bool boolean();
    std::int64_t integer();
    std::uint64_t unsigned_integer();
    double real();  ///< an integer counts as a real number too
    std::string_view string();
    std::string_view binary();
    std::size_t array();
    std::size_t map();
    Packed packed();  ///< one whole value, whatever it is
    Packed rest();    ///< all that is left, where the caller knows that it is one whole value
    void skip() { packed(); }

  private:
    std::string_view bytes_;
    std::size_t position_ = 0;
};

}  // namespace steward::proto
