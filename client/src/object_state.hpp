#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <steward/error.hpp>
#include <steward/manager.hpp>
#include <steward/object.hpp>

#include "client/src/client.hpp"
#include "proto/object.hpp"

namespace steward::detail {

/// What a proxy is: an object's number, and the way to the daemon.
struct ObjectState {
    std::shared_ptr<Client> client;
    std::uint64_t id = 0;
    ObjectType type = ObjectType::lock;
    std::string name;
};

/// The state behind a proxy.
struct StateOf {
    const std::shared_ptr<const ObjectState>& state;

    explicit StateOf(const Object& object) noexcept : state(object.state_) {}
};

/// Throws the error again, with the object's name in what() if it is not there yet.
[[noreturn]] void throw_with_name(const Error& error, std::string_view name);

/// Sends a request about the object and blocks until its reply is there. Throws Error with the object's name.
template <proto::Message M>
Reply<M> ask(const ObjectState& object, const M& message) {
    try {
        return object.client->connection().call(message);
    } catch (const Error& error) {
        throw_with_name(error, object.name);
    }
}

template <class Options>
proto::Open as_proto(std::string_view name, const Options& options) {
    return {.name = name,
            .open_mode = static_cast<proto::OpenMode>(options.open_mode),
            .mode = options.mode,
            .ephemeral = options.ephemeral};
}

/// Opens an object by name; `message` is its type's Open.
template <proto::Message M>
std::shared_ptr<const ObjectState> open(const Manager& manager, ObjectType type, const M& message) {
    ObjectState state{manager.client(), 0, type, std::string(message.open.name)};
    state.id = ask(state, message)->object;
    return std::make_shared<const ObjectState>(std::move(state));
}

}  // namespace steward::detail
