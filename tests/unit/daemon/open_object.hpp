#pragma once

#include <type_traits>
#include <vector>

#include "proto/catalogue.hpp"
#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {

/// The message that opens objects of a type: the first of its list of messages.
template <proto::ObjectType type>
struct OpenMessage;

template <>
struct OpenMessage<proto::ObjectType::lock> : std::type_identity<proto::lock::Open> {};
template <>
struct OpenMessage<proto::ObjectType::semaphore> : std::type_identity<proto::semaphore::Open> {};
template <>
struct OpenMessage<proto::ObjectType::event> : std::type_identity<proto::event::Open> {};
template <>
struct OpenMessage<proto::ObjectType::list> : std::type_identity<proto::list::Open> {};
template <>
struct OpenMessage<proto::ObjectType::dict> : std::type_identity<proto::dict::Open> {};
template <>
struct OpenMessage<proto::ObjectType::value> : std::type_identity<proto::value::Open> {};
template <>
struct OpenMessage<proto::ObjectType::rlock> : std::type_identity<proto::rlock::Open> {};
template <>
struct OpenMessage<proto::ObjectType::rwlock> : std::type_identity<proto::rwlock::Open> {};
template <>
struct OpenMessage<proto::ObjectType::bounded_semaphore> : std::type_identity<proto::bounded_semaphore::Open> {};
template <>
struct OpenMessage<proto::ObjectType::condition> : std::type_identity<proto::condition::Open> {};
template <>
struct OpenMessage<proto::ObjectType::barrier> : std::type_identity<proto::barrier::Open> {};
template <>
struct OpenMessage<proto::ObjectType::queue> : std::type_identity<proto::queue::Open> {};

template <>
struct OpenMessage<proto::ObjectType::name_space> : std::type_identity<proto::name_space::Open> {};
template <>
struct OpenMessage<proto::ObjectType::array> : std::type_identity<proto::array::Open> {};
template <>
struct OpenMessage<proto::ObjectType::set> : std::type_identity<proto::set::Open> {};

/// The types whose objects have names: all but processes.
inline std::vector<proto::ObjectTypeName> named_types() {
    std::vector<proto::ObjectTypeName> types(proto::object_types.begin(), proto::object_types.end());
    std::erase_if(types, [](const auto& entry) { return entry.type == proto::ObjectType::process; });
    return types;
}

/// Calls `use` with the message that opens the object, of whatever type that is.
template <std::size_t... index>
void with_open_message(proto::ObjectType type, const proto::Open& open, auto use, std::index_sequence<index...>) {
    const auto use_if_type = [&]<std::size_t i>() {
        constexpr auto candidate = proto::object_types[i].type;
        if constexpr (candidate != proto::ObjectType::process) {
            if (candidate != type)
                return;
            typename OpenMessage<candidate>::type message;
            message.open = open;
            use(message);
        }
    };
    (use_if_type.template operator()<index>(), ...);
}

inline proto::Opened open_object(Client& client, proto::ObjectType type, const proto::Open& open) {
    proto::Opened opened;
    with_open_message(
        type, open,
        [&](const auto& message) {
            const auto result = client.call(message);
            opened = {.object = result.object, .created = result.created};
        },
        std::make_index_sequence<proto::object_types.size()>{});
    return opened;
}

inline std::optional<proto::Errc> open_refusal(Client& client, proto::ObjectType type, const proto::Open& open) {
    std::optional<proto::Errc> refusal;
    with_open_message(
        type, open, [&](const auto& message) { refusal = client.refusal(message); },
        std::make_index_sequence<proto::object_types.size()>{});
    return refusal;
}

}  // namespace steward::daemon
