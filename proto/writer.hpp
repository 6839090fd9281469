#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/packed.hpp"
#include "proto/reference.hpp"

namespace steward::proto {

/// Appends MessagePack to a string, one element at a time, each in its shortest encoding.
class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) {}

    void nil();
    void boolean(bool value);
    void integer(std::int64_t value);
    void unsigned_integer(std::uint64_t value);
    void real(double value);
    void string(std::string_view value);
    void binary(std::string_view value);
    void array(std::size_t elements);
    void map(std::size_t pairs);
    void reference(Reference value);
    void packed(Packed value) { out_.append(value.bytes); }

  private:
    std::string& out_;
};

}  // namespace steward::proto
