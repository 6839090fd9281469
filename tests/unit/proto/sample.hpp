#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/transaction.hpp"

namespace steward::proto {

/// A value of each type of field that no field has by default, so that a field that is lost on the way shows.
template <class T>
struct Sample;

template <class T>
T sample() {
    return Sample<T>::make();
}

template <>
struct Sample<bool> {
    static bool make() { return true; }
};

template <std::integral T>
struct Sample<T> {
    static T make() { return static_cast<T>(std::signed_integral<T> ? -113 : 113); }
};

template <>
struct Sample<ObjectType> {
    static ObjectType make() { return ObjectType::dict; }
};

template <>
struct Sample<OpenMode> {
    static OpenMode make() { return OpenMode::open_only; }
};

template <>
struct Sample<restore::Existing> {
    static restore::Existing make() { return restore::Existing::replace; }
};

template <>
struct Sample<Binary> {
    static Binary make() { return {std::string("\x01\x00\x02", 3)}; }
};

template <>
struct Sample<transaction::Requirement> {
    static transaction::Requirement make() { return transaction::Requirement::version; }
};

template <>
struct Sample<std::string> {
    static std::string make() { return "a string"; }
};

template <>
struct Sample<std::string_view> {
    static std::string_view make() { return "a view"; }
};

template <>
struct Sample<Packed> {
    static Packed make() { return {"\x93\x01\xa1x\xc0"}; }  // [1, "x", nil]
};

template <class T>
struct Sample<std::optional<T>> {
    static std::optional<T> make() { return sample<T>(); }
};

template <class T>
struct Sample<std::vector<T>> {
    static std::vector<T> make() { return {sample<T>(), sample<T>()}; }
};

template <class First, class Second>
struct Sample<std::pair<First, Second>> {
    static std::pair<First, Second> make() { return {sample<First>(), sample<Second>()}; }
};

template <Described T>
struct Sample<T> {
    static T make() {
        T value{};
        for_each_field<T>([&](const auto& field) { fill(value.*field.member); });
        return value;
    }

  private:
    template <class M>
    static void fill(M& member) {
        member = sample<M>();
    }
};

}  // namespace steward::proto
