#include <sys/resource.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include "proto/objects/dict.hpp"
#include "proto/objects/lock.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/keys.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"
#include "tests/bench/wire_session.hpp"

namespace steward::bench {
namespace {

constexpr std::size_t few_objects = 100;
constexpr double most_slowdown = 1.3;

/// A daemon with that many objects, half of them locks and half dicts.
class Crowd {
  public:
    explicit Crowd(std::size_t objects) : each_(objects / 2), next_(each_) {
        WireSession session(manager_.socket());
        std::string name;
        session.call_many(each_, [&](std::size_t i) {
            name = lock_name(i);
            return proto::lock::Open{.open = {.name = name}};
        });
        session.call_many(each_, [&](std::size_t i) {
            name = dict_name(i);
            return proto::dict::Open{.open = {.name = name}, .initial = {}};
        });
        for (std::size_t i = 0; i < dicts_in_use; ++i)
            dicts_.emplace_back(manager_, dict_name(next_()));
    }

    /// Sets a key of one dict after the other, to another value in each round.
    double measure_dict_set(std::size_t count) {
        return ns_per_operation(count, [&](std::size_t) {
            const auto round = sets_ / dicts_in_use;
            dicts_[sets_++ % dicts_in_use].set("key", value_of_64_bytes(round));
        });
    }

    /// Opens some lock that exists.
    double measure_lock_open(std::size_t count) {
        return ns_per_operation(count, [&](std::size_t) { const Lock lock(manager_, lock_name(next_())); });
    }

  private:
    static constexpr std::size_t dicts_in_use = 1'000;

    static std::string lock_name(std::size_t number) { return "lock/" + std::to_string(number); }
    static std::string dict_name(std::size_t number) { return "dict/" + std::to_string(number); }

    std::size_t each_;
    Shuffle next_;
    Manager manager_ = start_daemon();
    std::vector<Dict<std::string, std::string>> dicts_;
    std::size_t sets_ = 0;
};

using CrowdMeasure = double (Crowd::*)(std::size_t);

std::vector<Contender> crowd_contenders(std::size_t objects, std::size_t count, CrowdMeasure measure) {
    const auto contender = [=](const char* name, std::size_t size) -> Contender {
        return {name, [=, crowd = std::make_shared<Crowd>(size)] { return (*crowd.*measure)(count); }};
    };
    return {contender("steward", objects), contender("small", few_objects)};
}

void raise_descriptor_limit(std::size_t descriptors) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_max < descriptors || ::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw std::system_error(EMFILE, std::generic_category(),
                                std::to_string(descriptors) + " descriptors are needed (ulimit -Hn)");
}

/// A daemon with that many sessions that do nothing, and one that does something.
class IdleSessions {
  public:
    explicit IdleSessions(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            idle_.emplace_back(value_manager_.socket());
    }

    double measure_round_trip(std::size_t count) {
        return ns_per_operation(count, [&](std::size_t i) { value_.set(value_of_64_bytes(i)); });
    }

  private:
    Manager value_manager_ = start_daemon();
    Value<std::string> value_{value_manager_, "value"};
    std::vector<WireSession> idle_;
};

std::vector<Contender> session_contenders(std::size_t sessions, std::size_t count) {
    constexpr std::size_t descriptors_of_the_rest = 100;
    raise_descriptor_limit(sessions + descriptors_of_the_rest);
    const auto contender = [=](const char* name, std::size_t idle) -> Contender {
        return {name, [=, crowd = std::make_shared<IdleSessions>(idle)] { return crowd->measure_round_trip(count); }};
    };
    return {contender("steward", sessions), contender("small", 1)};
}

}  // namespace

std::vector<Row> scale_rows(const Sizes& sizes) {
    return {
        {.name = "scale.objects.dict_set",
         .unit = "ns",
         .goals = {{"small", most_slowdown}},
         .set_up = [=] { return crowd_contenders(sizes.crowd, sizes.round_trips, &Crowd::measure_dict_set); }},
        {.name = "scale.objects.lock_open",
         .unit = "ns",
         .goals = {{"small", most_slowdown}},
         .set_up = [=] { return crowd_contenders(sizes.crowd, sizes.round_trips, &Crowd::measure_lock_open); }},
        {.name = "scale.sessions",
         .unit = "ns",
         .goals = {{"small", most_slowdown}},
         .set_up = [=] { return session_contenders(sizes.idle_sessions, sizes.round_trips); }},
    };
}

}  // namespace steward::bench
