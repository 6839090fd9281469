#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <steward/any.hpp>
#include <steward/error.hpp>
#include <steward/export.hpp>

/// How the types of the language and of the standard library become an Any and come back. They are found as a user's
/// own overloads are: by argument-dependent lookup, because of the Any among the arguments.
namespace steward {

namespace detail {

[[noreturn]] STEWARD_API void throw_out_of_range(const Any& any);
[[noreturn]] STEWARD_API void throw_wrong_size(const Any& any, std::size_t expected);

template <class T>
concept Keyed = requires { typename T::mapped_type; } &&
                std::same_as<typename T::value_type, std::pair<const typename T::key_type, typename T::mapped_type>>;

template <class T>
inline constexpr bool is_type_identity = false;
template <class T>
inline constexpr bool is_type_identity<std::type_identity<T>> = true;

/// A T as an Any; of an Any itself it is a reference, without a copy.
template <class T>
decltype(auto) as_any(const T& value) {
    if constexpr (std::same_as<T, Any>) {
        return (value);
    } else {
        Any any;
        to_any(any, value);
        return any;
    }
}

/// An Any as a T, taking over its memory where that is possible.
template <class T>
T from(Any&& any) {
    if constexpr (std::same_as<T, Any>)
        return std::move(any);
    else if constexpr (std::same_as<T, std::string>)
        return std::move(any).string();
    else
        return any.template get<T>();
}

template <class T>
Any::Array as_array(const std::vector<T>& values) {
    Any::Array array;
    array.reserve(values.size());
    for (const auto& value : values)
        array.push_back(as_any<T>(value));
    return array;
}

template <class T>
std::vector<T> from_array(Any::Array array) {
    if constexpr (std::same_as<T, Any>) {
        return array;
    } else {
        std::vector<T> values;
        values.reserve(array.size());
        for (auto& item : array)
            values.push_back(from<T>(std::move(item)));
        return values;
    }
}

}  // namespace detail

/// What a value of C++ is as an Any, and the other way round. Throws type_mismatch where the Any holds something else,
/// and out_of_range where the number does not fit.
/// @{

template <class T>
    requires std::same_as<T, Any>
void to_any(Any& any, const T& value) {
    any = value;
}
template <class T>
    requires std::same_as<T, Any>
void from_any(const Any& any, T& value) {
    value = any;
}

template <AnyBuiltin T>
void to_any(Any& any, const T& value) {
    any = Any(value);
}

template <std::same_as<bool> T>
void from_any(const Any& any, T& value) {
    value = any.boolean();
}

template <detail::Integer T>
void from_any(const Any& any, T& value) {
    const auto take = [&](auto number) {
        if (!std::in_range<T>(number))
            detail::throw_out_of_range(any);
        value = static_cast<T>(number);
    };
    if (any.kind() == Any::Kind::unsigned_integer)
        take(any.unsigned_integer());
    else
        take(any.integer());
}

template <std::floating_point T>
void from_any(const Any& any, T& value) {
    value = static_cast<T>(any.real());
}

template <std::same_as<std::string> T>
void from_any(const Any& any, T& value) {
    value = any.string();
}

template <std::same_as<Any::Binary> T>
void to_any(Any& any, const T& value) {
    any = Any(value);
}
template <std::same_as<Any::Binary> T>
void from_any(const Any& any, T& value) {
    value = any.binary();
}

template <std::derived_from<Object> T>
void to_any(Any& any, const T& proxy) {
    any = Any(static_cast<const Object&>(proxy));
}
template <std::derived_from<Object> T>
    requires std::constructible_from<T, const Reference&>
T from_any(const Any& any, std::type_identity<T> /*type*/) {
    return T(any.object());
}

template <std::same_as<Reference> T>
void to_any(Any& any, const T& reference) {
    any = Any(reference);
}
template <std::same_as<Reference> T>
T from_any(const Any& any, std::type_identity<T> /*type*/) {
    return any.object();
}

template <ToAny T>
void to_any(Any& any, const std::optional<T>& value) {
    any = value ? Any(detail::as_any(*value)) : Any();
}
template <FromAny T>
void from_any(const Any& any, std::optional<T>& value) {
    value = any.is_nil() ? std::nullopt : std::optional<T>(any.get<T>());
}

template <class T>
    requires(ToAny<T> && !std::same_as<T, std::byte>)
void to_any(Any& any, const std::vector<T>& values) {
    Any::Array array;
    array.reserve(values.size());
    for (const auto& value : values)
        array.push_back(detail::as_any<T>(value));
    any = std::move(array);
}
template <class T>
    requires(FromAny<T> && !std::same_as<T, std::byte>)
void from_any(const Any& any, std::vector<T>& values) {
    values.clear();
    values.reserve(any.array().size());
    for (const auto& item : any.array())
        values.push_back(item.get<T>());
}

template <ToAny T, std::size_t size>
void to_any(Any& any, const std::array<T, size>& values) {
    Any::Array array;
    array.reserve(size);
    for (const auto& value : values)
        array.push_back(detail::as_any(value));
    any = std::move(array);
}
template <FromAny T, std::size_t size>
std::array<T, size> from_any(const Any& any, std::type_identity<std::array<T, size>> /*type*/) {
    if (any.array().size() != size)
        detail::throw_wrong_size(any, size);
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
        return std::array<T, size>{any.array()[i].template get<T>()...};
    }(std::make_index_sequence<size>());
}

template <ToAny... T>
void to_any(Any& any, const std::tuple<T...>& values) {
    any = std::apply([](const auto&... value) { return Any::Array{Any(detail::as_any(value))...}; }, values);
}
template <FromAny... T>
std::tuple<T...> from_any(const Any& any, std::type_identity<std::tuple<T...>> /*type*/) {
    if (any.array().size() != sizeof...(T))
        detail::throw_wrong_size(any, sizeof...(T));
    auto item = any.array().begin();
    return std::tuple<T...>{(item++)->template get<T>()...};  // in this order, because of the braces
}

template <ToAny First, ToAny Second>
void to_any(Any& any, const std::pair<First, Second>& value) {
    any = Any::Array{Any(detail::as_any(value.first)), Any(detail::as_any(value.second))};
}
template <FromAny First, FromAny Second>
std::pair<First, Second> from_any(const Any& any, std::type_identity<std::pair<First, Second>> /*type*/) {
    if (any.array().size() != 2)
        detail::throw_wrong_size(any, 2);
    return {any.array()[0].template get<First>(), any.array()[1].template get<Second>()};
}

/// @}

/// What is made can be assigned too.
template <class T>
    requires(!detail::is_type_identity<T> && MadeFromAny<T> && std::movable<T>)
void from_any(const Any& any, T& value) {
    value = any.template get<T>();
}

/// std::map, std::unordered_map and what is made like them.
template <detail::Keyed T>
    requires ToAny<typename T::key_type> && ToAny<typename T::mapped_type>
void to_any(Any& any, const T& values) {
    Any::Map map;
    map.reserve(values.size());
    for (const auto& [key, value] : values)
        map.emplace_back(detail::as_any(key), detail::as_any(value));
    any = std::move(map);
}
template <detail::Keyed T>
    requires FromAny<typename T::key_type> && FromAny<typename T::mapped_type>
void from_any(const Any& any, T& values) {
    values.clear();
    for (const auto& [key, value] : any.map())
        values.insert_or_assign(key.template get<typename T::key_type>(),
                                value.template get<typename T::mapped_type>());
}

}  // namespace steward
