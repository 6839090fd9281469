#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

#include "tests/faults/elapsed.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {

/// What a client gets that asks, waits for the reply, and asks again.
struct Service {
    double p50_us = 0;
    double p99_us = 0;
    double requests_per_s = 0;
};

inline double median(std::vector<double> numbers) {
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::ranges::nth_element(numbers, middle);
    return *middle;
}

inline Service median_of(const std::vector<Service>& services) {
    const auto of = [&](double Service::*member) {
        std::vector<double> numbers;
        for (const auto& service : services)
            numbers.push_back(service.*member);
        return median(std::move(numbers));
    };
    return {
        .p50_us = of(&Service::p50_us), .p99_us = of(&Service::p99_us), .requests_per_s = of(&Service::requests_per_s)};
}

inline Service service_for(RawClient& client, std::uint64_t value) {
    constexpr std::size_t requests = 2'000;
    constexpr std::chrono::milliseconds longest(200);
    std::vector<double> us;
    us.reserve(requests);
    const auto begin = Clock::now();
    while (us.empty() || (us.size() < requests && Clock::now() - begin < longest)) {
        const auto asked = Clock::now();
        client.call(proto::value::Get{.object = value});
        us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - asked).count());
    }
    const std::chrono::duration<double> all = Clock::now() - begin;
    std::ranges::sort(us);
    return {.p50_us = us[us.size() / 2],
            .p99_us = us[us.size() * 99 / 100],
            .requests_per_s = static_cast<double>(us.size()) / all.count()};
}

/// The service without and with something that may harm it.
struct Comparison {
    Service alone;
    Service harmed;

    double median_ratio() const { return harmed.p50_us / alone.p50_us; }
    double p99_ratio() const { return harmed.p99_us / alone.p99_us; }
    double share() const { return harmed.requests_per_s / alone.requests_per_s; }
};

/// Measures both in turn, many times over, so that whatever else the machine does meets both.
template <class Rest, class Harm>
Comparison compare_service(RawClient& client, Rest&& rest, Harm&& harm) {
    constexpr int rounds = 9;
    const auto value = open_value(client, "value that is asked for", pack(1));
    std::vector<Service> alone;
    std::vector<Service> harmed;
    for (int round = 0; round < rounds; ++round) {
        rest();
        alone.push_back(service_for(client, value));
        harm();
        harmed.push_back(service_for(client, value));
    }
    const Comparison both{.alone = median_of(alone), .harmed = median_of(harmed)};
    std::printf(
        "[  REPORT  ] p50 %.0f us, then %.0f us; p99 %.0f us, then %.0f us (%.2f); %.0f /s, then %.0f /s (%.2f)\n",
        both.alone.p50_us, both.harmed.p50_us, both.alone.p99_us, both.harmed.p99_us, both.p99_ratio(),
        both.alone.requests_per_s, both.harmed.requests_per_s, both.share());
    return both;
}

}  // namespace steward::tests
