#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/message.hpp"

namespace steward::proto::dumped {

/// What a dump says of an object beside its values, by type. Whoever held it or waited for it is gone: locks are free,
/// permits that return have returned, items that were taken are back at the head, nobody stands at a barrier.

struct Lock {
    bool transferable = false;
    bool fair = false;
    std::uint64_t token = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Lock::transferable, "transferable", "anyone may release it"},
                         Field{&Lock::fair, "fair", "nobody slips in before those who wait"},
                         Field{&Lock::token, "token", "of the last acquisition; those after a restore are higher"});
    }
};

struct RLock {
    std::uint64_t token = 0;

    static constexpr auto fields() {
        return fields_of(Field{&RLock::token, "token", "of the last acquisition; those after a restore are higher"});
    }
};

struct RWLock {
    std::uint64_t token = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&RWLock::token, "token", "of the last acquisition by a writer; those after a restore are higher"});
    }
};

struct Semaphore {
    std::uint64_t permits = 0;
    bool recover = false;

    static constexpr auto fields() {
        return fields_of(
            Field{&Semaphore::permits, "permits", "free ones; where they recover, with those that were held"},
            Field{&Semaphore::recover, "recover", "permits of a process that died return"});
    }
};

struct BoundedSemaphore {
    std::uint64_t permits = 0;
    std::uint64_t bound = 0;
    bool recover = true;

    static constexpr auto fields() {
        return fields_of(
            Field{&BoundedSemaphore::permits, "permits", "free ones; where they recover, with those that were held"},
            Field{&BoundedSemaphore::bound, "bound", "how many there are in all"},
            Field{&BoundedSemaphore::recover, "recover", "permits of a process that died return"});
    }
};

struct Condition {
    std::uint64_t lock = 0;
    bool own = false;

    static constexpr auto fields() {
        return fields_of(
            Field{&Condition::lock, "lock",
                  "id of its lock or rlock, whose record comes before this one; where none does, the lock is gone"},
            Field{&Condition::own, "own", "it is an rlock without a name that goes with the condition"});
    }
};

struct Event {
    bool auto_reset = false;
    bool set = false;

    static constexpr auto fields() {
        return fields_of(Field{&Event::auto_reset, "auto_reset", "one waiter goes on per set and clears it"},
                         Field{&Event::set, "set", "whether it is set"});
    }
};

struct Barrier {
    std::uint64_t parties = 1;
    bool broken = false;

    static constexpr auto fields() {
        return fields_of(Field{&Barrier::parties, "parties", "how many go through together"},
                         Field{&Barrier::broken, "broken", "nobody gets through until it is reset"});
    }
};

/// Its values are its items, the first to be got first.
struct Queue {
    std::uint64_t max_size = 0;
    std::uint64_t unfinished = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Queue::max_size, "max_size", "items that it holds at most; 0: any number"},
                         Field{&Queue::unfinished, "unfinished", "items that were put and are not done with"});
    }
};

/// Its values are its elements.
struct Array {
    std::uint64_t length = 0;
    std::string typecode;

    static constexpr auto fields() {
        return fields_of(
            Field{&Array::length, "length", "how many elements; where fewer values follow, the others are 0"},
            Field{&Array::typecode, "typecode", "b B h H i I q Q f or d, as of Python's module array"});
    }
};

/// Lists, dicts, sets, namespaces and values are their values alone.
struct Container {
    static constexpr auto fields() { return fields_of(); }
};

template <Described S>
std::string packed_state(const S& state) {
    std::string bytes;
    Writer writer(bytes);
    encode(writer, state);
    return bytes;
}

template <Described S>
S decode_state(Packed state) {
    Reader reader(state.bytes);
    return decode<S>(reader);
}

}  // namespace steward::proto::dumped
