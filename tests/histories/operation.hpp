#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <steward/error.hpp>

namespace steward::tests::histories {

/// A client process, of all that there are one after another in a round, counted from 1. 0 is nobody.
using Client = std::int16_t;

/// What clients do to objects of any type, by the names of the methods.
enum class Verb : std::uint8_t {
    abort,
    acquire,
    acquire_shared,
    append,
    broken,
    clear,
    compare_exchange,
    contains,
    copy,
    count,
    done,
    erase,
    fetch_add,
    fill,
    get,
    give_back,
    held_by_me,
    increment,
    insert,
    is_set,
    join,
    locked,
    n_waiting,
    notify,
    pop,
    pop_item,
    put,
    readers,
    release,
    release_shared,
    remove_value,
    reset,
    reverse,
    set,
    set_default,
    set_slice,
    shared_by_me,
    size,
    sort,
    take,
    task_done,
    token,
    update,
    value,
    wait
};

std::string_view name_of(Verb);

enum class Outcome : std::uint8_t {
    open,     ///< it did not return: its process was killed in it, or waits
    lost,     ///< not_connected: nobody knows whether it was carried out
    done,     ///< it returned what it promises
    nothing,  ///< it returned false or nothing: a time-out, no such key
    refused   ///< it threw
};

/// CLOCK_MONOTONIC, which all processes share.
using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds never = std::numeric_limits<Nanoseconds>::max();

/// A call of a client and what it returned. It has no pointers: it lies in memory that processes share.
struct Call {
    static constexpr std::size_t most_values = 12;

    Verb verb{};
    std::uint8_t object = 0;  ///< of those of the round
    Client client = 0;
    Outcome outcome = Outcome::open;
    errc refusal{};
    bool told = false;         ///< that a holder died
    std::uint8_t kept = 0;     ///< how many of `values` there are
    Nanoseconds called = 0;    ///< a moment before it
    Nanoseconds returned = 0;  ///< a moment after it
    std::array<std::int64_t, 3> arguments{};
    std::int64_t result = 0;
    std::uint64_t token = 0;  ///< 0: it returned none
    std::array<std::int64_t, most_values> values{};

    std::span<const std::int64_t> seen() const { return {values.data(), kept}; }

    /// Keeps as many of these as there is room for, and how many there are.
    void keep(std::span<const std::int64_t> all);
};

/// What happens to an object in one moment.
enum class Part : std::uint8_t {
    whole,         ///< of a call that is one
    begin,         ///< of a call that waits inside: it joins those who wait
    expire,        ///< its time is over
    end,           ///< it goes on
    leave,         ///< it waits no more, and nobody is told: its daemon has gone
    leave_openly,  ///< the same, and what its type says of who gives up happens
    lend,          ///< of a call that was given up: it got what it wanted all the same
    undo,          ///< and that is taken back
    death,         ///< what the client holds is taken back
    burial         ///< all are dead: nobody holds anything
};

/// A call as a search places it in time, or one of its parts, or the death of a client.
struct Operation {
    Call call;
    Part part = Part::whole;
    std::int64_t wait = 0;   ///< which call it is a part of
    bool contended = false;  ///< others waited for the object meanwhile, who may have been served before
    bool kept = false;       ///< for one who waited for it, of which a daemon may not have heard yet that he was served
    bool given_up = false;   ///< it lasted so long that the daemon may not have heard of it in time
    Nanoseconds called = 0;
    Nanoseconds returned = never;

    /// It may have happened, at any time from its call on, or not.
    bool pending() const { return returned == never; }

    bool did(Outcome outcome) const { return !pending() && call.outcome == outcome; }
    bool was_refused(errc code) const { return did(Outcome::refused) && call.refusal == code; }

    /// It may have returned this.
    bool returns(std::int64_t result) const { return pending() || (did(Outcome::done) && call.result == result); }
    bool returns_nothing() const { return pending() || did(Outcome::nothing); }
    bool returns_all(std::span<const std::int64_t> values) const;
};

/// The shortest that a person can read.
std::string text_of(const Call& call);
std::string text_of(const Operation& operation);

}  // namespace steward::tests::histories
