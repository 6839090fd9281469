#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace steward::shared {

/// A place in the heap, counted in bytes from its base, so that it means the same in every process; 0 is none.
/// `heap.at(offset)` makes it a pointer. An offset of a block is an offset of its base class too.
template <class T>
struct Offset {
    std::uint64_t value = 0;

    constexpr Offset() noexcept = default;
    constexpr explicit Offset(std::uint64_t bytes) noexcept : value(bytes) {}
    template <class U>
        requires(!std::same_as<U, T> && std::is_base_of_v<T, U>)
    constexpr Offset(Offset<U> other) noexcept : value(other.value) {}

    constexpr explicit operator bool() const noexcept { return value != 0; }
    friend constexpr bool operator==(Offset, Offset) noexcept = default;
};

/// The caller knows (by the block's kind) that a T stands there.
template <class T, class U>
constexpr Offset<T> offset_cast(Offset<U> from) noexcept {
    return Offset<T>{from.value};
}

}  // namespace steward::shared
