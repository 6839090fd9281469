#include "client/src/shared_reads.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "client/src/packed_any.hpp"
#include "proto/plain.hpp"
#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "proto/writer.hpp"
#include "shared/cell_reader.hpp"
#include "shared/dict_reader.hpp"
#include "shared/sequence_reader.hpp"
#include "shared/typed_array_reader.hpp"

namespace steward::detail {
namespace {

using shared::Reading;

/// False once the thread's own objects are being destroyed, of which another may still read something.
constinit thread_local bool keeps_room = true;

struct KeptRoom {
    std::string bytes;

    KeptRoom() = default;
    KeptRoom(const KeptRoom&) = delete;
    KeptRoom& operator=(const KeptRoom&) = delete;
    ~KeptRoom() { keeps_room = false; }
};
thread_local KeptRoom kept_room;

/// Room for what one read copies, kept for the next one of the thread unless it was large.
class Buffer {
  public:
    Buffer() {
        if (keeps_room)
            bytes_.swap(kept_room.bytes);
        bytes_.clear();
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() {
        if (keeps_room && bytes_.capacity() <= most_kept_bytes)
            bytes_.swap(kept_room.bytes);
    }
    std::string& bytes() noexcept { return bytes_; }

  private:
    static constexpr std::size_t most_kept_bytes = std::size_t{64} << 10;

    std::string bytes_;
};

/// The key as it is looked up; empty where memory cannot be read, and for a value that can be none, which the daemon
/// says.
std::string packed_key(const ObjectState& dict, const Any& key) {
    std::string packed;
    if (!dict.is_readable())
        return packed;
    pack(packed, dict, key);
    if (!proto::is_key(packed))
        packed.clear();
    return packed;
}

/// What is larger is read in the general way.
constexpr std::size_t most_plain_words = 34;
using PlainRoom = std::array<std::uint64_t, most_plain_words>;

/// A plain key as it is looked up; empty: it is too long.
std::string_view packed_key(const PlainKey& key, std::array<char, 2 + UINT8_MAX>& room) {
    if (const auto* string = std::get_if<std::string_view>(&key)) {
        constexpr std::size_t longest_short = 31;
        const auto size = string->size();
        if (size > UINT8_MAX)
            return {};
        const bool is_short = size <= longest_short;
        room[0] = static_cast<char>(is_short ? 0xa0U | size : 0xd9U);
        room[1] = static_cast<char>(size);
        string->copy(room.data() + (is_short ? 1 : 2), size);
        return {room.data(), size + (is_short ? 1 : 2)};
    }
    std::string packed;  // short enough to need no memory
    proto::Writer(packed).integer(std::get<std::int64_t>(key));
    packed.copy(room.data(), packed.size());
    return {room.data(), packed.size()};
}

template <class From, class To>
bool put(const std::optional<From>& from, To& to) {
    if (from)
        to = *from;
    return from.has_value();
}

PlainRead put_plain(std::string_view bytes, const PlainPlace& place) {
    const bool fits = std::visit(
        [&](auto* to) {
            using To = std::remove_pointer_t<decltype(to)>;
            if constexpr (std::is_same_v<To, bool>)
                return put(proto::plain_boolean(bytes), *to);
            else if constexpr (std::is_same_v<To, double>)
                return put(proto::plain_real(bytes), *to);
            else if constexpr (std::is_same_v<To, std::string>)
                return put(proto::plain_string(bytes), *to);
            else
                return put(proto::plain_integer(bytes), *to);
        },
        place);
    return fits ? PlainRead::found : PlainRead::unclear;
}

PlainRead result_of(const shared::Readout<std::string_view>& readout, const PlainPlace& place) {
    switch (readout.reading) {
        case Reading::found: return put_plain(readout.value, place);
        case Reading::missing: return PlainRead::missing;
        case Reading::gone:
        case Reading::undecided: break;
    }
    return PlainRead::unclear;
}

template <class T>
T number_at(const char* bytes) noexcept {
    T number{};
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

/// An element of an array, as Python's module array calls its type. The typecode is one: the array was opened by it.
Any element_at(char typecode, const char* bytes) {
    switch (typecode) {
        case 'b': return number_at<std::int8_t>(bytes);
        case 'B': return number_at<std::uint8_t>(bytes);
        case 'h': return number_at<std::int16_t>(bytes);
        case 'H': return number_at<std::uint16_t>(bytes);
        case 'i': return number_at<std::int32_t>(bytes);
        case 'I': return number_at<std::uint32_t>(bytes);
        case 'q': return number_at<std::int64_t>(bytes);
        case 'Q': return number_at<std::uint64_t>(bytes);
        case 'f': return static_cast<double>(number_at<float>(bytes));
        default: return number_at<double>(bytes);
    }
}

/// Nothing: the bytes are no values, so the memory is damaged, and the daemon has to say what to do.
template <class F>
auto or_ask_daemon(F&& act) -> std::optional<decltype(act())> {
    try {
        return act();
    } catch (const proto::Malformed&) {
        return std::nullopt;
    }
}

}  // namespace

PlainRead read_plain_cell(const ObjectState& value, const PlainPlace& place) {
    if (!value.is_readable())
        return PlainRead::unclear;
    PlainRoom room;  // NOLINT(*-member-init): what is not read into it is not looked at
    return result_of(shared::CellReader(*value.view).get(room), place);
}

PlainRead read_plain_entry(const ObjectState& dict, const PlainKey& key, const PlainPlace& place) {
    std::array<char, 2 + UINT8_MAX> key_room;  // NOLINT(*-member-init): likewise
    const auto packed = dict.is_readable() ? packed_key(key, key_room) : std::string_view();
    if (packed.empty())
        return PlainRead::unclear;
    PlainRoom room;  // NOLINT(*-member-init): likewise
    return result_of(shared::DictReader(*dict.view).find(packed, room), place);
}

std::optional<Any> read_cell(const ObjectState& value) {
    if (!value.is_readable())
        return std::nullopt;
    Buffer buffer;
    switch (shared::CellReader(*value.view).get(buffer.bytes())) {
        case Reading::found: return or_ask_daemon([&] { return unpack(value, {buffer.bytes()}); });
        case Reading::missing: return Any();
        case Reading::gone:
        case Reading::undecided: break;
    }
    return std::nullopt;
}

std::optional<EntryRead> read_entry(const ObjectState& dict, const Any& key) {
    const auto packed = packed_key(dict, key);
    if (packed.empty())
        return std::nullopt;
    Buffer buffer;
    const auto [reading, version] = shared::DictReader(*dict.view).find(packed, buffer.bytes());
    switch (reading) {
        case Reading::found:
            return or_ask_daemon(
                [&, found = version] { return EntryRead{.value = unpack(dict, {buffer.bytes()}), .version = found}; });
        case Reading::missing: return EntryRead{};
        case Reading::gone:
        case Reading::undecided: break;
    }
    return std::nullopt;
}

std::optional<bool> read_contains(const ObjectState& dict, const Any& key) {
    const auto packed = packed_key(dict, key);
    if (packed.empty())
        return std::nullopt;
    switch (shared::DictReader(*dict.view).contains(packed)) {
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
    return or_ask_daemon([&, count = size] {
        proto::Reader reader(buffer.bytes());
        Any::Map entries;
        entries.reserve(std::min<std::size_t>(count, buffer.bytes().size()));
        while (!reader.at_end()) {
            auto key = unpack(dict, reader.packed());
            entries.emplace_back(std::move(key), unpack(dict, reader.packed()));
        }
        return entries;
    });
}

std::optional<Any> read_item(const ObjectState& list, std::int64_t index) {
    if (!list.is_readable())
        return std::nullopt;
    Buffer buffer;
    if (shared::SequenceReader(*list.view).at(index, buffer.bytes()) != Reading::found)
        return std::nullopt;
    return or_ask_daemon([&] { return unpack(list, {buffer.bytes()}); });
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
    return or_ask_daemon([&, count = size] {
        proto::Reader reader(buffer.bytes());
        Any::Array items;
        items.reserve(std::min<std::size_t>(count, buffer.bytes().size()));
        while (!reader.at_end())
            items.push_back(unpack(list, reader.packed()));
        return items;
    });
}

std::optional<Any> read_element(const ObjectState& array, std::size_t length, std::int64_t index) {
    const auto size = static_cast<std::int64_t>(length);
    const auto first = index < 0 ? index + size : index;
    if (!array.is_readable() || first < 0 || first >= size)
        return std::nullopt;
    Buffer buffer;
    const auto [reading, shape] =
        shared::TypedArrayReader(*array.view).elements(static_cast<std::size_t>(first), 1, buffer.bytes());
    return reading == Reading::found ? std::optional(element_at(shape.typecode, buffer.bytes().data())) : std::nullopt;
}

std::optional<Any::Array> read_elements(const ObjectState& array) {
    if (!array.is_readable())
        return std::nullopt;
    Buffer buffer;
    const auto [reading, shape] = shared::TypedArrayReader(*array.view).copy(buffer.bytes());
    if (reading != Reading::found)
        return std::nullopt;
    const auto width = shared::element_bytes(shape.typecode);
    Any::Array elements;
    elements.reserve(shape.length);
    for (std::size_t i = 0; i < shape.length; ++i)
        elements.push_back(element_at(shape.typecode, buffer.bytes().data() + i * width));
    return elements;
}

}  // namespace steward::detail
