#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/binary.hpp"
#include "proto/codec.hpp"
#include "proto/message.hpp"
#include "proto/object_type.hpp"
#include "proto/packed.hpp"

namespace steward::proto {

/// What a dump is made of (DUMP.md), and the requests by which dumps are read and restored.
namespace dump {

inline constexpr std::string_view format_name = "steward-dump";
inline constexpr std::uint32_t format_version = 1;

/// The first number of a record.
enum class RecordKind : std::uint8_t {
    header = 0,
    object = 1,
    values = 2,
    end = 3,
    forget = 4,  ///< in replies only
};

struct Header {
    static constexpr auto kind = RecordKind::header;
    static constexpr std::string_view purpose = "The first record.";

    std::string format = std::string(format_name);
    std::uint32_t version = format_version;
    std::string daemon_version;
    std::string instance;
    std::string boot;
    std::int64_t written_ns = 0;
    std::uint64_t token_floor = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Header::format, "format", "`steward-dump`"}, Field{&Header::version, "version", "of the format: 1"},
            Field{&Header::daemon_version, "daemon_version", "version of the daemon whose objects these are"},
            Field{&Header::instance, "instance", "name of its instance"},
            Field{&Header::boot, "boot", "boot id of its machine"},
            Field{&Header::written_ns, "written_ns", "when the dump was begun, nanoseconds since 1970"},
            Field{&Header::token_floor, "token_floor",
                  "no lock that was removed had a higher token; 0: unknown, the dump is of one user's objects"});
    }
};

struct Object {
    static constexpr auto kind = RecordKind::object;
    static constexpr std::string_view purpose = "An object, in front of its values.";

    std::uint64_t id = 0;
    ObjectType type = ObjectType::lock;
    std::string_view name;
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint16_t mode = 0;
    bool ephemeral = false;
    Packed state = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Object::id, "id", "what references in this dump call it; it gets another one when it is restored"},
            Field{&Object::type, "type", "number of its type"},
            Field{&Object::name, "name", "empty: it has none, something in the dump refers to it"},
            Field{&Object::owner, "owner", "user id of its owner"}, Field{&Object::group, "group", "group id"},
            Field{&Object::mode, "mode", "permission bits"},
            Field{&Object::ephemeral, "ephemeral", "goes with its last session; always so without a name"},
            Field{&Object::state, "state", "an array, by the type: see below"});
    }
};

struct Values {
    static constexpr auto kind = RecordKind::values;
    static constexpr std::string_view purpose = "Some of the values of the object in front.";

    std::uint64_t object = 0;
    std::uint64_t first = 0;
    std::vector<Packed> values;

    static constexpr auto fields() {
        return fields_of(
            Field{&Values::object, "object", "its id"},
            Field{&Values::first, "first", "how many of its values came before these"},
            Field{&Values::values, "values",
                  "in order; of a dict or namespace keys and values in turn, a key never without its value"});
    }
};

struct End {
    static constexpr auto kind = RecordKind::end;
    static constexpr std::string_view purpose = "The last record.";

    std::uint64_t objects = 0;

    static constexpr auto fields() { return fields_of(Field{&End::objects, "objects", "how many the dump holds"}); }
};

/// Not in files: DumpWriter takes away what is to be forgotten.
struct Forget {
    static constexpr auto kind = RecordKind::forget;

    std::uint64_t object = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Forget::object, "object", "what came of it does not count: it has changed or gone"});
    }
};

template <Described R>
std::string packed_record(const R& record) {
    std::string bytes;
    Writer writer(bytes);
    writer.array(2);
    encode(writer, R::kind);
    encode(writer, record);
    return bytes;
}

/// The kind of a record of whatever origin: throws Malformed where it is not one whole MessagePack value that a frame
/// could hold, or none of these. What it holds can be read after that.
RecordKind checked_kind(std::string_view record);

/// Of one that was checked and is of that kind. The views point into it. Throws Malformed.
template <Described R>
R decode_record(std::string_view record) {
    Reader reader(record);
    if (reader.array() != 2 || decode<RecordKind>(reader) != R::kind)
        throw Malformed("the record is of another kind");
    return decode<R>(reader);
}

struct Begin {
    static constexpr std::string_view method = "dump.begin";
    static constexpr std::string_view purpose =
        "Begins to read all objects that the caller may read; what the session has begun before is over.";

    static constexpr auto fields() { return fields_of(); }
    using Result = Nothing;
};

struct Read {
    static constexpr std::string_view method = "dump.read";
    static constexpr std::string_view purpose = "Reads on. Each object is as it was at some moment.";

    static constexpr auto fields() { return fields_of(); }

    struct Result {
        std::vector<Binary> records;
        bool more = false;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::records, "records",
                      "records of DUMP.md, object and values; or `[4, [object]]`: forget what came of that object, "
                      "which is the last one"},
                Field{&Result::more, "more", "false at the end"});
        }
    };
};

using Messages = MessageList<Begin, Read>;

}  // namespace dump

namespace restore {

/// What to do with an object whose name exists.
enum class Existing : std::uint8_t { refuse = 0, skip = 1, replace = 2 };

struct Begin {
    static constexpr std::string_view method = "restore.begin";
    static constexpr std::string_view purpose =
        "Begins to make objects of a dump; what the session has begun before is dropped.";

    Existing existing = Existing::refuse;

    static constexpr auto fields() {
        return fields_of(Field{&Begin::existing, "existing",
                               "where an object of the name exists: 0 refuse, 1 leave that one, 2 remove that one"});
    }
    using Result = Nothing;
};

struct Add {
    static constexpr std::string_view method = "restore.add";
    static constexpr std::string_view purpose =
        "Makes objects, still without their names, and puts values into them. They go with the session.";

    /// So much longer than another request it may be: a record wraps what came in a request that was as long as any.
    static constexpr std::size_t wrapping_bytes = 256;

    std::vector<Binary> records;

    static constexpr auto fields() {
        return fields_of(Field{&Add::records, "records",
                               "of a dump, in its order, but the objects of the whole dump first and then all values"});
    }
    using Result = Nothing;
};

struct Finish {
    static constexpr std::string_view method = "restore.finish";
    static constexpr std::string_view purpose =
        "Gives the objects their names: those of each user all at once, or none where that is refused.";

    static constexpr auto fields() { return fields_of(); }

    struct Result {
        std::uint64_t restored = 0;
        std::uint64_t skipped = 0;
        std::uint64_t replaced = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::restored, "restored", "objects that were made, those without a name too"},
                             Field{&Result::skipped, "skipped", "objects of the dump whose name existed"},
                             Field{&Result::replaced, "replaced", "objects that were removed for one of the dump"});
        }
    };
};

using Messages = MessageList<Begin, Add, Finish>;

}  // namespace restore
}  // namespace steward::proto
