#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace steward::proto {

/// The types of objects that Steward owns. The numbers stand in memory and on the wire and never change.
enum class ObjectType : std::uint8_t {
    lock = 1,
    semaphore = 2,
    event = 3,
    list = 4,
    dict = 5,
    value = 6,
    rlock = 7,
    rwlock = 8,
    bounded_semaphore = 9,
    condition = 10,
    barrier = 11,
    queue = 12,
    process = 16,
    name_space = 13,  ///< "namespace", which C++ keeps for itself
    array = 14,
    set = 15,
};

struct ObjectTypeName {
    ObjectType type;
    std::string_view name;
};

/// The explicit list of object types. Dispatch, codec, the command line's type names and the conformance
/// tests derive from it; a type that stands here without a daemon object does not compile.
inline constexpr std::array object_types{
    ObjectTypeName{ObjectType::lock, "lock"},
    ObjectTypeName{ObjectType::semaphore, "semaphore"},
    ObjectTypeName{ObjectType::event, "event"},
    ObjectTypeName{ObjectType::list, "list"},
    ObjectTypeName{ObjectType::dict, "dict"},
    ObjectTypeName{ObjectType::value, "value"},
    ObjectTypeName{ObjectType::rlock, "rlock"},
    ObjectTypeName{ObjectType::rwlock, "rwlock"},
    ObjectTypeName{ObjectType::bounded_semaphore, "bounded_semaphore"},
    ObjectTypeName{ObjectType::condition, "condition"},
    ObjectTypeName{ObjectType::barrier, "barrier"},
    ObjectTypeName{ObjectType::queue, "queue"},
    ObjectTypeName{ObjectType::process, "process"},
    ObjectTypeName{ObjectType::name_space, "namespace"},
    ObjectTypeName{ObjectType::array, "array"},
    ObjectTypeName{ObjectType::set, "set"},
};

/// The type's name as methods, listings and messages write it.
constexpr std::string_view to_string(ObjectType type) {
    for (const auto& entry : object_types)
        if (entry.type == type)
            return entry.name;
    return "unknown";
}

constexpr std::optional<ObjectType> object_type_from(std::string_view name) {
    for (const auto& entry : object_types)
        if (entry.name == name)
            return entry.type;
    return std::nullopt;
}

}  // namespace steward::proto
