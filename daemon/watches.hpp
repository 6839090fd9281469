#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/object.hpp"
#include "proto/message.hpp"
#include "proto/packed.hpp"
#include "proto/watch.hpp"
#include "proto/writer.hpp"

namespace steward::daemon {

class Daemon;
struct Call;

/// Who wants to know of changes. Nothing waits for a watcher: what does not fit into its buffer is lost, and it is told
/// how much. All of it is private memory, and ends with the session.
class Watches {
  public:
    static constexpr std::size_t most_per_session = 1024;
    static constexpr std::uint32_t largest_buffer_bytes = std::uint32_t{4} << 20;

    explicit Watches(Daemon& daemon) : daemon_(daemon) {}

    /// What to watch: an object by its id, or, where that is 0, all whose names begin with the prefix.
    struct Subject {
        std::uint64_t object = 0;
        std::string prefix;
    };

    /// Returns the number of the watch within the session. Throws Refusal (busy).
    std::uint32_t open(Session&, Subject, std::uint32_t buffer_bytes);
    /// False: the session has no such watch.
    bool close(const Session&, std::uint32_t number);
    void forget(const Session&);

    bool empty() const { return watches_.empty(); }

    /// Tells all who watch the object that it has changed.
    void note(const Object&, std::string_view what, proto::Packed key = proto::packed_nil);

    /// The same once it is said what the request under way did itself: by settle().
    void note_later(const Object&, std::string_view what);
    void settle();

    /// Tells those of what they lost who have room again.
    void catch_up();

  private:
    struct Watch {
        std::uint32_t session = 0;
        std::uint32_t number = 0;
        Subject subject;
        std::uint32_t buffer_bytes = 0;
        std::uint64_t lost = 0;
    };

    bool concerns(const Watch&, const Object&, std::string_view name) const;
    static bool has_room(const Watch&, const Session&);

    Daemon& daemon_;
    std::vector<Watch> watches_;
    std::vector<std::pair<std::uint64_t, std::string_view>> later_;
    std::size_t losing_ = 0;  ///< those that have lost something and have not been told
    std::uint32_t last_number_ = 0;
};

/// The verb of a method: "set" of "dict.set".
constexpr std::string_view verb_of(std::string_view method) {
    return method.substr(method.rfind('.') + 1);
}

/// What a request names inside of its object; packed into `room` where it is no MessagePack value yet.
template <proto::Message M>
proto::Packed key_of(const M& message, std::string& room) {
    proto::Writer writer(room);
    if constexpr (requires { proto::Packed(message.key); })
        return message.key;
    else if constexpr (requires { writer.string(message.attribute); })
        writer.string(message.attribute);
    else if constexpr (requires { writer.integer(message.index); })
        writer.integer(message.index);
    else
        return proto::packed_nil;
    return {room};
}

/// Carries out a request about an object, and notes it where that changed the object.
template <proto::Message M, class F>
void noting(Watches& watches, const Object* object, const M& message, F&& carry_out) {
    const auto before = object != nullptr ? object->header->operations.load() : 0;
    carry_out();
    if (object == nullptr || object->header->operations.load() == before)
        return;
    std::string room;
    watches.note(*object, verb_of(M::method), key_of(message, room));
}

proto::watch::Open::Result handle(Call&, const proto::watch::Open&);
proto::watch::Close::Result handle(Call&, const proto::watch::Close&);

}  // namespace steward::daemon
