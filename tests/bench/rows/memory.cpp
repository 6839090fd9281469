#include <memory>
#include <string>

#include "proto/objects/dict.hpp"
#include "proto/objects/lock.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/keys.hpp"
#include "tests/bench/peers/redis.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/wire_session.hpp"

namespace steward::bench {
namespace {

/// Bytes by which the memory that `memory_now` tells grows while `fill` adds `count` things, for each of them. What a
/// process has from the system counts, with all that its allocator keeps in hand.
template <class MemoryNow, class Fill>
double growth_per_thing(std::size_t count, MemoryNow memory_now, Fill fill) {
    const auto before = memory_now();
    fill();
    return static_cast<double>(memory_now() - before) / static_cast<double>(count);
}

double measure_lock(std::size_t count) {
    const auto manager = start_daemon();
    WireSession session(manager.socket());
    return growth_per_thing(
        count, [&] { return memory_bytes(manager); },
        [&] {
            std::string name;
            session.call_many(count, [&](std::size_t i) {
                name = key_of_16_bytes(i);
                return proto::lock::Open{.open = {.name = name}};
            });
        });
}

double measure_dict_entry(std::size_t count) {
    const auto manager = start_daemon();
    const Dict<std::string, std::string> dict(manager, "dict");
    WireSession session(manager.socket());
    return growth_per_thing(
        count, [&] { return memory_bytes(manager); },
        [&] {
            std::string key;
            const auto value = packed(value_of_64_bytes(0));
            session.call_many(count, [&](std::size_t i) {
                key = packed(key_of_16_bytes(i));
                return proto::dict::Set{.object = dict.id(), .key = {key}, .value = {value}};
            });
        });
}

double measure_redis_entry(std::size_t count) {
    constexpr std::size_t at_a_time = 100;
    Redis redis;
    return growth_per_thing(
        count, [&] { return private_bytes(redis.pid()); },
        [&] {
            for (std::size_t done = 0; done < count; done += at_a_time) {
                for (std::size_t i = 0; i < at_a_time; ++i)
                    redis.append({"HSET", "dict", key_of_16_bytes(done + i), value_of_64_bytes(0)});
                for (std::size_t i = 0; i < at_a_time; ++i)
                    redis.take_reply();
            }
        });
}

std::vector<Contender> dict_entry_contenders(std::size_t count) {
    std::vector<Contender> contenders{{"steward", [=] { return measure_dict_entry(count); }}};
    if (Redis::is_installed())
        contenders.push_back({"redis", [=] { return measure_redis_entry(count); }});
    return contenders;
}

/// Memory does not depend on what else the machine does: once is enough.
Row memory_row(std::string name, std::vector<Goal> goals, std::function<std::vector<Contender>()> set_up) {
    return {.name = std::move(name),
            .unit = "bytes",
            .goals = std::move(goals),
            .warm_up = false,
            .most_repetitions = 1,
            .set_up = std::move(set_up)};
}

}  // namespace

std::vector<Row> memory_rows(const Sizes& sizes) {
    return {
        memory_row("memory.lock", {{"", 256}},
                   [=] {
                       return std::vector<Contender>{{"steward", [=] { return measure_lock(sizes.locks); }}};
                   }),
        memory_row("memory.dict_entry", {{"redis", 1.0}}, [=] { return dict_entry_contenders(sizes.entries); }),
    };
}

}  // namespace steward::bench
