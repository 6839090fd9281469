#include <memory>
#include <string>
#include <utility>

#include "proto/envelope.hpp"
#include "proto/objects/value.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/keys.hpp"
#include "tests/bench/peers/echo.hpp"
#include "tests/bench/peers/redis.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"
#include "tests/bench/wire_session.hpp"

namespace steward::bench {
namespace {

constexpr std::size_t in_flight = 64;
constexpr std::size_t socket_dict_keys = 10'000;

Value<std::string> new_value() {
    return {start_daemon(), "value"};
}

/// The bytes that setting the value sends.
std::string request_of(const Value<std::string>& value) {
    constexpr std::uint64_t some_request = 1000;
    const auto bytes = packed(value_of_64_bytes(0));
    std::string request;
    proto::encode_request(request, some_request, proto::value::Set{.object = value.id(), .value = {bytes}});
    return request;
}

std::vector<Contender> round_trip_contenders(std::size_t count) {
    auto value = std::make_shared<Value<std::string>>(new_value());
    auto echo = std::make_shared<Echo>();
    std::vector<Contender> contenders{
        {"steward", [=] { return ns_per_operation(count, [&](std::size_t i) { value->set(value_of_64_bytes(i)); }); }},
        {"echo", [=, request = request_of(
                         *value)] { return ns_per_operation(count, [&](std::size_t) { echo->round_trip(request); }); }},
    };
    if (Redis::is_installed())
        contenders.push_back({"redis", [=, redis = std::make_shared<Redis>()] {
                                  return ns_per_operation(count, [&](std::size_t i) {
                                      redis->call({"SET", "value", value_of_64_bytes(i)});
                                  });
                              }});
    return contenders;
}

/// 64 requests at a time, get and set in turn, of keys in no order: the same for both.
class Batches {
  public:
    explicit Batches(std::size_t count) : count_(count) {}

    /// Operations per second. `get` is called with a key and `set` with a key and a value, in turn, then `finish`.
    template <class Get, class Set, class Finish>
    double measure(Get get, Set set, Finish finish) {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t batch = 0; batch < count_; ++batch) {
            for (std::size_t i = 0; i < in_flight; i += 2) {
                get(keys_[next_()]);
                set(keys_[next_()], value_of_64_bytes(batch + i / 2));
            }
            finish();
        }
        return static_cast<double>(count_ * in_flight) * 1e9 / nanoseconds_since(start);
    }

    const std::vector<std::string>& keys() const { return keys_; }

  private:
    std::size_t count_;
    std::vector<std::string> keys_ = keys_of_16_bytes(socket_dict_keys);
    Shuffle next_{socket_dict_keys};
};

class PipelinedSteward {
  public:
    explicit PipelinedSteward(std::size_t batches) : batches_(batches) {
        for (const auto& key : batches_.keys())
            dict_.set(key, value_of_64_bytes(0));
    }

    double measure() {
        auto pipeline = manager_.pipeline();
        return batches_.measure(
            [&](const std::string& key) { gets_.push_back(pipeline.get(dict_, key)); },
            [&](const std::string& key, const std::string& value) { sets_.push_back(pipeline.set(dict_, key, value)); },
            [&] { finish(); });
    }

  private:
    void finish() {
        for (auto& get : gets_)
            get.get().value();
        for (auto& set : sets_)
            set.get();
        gets_.clear();
        sets_.clear();
    }

    Batches batches_;
    Manager manager_ = start_daemon();
    Dict<std::string, std::string> dict_{manager_, "dict"};
    std::vector<Future<std::optional<std::string>>> gets_;
    std::vector<Future<void>> sets_;
};

class PipelinedRedis {
  public:
    explicit PipelinedRedis(std::size_t batches) : batches_(batches) {
        for (const auto& key : batches_.keys())
            redis_.call({"HSET", "dict", key, value_of_64_bytes(0)});
    }

    double measure() {
        return batches_.measure(
            [&](const std::string& key) {
                redis_.append({"HGET", "dict", key});
            },
            [&](const std::string& key, const std::string& value) {
                redis_.append({"HSET", "dict", key, value});
            },
            [&] { finish(); });
    }

  private:
    void finish() {
        for (std::size_t i = 0; i < in_flight; ++i)
            redis_.take_reply();
    }

    Batches batches_;
    Redis redis_;
};

std::vector<Contender> pipelined_contenders(std::size_t batches) {
    std::vector<Contender> contenders{
        {"steward", [steward = std::make_shared<PipelinedSteward>(batches)] { return steward->measure(); }}};
    if (Redis::is_installed())
        contenders.push_back(
            {"redis", [redis = std::make_shared<PipelinedRedis>(batches)] { return redis->measure(); }});
    return contenders;
}

}  // namespace

std::vector<Row> socket_rows(const Sizes& sizes) {
    return {
        {.name = "socket.round_trip",
         .unit = "ns",
         .goals = {{"echo", 1.25}, {"redis", 1.0}},
         .set_up = [=] { return round_trip_contenders(sizes.round_trips); }},
        {.name = "socket.pipelined",
         .unit = "op/s",
         .better = Better::higher,
         .goals = {{"redis", 1.0}},
         .set_up = [=] { return pipelined_contenders(sizes.batches); }},
    };
}

}  // namespace steward::bench
