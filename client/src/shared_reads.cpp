#include "client/src/shared_reads.hpp"

#include <string>
#include <utility>

#include "client/src/packed_any.hpp"
#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "shared/cell_reader.hpp"
#include "shared/dict_reader.hpp"
#include "shared/sequence_reader.hpp"

namespace steward::detail {
namespace {

using shared::Reading;

/// Room for what one read copies, kept for the next one of the thread unless it was large.
class Buffer {
  public:
    Buffer() { bytes().clear(); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() {
        if (bytes().capacity() > most_kept_bytes)
            bytes() = {};
    }
    std::string& bytes() noexcept {
        thread_local std::string kept;
        return kept;
    }

  private:
    static constexpr std::size_t most_kept_bytes = std::size_t{64} << 10;
};

/// The key as it is looked up; empty for a value that can be none, which the daemon says.
std::string& packed_key(const ObjectState& dict, const Any& key) {
    thread_local std::string packed;
    packed.clear();
    pack(packed, dict, key);
    if (!proto::is_key(packed))
        packed.clear();
    return packed;
}

}  // namespace

std::optional<Any> read_cell(const ObjectState& value) {
    if (!value.is_readable())
        return std::nullopt;
    Buffer buffer;
    switch (shared::CellReader(*value.view).get(buffer.bytes())) {
        case Reading::found: return unpack(value, {buffer.bytes()});
        case Reading::missing: return Any();
        case Reading::gone:
        case Reading::undecided: break;
    }
    return std::nullopt;
}

std::optional<EntryRead> read_entry(const ObjectState& dict, const Any& key) {
    const auto* packed = dict.is_readable() ? &packed_key(dict, key) : nullptr;
    if (packed == nullptr || packed->empty())
        return std::nullopt;
    Buffer buffer;
    const auto [reading, version] = shared::DictReader(*dict.view).find(*packed, buffer.bytes());
    switch (reading) {
        case Reading::found: return EntryRead{.value = unpack(dict, {buffer.bytes()}), .version = version};
        case Reading::missing: return EntryRead{};
        case Reading::gone:
        case Reading::undecided: break;
    }
    return std::nullopt;
}

std::optional<bool> read_contains(const ObjectState& dict, const Any& key) {
    const auto* packed = dict.is_readable() ? &packed_key(dict, key) : nullptr;
    if (packed == nullptr || packed->empty())
        return std::nullopt;
    switch (shared::DictReader(*dict.view).contains(*packed)) {
        case Reading::found: return true;
        case Reading::missing: return false;
        case Reading::gone:
        case Reading::undecided: break;
    }
    return std::nullopt;
}

std::optional<std::size_t> read_number_of_entries(const ObjectState& dict) {
    if (!dict.is_readable())
        return std::nullopt;
    const auto [reading, size] = shared::DictReader(*dict.view).size();
    return reading == Reading::found ? std::optional<std::size_t>(size) : std::nullopt;
}

std::optional<Any::Map> read_entries(const ObjectState& dict) {
    if (!dict.is_readable())
        return std::nullopt;
    Buffer buffer;
    const auto [reading, size] = shared::DictReader(*dict.view).copy(buffer.bytes());
    if (reading != Reading::found)
        return std::nullopt;
    proto::Reader reader(buffer.bytes());
    Any::Map entries;
    entries.reserve(size);
    while (!reader.at_end()) {
        auto key = unpack(dict, reader.packed());
        entries.emplace_back(std::move(key), unpack(dict, reader.packed()));
    }
    return entries;
}

std::optional<Any> read_item(const ObjectState& list, std::int64_t index) {
    if (!list.is_readable())
        return std::nullopt;
    Buffer buffer;
    if (shared::SequenceReader(*list.view).at(index, buffer.bytes()) != Reading::found)
        return std::nullopt;
    return unpack(list, {buffer.bytes()});
}

std::optional<std::size_t> read_number_of_items(const ObjectState& list) {
    if (!list.is_readable())
        return std::nullopt;
    const auto [reading, size] = shared::SequenceReader(*list.view).size();
    return reading == Reading::found ? std::optional<std::size_t>(size) : std::nullopt;
}

std::optional<Any::Array> read_items(const ObjectState& list) {
    if (!list.is_readable())
        return std::nullopt;
    Buffer buffer;
    const auto [reading, size] = shared::SequenceReader(*list.view).copy(buffer.bytes());
    if (reading != Reading::found)
        return std::nullopt;
    proto::Reader reader(buffer.bytes());
    Any::Array items;
    items.reserve(size);
    while (!reader.at_end())
        items.push_back(unpack(list, reader.packed()));
    return items;
}

}  // namespace steward::detail
