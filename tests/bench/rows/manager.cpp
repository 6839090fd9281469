#include <memory>
#include <string>

#include "tests/bench/daemon_process.hpp"
#include "tests/bench/keys.hpp"
#include "tests/bench/peers/python_manager.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"

namespace steward::bench {
namespace {

constexpr std::size_t dict_keys = 1'000;  // as many as manager_peer.py has
// In the time of one call of a Manager. As few as he makes are over in microseconds, in which cold caches are all that
// counts.
constexpr std::size_t calls_for_one = 100;

Contender python_manager(const std::string& operation, std::size_t count) {
    return {"manager", [=, python = std::make_shared<PythonManager>()] { return python->measure(operation, count); }};
}

class StewardDict {
  public:
    StewardDict() {
        for (const auto& key : keys_)
            dict_.set(key, value_of_64_bytes(0));
    }

    double measure_get(std::size_t count) const {
        return ns_per_operation(count, [&](std::size_t i) { dict_.at(keys_[i % keys_.size()]); });
    }

  private:
    std::vector<std::string> keys_ = keys_of_16_bytes(dict_keys);
    Dict<std::string, std::string> dict_{start_daemon(), "dict"};
};

std::vector<Contender> dict_get_contenders(std::size_t count) {
    return {
        {"steward", [=, dict = std::make_shared<StewardDict>()] { return dict->measure_get(count * calls_for_one); }},
        python_manager("dict_get", count)};
}

std::vector<Contender> lock_contenders(std::size_t count) {
    auto lock = std::make_shared<Lock>(start_daemon(), "lock");
    return {{"steward",
             [=] {
                 return ns_per_operation(count * calls_for_one, [&](std::size_t) {
                     lock->acquire();
                     lock->release();
                 });
             }},
            python_manager("lock", count)};
}

}  // namespace

std::vector<Row> manager_rows(const Sizes& sizes) {
    return {
        {.name = "manager.dict_get",
         .unit = "ns",
         .goals = {{"manager", 0.01}},
         .set_up = [=] { return dict_get_contenders(sizes.manager_calls); }},
        {.name = "manager.lock",
         .unit = "ns",
         .goals = {{"manager", 0.001}},
         .set_up = [=] { return lock_contenders(sizes.manager_calls); }},
    };
}

}  // namespace steward::bench
