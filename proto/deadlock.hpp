#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/message.hpp"
#include "proto/object_type.hpp"

namespace steward::proto {

/// One agent of a deadlock, what it wants, and from whom: the agent of the next step, the first for the last.
struct DeadlockStep {
    std::uint32_t session = 0;
    std::uint32_t thread = 0;
    std::int32_t pid = 0;
    std::string command;
    std::uint64_t object = 0;
    ObjectType type = ObjectType::lock;
    std::string name;
    std::string where;

    static constexpr auto fields() {
        return fields_of(Field{&DeadlockStep::session, "session", "session of who waits"},
                         Field{&DeadlockStep::thread, "thread", "its thread"},
                         Field{&DeadlockStep::pid, "pid", "its process id"},
                         Field{&DeadlockStep::command, "command", "its command line"},
                         Field{&DeadlockStep::object, "object", "id of the object that it wants"},
                         Field{&DeadlockStep::type, "type", "number of the object's type"},
                         Field{&DeadlockStep::name, "name", "the object's name; empty: it has none"},
                         Field{&DeadlockStep::where, "where", "line of source that wants it; may be empty"});
    }
};

/// What comes with the error `deadlock`, as the third element of the error.
struct Deadlock {
    std::vector<DeadlockStep> cycle;

    static constexpr auto fields() {
        return fields_of(Field{&Deadlock::cycle, "cycle", "who waits for whom, from the caller round to the caller"});
    }
};

/// "pid 410 make-thumbs (thread 1) wants lock b held by pid 377 sync (thread 2), which wants lock a held by pid 410
/// make-thumbs (thread 1)".
std::string sentence_of(const Deadlock& deadlock);

}  // namespace steward::proto
