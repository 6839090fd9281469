#include "client/src/shared_word.hpp"

#include <sched.h>

#include <array>
#include <cstddef>
#include <exception>

#include "proto/object.hpp"

namespace steward::detail {
namespace {

/// A line of source as a thread remembers it. Needs no destructor, so that a lock may be taken while a thread ends.
struct KnownPlace {
    std::uint64_t connection;
    const char* file;
    std::uint_least32_t line;
    std::uint32_t number;
};
constexpr std::size_t most_known_places = 64;
constinit thread_local std::array<KnownPlace, most_known_places> known_places{};

/// So often is a word looked at that somebody else holds, on a machine where that somebody can be running meanwhile. A
/// lock that is held for less than a few microseconds is free by then, and asking costs more than that.
constexpr int looks_in_a_round = 20;

/// Before each look, some 25 ns each: every look takes the cache line from the holder. Measured with 2, 4 and 8
/// processes on 2 processors that hold a lock for 100 ns and do without it for as long (lock.contended of the
/// benchmark): 1,000 looks with one pause each, 100 with 10 and 20 with 100 reach the same throughput within what runs
/// differ by, 1.1 to 1.6 of a robust mutex's; with 5 looks instead of 20 single ones of 2 processes wait ten times as
/// long.
constexpr int pauses_before_a_look = 50;

/// After each round the processor is offered to others: with more processes than processors, whoever holds the lock may
/// be one that waits to run. Measured in the same way: without offering, 4 and 8 processes reach 1.05 of a mutex's
/// throughput; with one round, 8 reach 1.0; with 3, 4 reach 1.4 and 8 reach 1.3; with 20, no more, and single ones wait
/// longer.
constexpr int most_rounds = 3;

/// Each thread looks once, and again in a forked child, which may have been given others.
bool has_several_processors() noexcept {
    struct Known {
        std::uint64_t generation = 0;
        bool several = false;
    };
    thread_local Known known;
    if (const auto generation = process_generation(); known.generation != generation) {
        cpu_set_t processors;
        known = {generation, sched_getaffinity(0, sizeof processors, &processors) != 0 || CPU_COUNT(&processors) > 1};
    }
    return known.several;
}

void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

}  // namespace

bool Spin::again() noexcept {
    if (looks_ == looks_in_a_round * most_rounds || (looks_ == 0 && !has_several_processors()))
        return false;
    if (++looks_ % looks_in_a_round == 0)
        sched_yield();
    for (int i = 0; i < pauses_before_a_look; ++i)
        pause();
    return true;
}

void find_word(const ObjectState& object, WordPath& path) noexcept {
    if (path.process() == process_generation())
        return;
    try {
        if (object.word.process() != process_generation()) {
            const bool shares = object.client->connection().words() != nullptr;
            share_word(object, shares ? object.client->call(proto::object::Share{.object = object.id})->word : 0);
        }
        if (object.word.process() == process_generation())
            path.set(process_generation(), object.word.target());
    } catch (const Error&) {
        return;  // whatever is done next says why
    }
}

std::uint32_t place_of(const ObjectState& object, const std::source_location& where) noexcept {
    auto& known = known_places[where.line() % most_known_places];
    if (known.connection == object.word.connection() && known.line == where.line() && known.file == where.file_name())
        return known.number;
    auto* connection = object.client->working_connection();
    if (connection == nullptr)
        return 0;
    try {
        const auto number = connection->place_number(where);
        if (number != 0)
            known = {object.word.connection(), where.file_name(), where.line(), number};
        return number;
    } catch (const std::exception&) {
        return 0;
    }
}

void tell_held(const ObjectState& object, std::uint64_t held_ns) noexcept {
    constexpr std::uint64_t interval_ns = 1'000'000'000;
    static constinit thread_local std::uint64_t last_ns = 0;
    const auto now_ns = coarse_now_ns();
    if (now_ns - last_ns < interval_ns)
        return;
    last_ns = now_ns;
    if (auto* connection = object.client->working_connection(); connection != nullptr)
        connection->tell_held(object.id, held_ns);
}

void notify_daemon(const ObjectState& object) noexcept {
    if (auto* connection = object.client->working_connection(); connection != nullptr)
        connection->notify(object.id);  // else it finds out by itself
}

}  // namespace steward::detail
