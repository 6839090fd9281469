#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "proto/binary.hpp"
#include "proto/deadlock.hpp"
#include "proto/lock_order.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/session.hpp"
#include "proto/several.hpp"
#include "proto/transaction.hpp"
#include "proto/watch.hpp"

namespace steward::proto {

/// What PROTOCOL.md calls a type of field. A type that has no name here does not compile.
template <class T>
struct WireType;

template <class T>
std::string wire_type() {
    return WireType<T>::name();
}

template <>
struct WireType<bool> {
    static std::string name() { return "boolean"; }
};

template <std::integral T>
struct WireType<T> {
    static std::string name() { return (std::signed_integral<T> ? "i" : "u") + std::to_string(sizeof(T) * 8); }
};

template <class T>
    requires std::is_enum_v<T>
struct WireType<T> : WireType<std::underlying_type_t<T>> {};

template <class T>
    requires std::same_as<T, std::string> || std::same_as<T, std::string_view>
struct WireType<T> {
    static std::string name() { return "string"; }
};

template <>
struct WireType<Binary> {
    static std::string name() { return "binary"; }
};

template <>
struct WireType<Packed> {
    static std::string name() { return "value"; }
};

template <class T>
struct WireType<std::optional<T>> {
    static std::string name() { return wire_type<T>() + " or nil"; }
};

template <class T>
struct WireType<std::vector<T>> {
    static std::string name() { return "array of " + wire_type<T>(); }
};

template <class First, class Second>
struct WireType<std::pair<First, Second>> {
    static std::string name() { return "[" + wire_type<First>() + ", " + wire_type<Second>() + "]"; }
};

template <>
struct WireType<Open> {
    static std::string name() { return "Open"; }
};

template <>
struct WireType<Opened> {
    static std::string name() { return "Opened"; }
};

template <>
struct WireType<AgentInfo> {
    static std::string name() { return "AgentInfo"; }
};

template <>
struct WireType<ObjectInfo> {
    static std::string name() { return "ObjectInfo"; }
};

template <>
struct WireType<Abandonment> {
    static std::string name() { return "Abandonment"; }
};

template <>
struct WireType<SessionInfo> {
    static std::string name() { return "SessionInfo"; }
};

template <>
struct WireType<object::Part> {
    static std::string name() { return "Part"; }
};

template <>
struct WireType<object::PartGrant> {
    static std::string name() { return "PartGrant"; }
};

template <>
struct WireType<DeadlockStep> {
    static std::string name() { return "DeadlockStep"; }
};

template <>
struct WireType<Deadlock> {
    static std::string name() { return "Deadlock"; }
};

template <>
struct WireType<transaction::Condition> {
    static std::string name() { return "Condition"; }
};

template <>
struct WireType<transaction::Operation> {
    static std::string name() { return "Operation"; }
};

template <>
struct WireType<Change> {
    static std::string name() { return "Change"; }
};

template <>
struct WireType<LockOrder> {
    static std::string name() { return "LockOrder"; }
};

}  // namespace steward::proto
