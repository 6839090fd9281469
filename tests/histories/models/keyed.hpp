#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "tests/histories/models/value.hpp"

namespace steward::tests::histories {

/// Keys with values, in the order of their insertion: dicts, sets (whose values are 0) and namespaces.
struct Entries {
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;

    bool operator==(const Entries&) const = default;
    std::uint64_t hash() const { return hash_of(pairs); }

    std::int64_t* find(std::int64_t key) {
        const auto found = std::ranges::find(pairs, key, &std::pair<std::int64_t, std::int64_t>::first);
        return found == pairs.end() ? nullptr : &found->second;
    }
    bool contains(std::int64_t key) { return find(key) != nullptr; }

    void set(std::int64_t key, std::int64_t value) {
        if (auto* stored = find(key); stored != nullptr)
            *stored = value;
        else
            pairs.emplace_back(key, value);
    }

    bool erase(std::int64_t key) {
        return std::erase_if(pairs, [=](const auto& pair) { return pair.first == key; }) != 0;
    }

    /// Keys and values in turn.
    std::vector<std::int64_t> flat() const {
        std::vector<std::int64_t> all;
        for (const auto& [key, value] : pairs)
            all.insert(all.end(), {key, value});
        return all;
    }

    std::vector<std::int64_t> keys() const {
        std::vector<std::int64_t> all;
        std::ranges::transform(pairs, std::back_inserter(all), [](const auto& pair) { return pair.first; });
        return all;
    }
};

/// Whether a call is about the key of its first argument alone, so that each key has a history of its own.
constexpr bool is_about_one_key(Verb verb) {
    switch (verb) {
        case Verb::clear:
        case Verb::copy:
        case Verb::pop_item:
        case Verb::size:
        case Verb::update: return false;
        default: return true;
    }
}

}  // namespace steward::tests::histories
