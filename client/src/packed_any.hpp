#pragma once

#include <string>
#include <utility>
#include <vector>

#include <steward/any.hpp>

#include "proto/packed.hpp"

namespace steward::detail {

/// Appends the value as MessagePack. Throws too_large where it is nested more deeply than the daemon accepts.
void pack(std::string& out, const Any& any);

/// Throws type_mismatch for an extension type, which this version does not know.
Any unpack(proto::Packed packed);
Any::Array unpack_all(const std::vector<proto::Packed>& packed);

/// A value as the messages take it.
class PackedAny {
  public:
    explicit PackedAny(const Any& any) { pack(bytes_, any); }
    operator proto::Packed() const noexcept { return {bytes_}; }

  private:
    std::string bytes_;
};

/// Several values, in one piece of memory.
class PackedArray {
  public:
    explicit PackedArray(const Any::Array& array);
    const std::vector<proto::Packed>& values() const noexcept { return values_; }

  private:
    std::string bytes_;
    std::vector<proto::Packed> values_;
};

class PackedMap {
  public:
    explicit PackedMap(const Any::Map& map);
    const std::vector<std::pair<proto::Packed, proto::Packed>>& items() const noexcept { return items_; }

  private:
    std::string bytes_;
    std::vector<std::pair<proto::Packed, proto::Packed>> items_;
};

}  // namespace steward::detail
