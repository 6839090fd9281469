#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <steward/any.hpp>
#include <steward/plain.hpp>

#include "client/src/object_state.hpp"

namespace steward::detail {

/// Reads straight from the heap of the user's domain, as it was at one moment during the call. Each gives nothing where
/// the daemon has to be asked: the process does not share the heap, the object is of another user or gone, it changes
/// all the time, or what is read holds references, which the daemon has to know of.

std::optional<Any> read_cell(const ObjectState& value);

/// The same of what is small and plain.
PlainRead read_plain_cell(const ObjectState& value, const PlainPlace& place);
PlainRead read_plain_entry(const ObjectState& dict, const PlainKey& key, const PlainPlace& place);

struct EntryRead {
    std::optional<Any> value;  ///< nothing: there is no such key
    std::uint64_t version = 0;
};
std::optional<EntryRead> read_entry(const ObjectState& dict, const Any& key);
std::optional<bool> read_contains(const ObjectState& dict, const Any& key);
std::optional<std::size_t> read_number_of_entries(const ObjectState& dict);
std::optional<Any::Map> read_entries(const ObjectState& dict);

/// Nothing also where there is no such item: the daemon says it properly.
std::optional<Any> read_item(const ObjectState& list, std::int64_t index);
std::optional<std::size_t> read_number_of_items(const ObjectState& list);
std::optional<Any::Array> read_items(const ObjectState& list);

/// The same of an array, whose length does not change.
std::optional<Any> read_element(const ObjectState& array, std::size_t length, std::int64_t index);
std::optional<Any::Array> read_elements(const ObjectState& array);

}  // namespace steward::detail
