#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

namespace steward::proto {

/// One field of a message: where it lives, what it is called in documents and traces, what it means and in which
/// unit. The order of the fields is their order on the wire.
template <class Owner, class T>
struct Field {
    T Owner::*member;
    std::string_view name;
    std::string_view meaning;
};

template <class Owner, class T>
Field(T Owner::*, const char*, const char*) -> Field<Owner, T>;

/// The same of a value that a request only compares with what is stored: it may refer to objects that are gone, as what
/// is stored may, while a value that is to be stored may not.
template <class Owner, class T>
struct ComparedField : Field<Owner, T> {};

template <class Owner, class T>
ComparedField(T Owner::*, const char*, const char*) -> ComparedField<Owner, T>;

template <class Owner, class T>
constexpr bool is_compared(const Field<Owner, T>&) {
    return false;
}
template <class Owner, class T>
constexpr bool is_compared(const ComparedField<Owner, T>&) {
    return true;
}

/// The fields of a struct, given all at once to who asks. No std::tuple: of hundreds of structs those take longer to
/// compile than all that is done with them.
template <class... F>
constexpr auto fields_of(F... field) {
    return [field...](auto&& visit) -> decltype(auto) { return visit(field...); };
}

/// A struct that says what its fields are:
///
///     struct Release {
///         std::uint64_t object = 0;
///         static constexpr auto fields() {
///             return fields_of(Field{&Release::object, "object", "id of the lock"});
///         }
///     };
///
/// On the wire it is an array of its fields in order. A receiver ignores what comes after the fields that it
/// knows, and a sender may leave out fields at the end: they keep the value that the struct gives them.
template <class T>
concept Described = requires { T::fields(); };

/// A request: a described struct with the method's name, what the method does, and the struct of its result.
template <class T>
concept Message = Described<T> && requires {
    { T::method } -> std::convertible_to<std::string_view>;
    { T::purpose } -> std::convertible_to<std::string_view>;
    requires Described<typename T::Result>;
};

/// Messages, in some order. No std::tuple, which is made for values.
template <class... M>
struct MessageList {};

template <class... M, class... N>
consteval MessageList<M..., N...> operator+(MessageList<M...>, MessageList<N...>) {
    return {};
}

/// A request that may come as a notification too: whoever makes it needs no reply, not even a refusal.
template <class M>
concept OneWay = Message<M> && requires { M::one_way; };

/// So much longer than other messages one may be.
template <Message M>
constexpr std::size_t wrapping_bytes() {
    if constexpr (requires { M::wrapping_bytes; })
        return M::wrapping_bytes;
    else
        return 0;
}

/// The result of a method that has nothing to tell.
struct Nothing {
    static constexpr auto fields() { return fields_of(); }
};

template <Described T>
inline constexpr std::size_t field_count =
    T::fields()([](const auto&... field) -> std::size_t { return sizeof...(field); });

/// In their order.
template <Described T, class Visit>
constexpr void for_each_field(Visit visit) {
    T::fields()([&](const auto&... field) { (visit(field), ...); });
}

}  // namespace steward::proto
