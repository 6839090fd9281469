#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/object_type.hpp"
#include "proto/reader.hpp"

namespace steward::proto {

/// A value that stands for an object: MessagePack's extension type 1 with nine bytes, the number of the object's type
/// and its id (big-endian). Only in this encoding of twelve bytes, `c7 09 01 type id`, is it a reference.
struct Reference {
    ObjectType type = ObjectType::lock;
    std::uint64_t object = 0;

    friend bool operator==(const Reference&, const Reference&) = default;
};

inline constexpr char reference_extension = 1;
inline constexpr std::size_t reference_bytes = 12;
inline constexpr std::string_view reference_head{"\xc7\x09\x01", 3};

/// Quick, and true also for other values in which the head of a reference happens to occur.
inline bool may_refer(std::string_view values) noexcept {
    return values.find(reference_head) != std::string_view::npos;
}

/// Nothing: the element is something else.
std::optional<Reference> reference_from(const Element&) noexcept;

/// Calls `found` with each reference in the values, one or several whole ones behind each other, at any depth and as
/// often as it stands there.
template <class F>
void each_reference(std::string_view values, F&& found) {
    if (!may_refer(values))
        return;
    Reader reader{values};
    while (!reader.at_end())
        if (const auto reference = reference_from(reader.next()))
            found(*reference);
}

}  // namespace steward::proto
