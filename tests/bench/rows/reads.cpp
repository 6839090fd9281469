#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/busy_process.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/in_shared_memory.hpp"
#include "tests/bench/keys.hpp"
#include "tests/bench/peers/boost_map.hpp"
#include "tests/bench/peers/lmdb.hpp"
#include "tests/bench/peers/mutex.hpp"
#include "tests/bench/peers/redis.hpp"
#include "tests/bench/processors.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"

namespace steward::bench {
namespace {

class RobustInteger {
  public:
    std::int64_t get() {
        const std::scoped_lock guard(mutex_);
        return integer_;
    }

  private:
    RobustMutex mutex_;
    std::int64_t integer_ = 1;
};

class RedisInteger {
  public:
    RedisInteger() { redis_.call({"SET", "value", "1"}); }
    void get() { redis_.call({"GET", "value"}); }

  private:
    Redis redis_;
};

std::vector<Contender> value_contenders(const Sizes& sizes) {
    auto value = std::make_shared<Value<std::int64_t>>(start_daemon(), "value", 1);
    auto robust = std::make_shared<InSharedMemory<RobustInteger>>();
    std::vector<Contender> contenders{
        {"steward",
         [=, count = sizes.reads_in_a_row] {
             return ns_per_operation(count, [&](std::size_t) { keep(value->get()); });
         }},
        {"robust",
         [=, count = sizes.reads_in_a_row] {
             return ns_per_operation(count, [&](std::size_t) { keep((*robust)->get()); });
         }},
    };
    if (Redis::is_installed())
        contenders.push_back({"redis", [=, redis = std::make_shared<RedisInteger>(), count = sizes.round_trips] {
                                  return ns_per_operation(count, [&](std::size_t) { redis->get(); });
                              }});
    return contenders;
}

using StringDict = Dict<std::string, std::string>;

StringDict filled_dict(const Manager& manager, const std::vector<std::string>& keys) {
    constexpr std::size_t keys_at_a_time = 1'000;
    StringDict dict(manager, "dict");
    std::map<std::string, std::string> some;
    for (const auto& key : keys) {
        some.emplace(key, value_of_64_bytes(0));
        if (some.size() == keys_at_a_time)
            dict.update(std::exchange(some, {}));
    }
    dict.update(some);
    return dict;
}

class RedisStrings {
  public:
    explicit RedisStrings(const std::vector<std::string>& keys) {
        for (const auto& key : keys)
            redis_.append({"SET", key, value_of_64_bytes(0)});
        for (std::size_t i = 0; i < keys.size(); ++i)
            redis_.take_reply();
    }
    void get(const std::string& key) { redis_.call({"GET", key}); }

  private:
    Redis redis_;
};

class FilledLmdb {
  public:
    explicit FilledLmdb(const std::vector<std::string>& keys) { lmdb_.fill(keys, value_of_64_bytes(0)); }
    std::string get(const std::string& key) { return lmdb_.get(key); }

  private:
    TemporaryFolder folder_ = Lmdb::folder();
    Lmdb lmdb_{folder_.path()};
};

template <class Get>
Contender getting(const char* name, std::size_t count, KeysInNoOrder keys, Get get) {
    return {name, [=]() mutable { return ns_per_operation(count, [&](std::size_t) { get(keys.next()); }); }};
}

std::vector<Contender> dict_contenders(const Sizes& sizes) {
    const KeysInNoOrder keys(sizes.entries_to_read);
    const auto stored = keys_as_stored(sizes.entries_to_read);
    const auto count = sizes.entries_to_read;
    std::vector<Contender> contenders{
        getting("steward", count, keys,
                [dict = filled_dict(start_daemon(), stored)](const auto& key) { keep(dict.get(key)); }),
        getting("lmdb", count, keys,
                [lmdb = std::make_shared<FilledLmdb>(stored)](const auto& key) { keep(lmdb->get(key)); }),
        getting("boost", count, keys,
                [map = std::make_shared<BoostMap>(stored, value_of_64_bytes(0))](const auto& key) {
                    keep(map->get(key));
                })};
    if (Redis::is_installed())
        contenders.push_back(
            getting("redis", sizes.round_trips, keys,
                    [redis = std::make_shared<RedisStrings>(stored)](const auto& key) { redis->get(key); }));
    return contenders;
}

/// Keys to write and, beside each, a value that it did not have just before.
class Writes {
  public:
    explicit Writes(KeysInNoOrder keys) : keys_(std::move(keys)), next_(keys_.all().size()) {}

    template <class Set>
    void one(Set set) {
        set(keys_.all()[next_()], value_of_64_bytes(++count_));
    }

  private:
    KeysInNoOrder keys_;
    Shuffle next_;
    std::size_t count_ = 0;
};

/// Sets, each of which has happened before the next, as a transaction of LMDB has; or many at a time.
class DictWriter {
  public:
    DictWriter(const Manager& manager, StringDict dict, KeysInNoOrder keys, std::size_t in_flight)
        : dict_(std::move(dict)), writes_(std::move(keys)), pipeline_(manager.pipeline()), in_flight_(in_flight) {}

    void write() {
        if (in_flight_ == 1)
            writes_.one([&](const auto& key, const auto& value) { dict_.set(key, value); });
        else
            write_many();
    }

  private:
    void write_many() {
        for (std::size_t i = 0; i < in_flight_; ++i)
            writes_.one(
                [&](const auto& key, const auto& value) { replies_.push_back(pipeline_.set(dict_, key, value)); });
        for (auto& reply : replies_)
            reply.get();
        replies_.clear();
    }

    StringDict dict_;
    Writes writes_;
    Pipeline pipeline_;
    std::size_t in_flight_;
    std::vector<Future<void>> replies_;
};

/// The writer and the daemon have the processors that this process leaves them.
class StewardUnderWrites {
  public:
    StewardUnderWrites(const KeysInNoOrder& keys, std::size_t in_flight) : keys_(keys), in_flight_(in_flight) {
        use_other_processors(pid_of_daemon(manager_));
    }

    template <class Measure>
    double measure(Measure measure) {
        return writer_.meanwhile([&] { return measure([&] { keep(dict_.get(keys_.next())); }); });
    }

  private:
    BusyProcess::Operation begin_to_write() {
        return [writer = std::make_shared<DictWriter>(manager_, dict_, keys_, in_flight_)] { writer->write(); };
    }

    KeysInNoOrder keys_;
    std::size_t in_flight_;
    Manager manager_ = start_daemon();
    StringDict dict_ = filled_dict(manager_, keys_as_stored(keys_.all().size()));
    BusyProcess writer_{[this] { return begin_to_write(); }};
};

class LmdbUnderWrites {
  public:
    explicit LmdbUnderWrites(const KeysInNoOrder& keys) : keys_(keys) {
        lmdb_.fill(keys_as_stored(keys.all().size()), value_of_64_bytes(0));
    }

    template <class Measure>
    double measure(Measure measure) {
        return writer_.meanwhile([&] { return measure([&] { keep(lmdb_.get(keys_.next())); }); });
    }

  private:
    BusyProcess::Operation begin_to_write() {
        return [writes = Writes(keys_), lmdb = std::make_shared<Lmdb>(folder_.path())]() mutable {
            writes.one([&](const auto& key, const auto& value) { lmdb->set(key, value); });
        };
    }

    KeysInNoOrder keys_;
    TemporaryFolder folder_ = Lmdb::folder();
    BusyProcess writer_{[this] { return begin_to_write(); }};
    Lmdb lmdb_{folder_.path()};
};

template <class Measure>
std::vector<Contender> under_writes_contenders(std::size_t entries, Measure measure, std::size_t in_flight = 1) {
    const KeysInNoOrder keys(entries);
    return {{"steward",
             [=, dict = std::make_shared<StewardUnderWrites>(keys, in_flight)] { return dict->measure(measure); }},
            {"lmdb", [=, lmdb = std::make_shared<LmdbUnderWrites>(keys)] { return lmdb->measure(measure); }}};
}

/// How often the kernel gave the processor to somebody else although this thread wanted it.
long interruptions() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

/// The longest that one get takes, but for those that the machine interrupted for others: that has nothing to do with
/// what is read.
template <class Get>
double longest_wait_us(Get get) {
    constexpr auto duration = std::chrono::milliseconds(60);
    std::chrono::nanoseconds longest{};
    const auto start = std::chrono::steady_clock::now();
    for (auto begin = start; begin - start < duration; begin = std::chrono::steady_clock::now()) {
        const auto interrupted = interruptions();
        get();
        const auto waited = std::chrono::steady_clock::now() - begin;
        if (waited > longest && interruptions() == interrupted)
            longest = waited;
    }
    return std::chrono::duration<double, std::micro>(longest).count();
}

}  // namespace

std::vector<Row> read_rows(const Sizes& sizes) {
    // Each key is read once in a repetition, so that whoever's turn it is has the caches to himself for most of it.
    constexpr int most_rounds = 21;
    const auto ns_per_get = [count = sizes.entries_to_read](auto get) {
        return ns_per_operation(count, [&](std::size_t) { get(); });
    };
    const auto longest_wait = [](auto get) { return longest_wait_us(get); };
    return {{.name = "value.get",
             .unit = "ns",
             .goals = {{"robust", 1.0}, {"redis", 0.002}},
             .set_up = [=] { return value_contenders(sizes); }},
            {.name = "dict.get",
             .unit = "ns",
             .goals = {{"lmdb", 0.5}, {"boost", 0.6}, {"redis", 0.01}},
             .most_repetitions = most_rounds,
             .set_up = [=] { return dict_contenders(sizes); }},
            {.name = "dict.get.under_writes",
             .unit = "ns",
             .goals = {{"lmdb", 1.0}},
             .most_repetitions = most_rounds,
             .set_up = [=] { return under_writes_contenders(sizes.entries_to_read, ns_per_get); }},
            {.name = "dict.get.under_pipelined_writes",
             .unit = "ns",
             .most_repetitions = most_rounds,
             .set_up =
                 [=] {
                     constexpr std::size_t in_flight = 64;
                     return under_writes_contenders(sizes.entries_to_read, ns_per_get, in_flight);
                 }},
            {.name = "dict.get.under_writes.longest_wait",
             .unit = "us",
             .goals = {{"", 1000}},
             .most_repetitions = 15,
             .set_up = [=] { return under_writes_contenders(sizes.entries_to_read, longest_wait); }}};
}

}  // namespace steward::bench
