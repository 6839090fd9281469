#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <utility>

namespace steward::tests::histories {

/// The finalizer of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
constexpr std::uint64_t scrambled(std::uint64_t bits) noexcept {
    bits += 0x9e3779b97f4a7c15U;
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
    return bits ^ (bits >> 31U);
}

template <std::integral T>
constexpr void mix(std::uint64_t& hash, T value) noexcept {
    hash = scrambled(hash ^ static_cast<std::uint64_t>(value));
}

template <class First, class Second>
constexpr void mix(std::uint64_t& hash, const std::pair<First, Second>& pair) noexcept {
    mix(hash, pair.first);
    mix(hash, pair.second);
}

template <std::ranges::range R>
constexpr void mix(std::uint64_t& hash, const R& range) noexcept {
    mix(hash, std::ranges::size(range));
    for (const auto& each : range)
        mix(hash, each);
}

/// Of all that a state is made of.
template <class... Parts>
constexpr std::uint64_t hash_of(const Parts&... parts) noexcept {
    std::uint64_t hash = 0;
    (mix(hash, parts), ...);
    return hash;
}

}  // namespace steward::tests::histories
