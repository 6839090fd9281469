#include "client/cli/doctor/speed.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include <steward/steward.hpp>

#include "client/cli/display_text.hpp"
#include "client/cli/doctor/way.hpp"
#include "client/cli/median.hpp"

namespace steward::cli::doctor {
namespace {

/// Ten times what it takes where two processors do nothing else.
constexpr double long_round_trip_ns = 200'000;

/// By the word it takes some ten, by the daemon no less than two round trips.
constexpr double long_lock_ns = 2'000;

std::string text_of(double ns) {
    return time_text(static_cast<std::uint64_t>(std::llround(ns)));
}

}  // namespace

Finding judge_round_trip(double ns) {
    Finding finding{"round trip", Verdict::good, "a request takes " + text_of(ns)};
    if (ns > long_round_trip_ns) {
        finding.verdict = Verdict::warning;
        finding.advice = "the machine or the daemon is busy: `top`, and `steward top` for who asks so much";
    }
    return finding;
}

Finding judge_lock(double ns) {
    Finding finding{"lock", Verdict::good, "to take one that is free and to let it go takes " + text_of(ns)};
    if (ns > long_lock_ns) {
        finding.verdict = Verdict::warning;
        finding.advice =
            "each asks the daemon, which does not share the words of locks (`shared-words` in its configuration), or "
            "they cannot be mapped here";
    }
    return finding;
}

std::vector<Finding> measure_speed(const Manager& manager) {
    std::vector<Finding> findings{judge_round_trip(median_ns({.repetitions = 25, .operations = 4}, [&] {
        if (status_of(manager).version.empty())
            throw Error(errc::not_connected, "it does not answer any more");
    }))};
    auto lock = manager.lock();
    findings.push_back(judge_lock(median_ns({.repetitions = 25, .operations = 40}, [&] {
        lock.acquire();
        lock.release();
    })));
    return findings;
}

}  // namespace steward::cli::doctor
