#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <steward/error.hpp>
#include <steward/manager.hpp>
#include <steward/object.hpp>

#include "client/src/client.hpp"
#include "client/src/process.hpp"
#include "proto/object.hpp"
#include "shared/object_view.hpp"

namespace steward::detail {

/// What a proxy is: an object's number, and the way to the daemon.
struct ObjectState {
    std::shared_ptr<Client> client;
    std::uint64_t id = 0;
    ObjectType type = ObjectType::lock;
    std::string name;

    /// The word, for the process that opened the object (its generation, its session); null: the daemon is asked.
    shared::WordLine* word = nullptr;
    std::uint64_t generation = 0;
    std::uint32_t session = 0;

    /// How it is read without asking; nothing: it is not.
    std::optional<shared::ObjectView> view;
    const std::atomic<std::size_t>* pipelined = nullptr;  ///< operations under way that a read must not overtake

    bool is_readable() const noexcept { return view && pipelined->load(std::memory_order_acquire) == 0; }
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

/// Where the daemon lets this process read the object from memory, it will.
void share_memory(ObjectState& object) noexcept;

/// The session may use the word in this line without asking.
void share_word(ObjectState& object, std::uint32_t line) noexcept;

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
    const auto opened = ask(state, message);
    state.id = opened->object;
    share_memory(state);
    if constexpr (requires { opened->word; })
        if (opened->word != 0)
            share_word(state, opened->word);
    return std::make_shared<const ObjectState>(std::move(state));
}

}  // namespace steward::detail
