#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <steward/any.hpp>
#include <steward/manager.hpp>

#include "client/src/object_state.hpp"
#include "proto/packed.hpp"

namespace steward::detail {

/// By which Client a value goes to the daemon or comes from it.
struct ClientOf {
    const std::shared_ptr<Client>& client;

    ClientOf(const std::shared_ptr<Client>& own) noexcept : client(own) {}
    ClientOf(const Manager& manager) noexcept : client(manager.client()) {}
    ClientOf(const ObjectState& object) noexcept : client(object.client) {}
    ClientOf(const Object& object) noexcept : client(StateOf(object).state->client) {}
};

/// Appends the value as MessagePack. Throws too_large where it is nested more deeply than the daemon accepts,
/// invalid_argument where it refers to an object of another daemon.
void pack(std::string& out, ClientOf to, const Any& any);

/// While the reply lives that the value stands in, which keeps in use what it refers to. Throws type_mismatch for an
/// extension type that this version does not know.
Any unpack(ClientOf from, proto::Packed packed);
Any::Array unpack_all(ClientOf from, const std::vector<proto::Packed>& packed);

/// Appends the references in a value, at any depth: for a request that is sent later, when nothing else may keep in use
/// what it refers to.
void append_references(std::vector<Reference>& out, const Any& any);

/// A value as the messages take it.
class PackedAny {
  public:
    PackedAny(ClientOf to, const Any& any) { pack(bytes_, to, any); }
    operator proto::Packed() const noexcept { return {bytes_}; }

  private:
    std::string bytes_;
};

/// Several values, in one piece of memory.
class PackedArray {
  public:
    PackedArray(ClientOf to, const Any::Array& array);
    const std::vector<proto::Packed>& values() const noexcept { return values_; }

  private:
    std::string bytes_;
    std::vector<proto::Packed> values_;
};

class PackedMap {
  public:
    PackedMap(ClientOf to, const Any::Map& map);
    const std::vector<std::pair<proto::Packed, proto::Packed>>& items() const noexcept { return items_; }

  private:
    std::string bytes_;
    std::vector<std::pair<proto::Packed, proto::Packed>> items_;
};

}  // namespace steward::detail
