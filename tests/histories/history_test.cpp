#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "tests/histories/conductor.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/sanitizers.hpp"

namespace steward::tests::histories {
namespace {

/// What makes a run worth something. A sanitizer makes all calls slower, and kills nobody less.
constexpr std::size_t least_calls_a_second = is_sanitized ? 50 : 200;
constexpr std::size_t least_kills_in_mid_call = 20;

constexpr std::uint64_t default_seconds = is_sanitized ? 0 : 120;

std::uint64_t chosen_seed() {
    return number_from_environment("STEWARD_HISTORIES_SEED", std::random_device{}());
}

DaemonProcess::Settings daemon_to_test() {
    const char* program = std::getenv("STEWARD_HISTORIES_DAEMON");
    return program == nullptr ? DaemonProcess::Settings{} : DaemonProcess::Settings{.program = program};
}

void expect_to_be_worth_something(const Figures& figures, std::chrono::seconds duration) {
    const auto kills = figures.kills_in_mid_call + figures.daemon_kills_in_mid_call;
    EXPECT_GE(kills, least_kills_in_mid_call)
        << "this run is invalid: too little was killed in mid-call; let it run for longer (STEWARD_HISTORIES_SECONDS)";
    EXPECT_GE(figures.calls, least_calls_a_second * static_cast<std::size_t>(duration.count()))
        << "this run is invalid: there was too little traffic to tell anything";
}

TEST(Histories, AreLinearizableWhoeverIsKilled) {
    const std::chrono::seconds duration(number_from_environment("STEWARD_HISTORIES_SECONDS", default_seconds));
    if (duration == duration.zero())
        GTEST_SKIP() << "under a sanitizer it runs where it is asked for (STEWARD_HISTORIES_SECONDS)";
    const Rules rules{.seed = chosen_seed()};
    std::cout << "seed " << rules.seed << " (again with STEWARD_HISTORIES_SEED=" << rules.seed << ")" << std::endl;
    DaemonProcess daemon(daemon_to_test());
    Figures figures;
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end && !HasFailure()) {
        const auto complaints = Round(daemon, rules, figures.rounds, figures).run();
        for (const auto& complaint : complaints)
            ADD_FAILURE() << "round " << figures.rounds << " of seed " << rules.seed << ": " << complaint;
    }
    std::cout << figures << std::endl;
    if (!HasFailure())
        expect_to_be_worth_something(figures, duration);
}

}  // namespace
}  // namespace steward::tests::histories
