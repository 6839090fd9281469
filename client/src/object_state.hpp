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
#include <steward/reference.hpp>
#include <steward/word_path.hpp>

#include "client/src/client.hpp"
#include "client/src/process.hpp"
#include "client/src/uses.hpp"
#include "proto/object.hpp"
#include "shared/object_view.hpp"

namespace steward::detail {

/// What a proxy is: an object's number, and the way to the daemon.
struct ObjectState {
    std::shared_ptr<Client> client;
    std::uint64_t id = 0;
    ObjectType type = ObjectType::lock;
    std::string name;
    std::shared_ptr<Use> use = {};  ///< nullptr: something else keeps the object

    mutable WordPath word = {};  ///< as it was found first in this process; proxies have it from here

    /// How it is read without asking; nothing: it is not.
    std::optional<shared::ObjectView> view;
    const std::atomic<std::size_t>* pipelined = nullptr;  ///< operations under way that a read must not overtake

    bool is_readable() const noexcept { return view && pipelined->load(std::memory_order_acquire) == 0; }
};

/// The state behind a proxy or a reference.
struct StateOf {
    const std::shared_ptr<const ObjectState>& state;

    explicit StateOf(const Object& object) noexcept : state(object.state_) {}
    explicit StateOf(const Reference& reference) noexcept : state(reference.state_) {}

    static Reference refer(std::shared_ptr<const ObjectState> state) noexcept { return Reference(std::move(state)); }
};

/// "list 'jobs'", or "list #4711" where the name is not known.
std::string title(const ObjectState& object);

/// "'jobs'", or "list #4711" where the name is not known.
std::string called(const ObjectState& object);

/// Throws invalid_argument: the object cannot be used with those of another Manager.
[[noreturn]] void throw_other_manager(const ObjectState& object);

/// Throws type_mismatch.
[[noreturn]] void throw_wrong_type(ObjectType expected, ObjectType found);

/// Throws the error again, with the object's name in what() if it is not there yet.
[[noreturn]] void throw_with_name(const Error& error, std::string_view name);

/// Sends a request about the object and blocks until its reply is there. Throws Error with the object's name.
template <proto::Message M>
Reply<M> ask(const ObjectState& object, const M& message) {
    try {
        return object.client->call(message);
    } catch (const Error& error) {
        throw_with_name(error, object.name);
    }
}

/// The same of a request that may wait, until that deadline, or until what it waits for was there when the bell rang.
template <proto::Message M>
Reply<M> ask(const ObjectState& object, const M& message, Patience deadline, const HearsBell* hears) {
    try {
        return object.client->call_by(message, deadline, hears);
    } catch (const Error& error) {
        throw_with_name(error, object.name);
    }
}

/// Where the daemon lets this process read the object from memory, it will.
void share_memory(ObjectState& object) noexcept;

/// The session may use the word in this line without asking; 0: it may not.
void share_word(const ObjectState& object, std::uint32_t line) noexcept;

template <class Options>
proto::Open as_proto(ObjectName name, const Options& options) {
    return {.name = name.text(),
            .open_mode = static_cast<proto::OpenMode>(options.open_mode),
            .mode = options.mode,
            .ephemeral = options.ephemeral};
}

/// The daemon has opened the object and given a receipt for it.
inline void note_opened(ObjectState& state, std::uint64_t id) {
    auto& uses = state.client->uses();
    state.id = id;
    state.use = state.name.empty() ? uses.told(id) : uses.opened_by_name(id);
}

/// Opens an object, by name or a new one; `message` is its type's Open.
template <proto::Message M>
std::shared_ptr<const ObjectState> open(const Manager& manager, ObjectType type, const M& message) {
    ObjectState state{manager.client(), 0, type, std::string(message.open.name)};
    const auto opened = ask(state, message);
    note_opened(state, opened->object);
    share_memory(state);
    if constexpr (requires { opened->word; })
        share_word(state, opened->word);
    return std::make_shared<const ObjectState>(std::move(state));
}

}  // namespace steward::detail
