#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "tests/faults/elapsed.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/process_status.hpp"

// Very many connections at once, and very many one after the other.
namespace steward::tests {
namespace {

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// A field of /proc/PID/status (proc(5)).
std::uint64_t status_of(pid_t process, const std::string& field) {
    std::istringstream lines(text_of(proc(process) / "status"));
    for (std::string word; lines >> word;) {
        std::uint64_t number = 0;
        if (word == field + ":" && lines >> number)
            return number;
    }
    ADD_FAILURE() << "process " << process << " has no " << field;
    return 0;
}

/// How often a process wakes up by itself within a second.
std::uint64_t wake_ups_in_a_second(pid_t process) {
    EXPECT_TRUE(comes_to_rest(process));
    const auto before = status_of(process, "voluntary_ctxt_switches");
    const auto begin = Clock::now();
    EXPECT_TRUE(eventually([&] { return seconds_since(begin) > 1; }));
    return status_of(process, "voluntary_ctxt_switches") - before;
}

/// A process with many connections, which it keeps until it is killed.
ChildProcess guest(const std::string& socket, std::size_t connections) {
    return ChildProcess([&]() -> int {
        std::vector<RawClient> clients;
        while (clients.size() < connections)
            clients.emplace_back(socket);
        for (;;)
            ::pause();
    });
}

/// $STEWARD_CROWD_PROCESSES with 100 connections each: 100 of them is what must be possible.
TEST(ACrowd, IsServedSoonAndCostsTheDaemonLittle) {
    constexpr std::size_t each = 100;
    const auto processes = number_from_environment("STEWARD_CROWD_PROCESSES", 20);
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < processes * (each + 1) + 100)
        GTEST_SKIP() << "the daemon may have too few descriptors (ulimit -n)";
    DaemonProcess daemon;
    RawClient witness(daemon.socket());
    const auto descriptors = open_descriptors(daemon.pid());
    const auto begin = Clock::now();
    std::vector<ChildProcess> guests;
    while (guests.size() < processes)
        guests.push_back(guest(daemon.socket(), each));
    std::vector<double> ms;
    EXPECT_TRUE(eventually([&] {
        const auto asked = Clock::now();
        const auto sessions = witness.call(proto::daemon::Status{}).sessions;
        ms.push_back(1'000 * seconds_since(asked));
        return sessions == 1 + processes * each;
    }));
    const auto took_s = seconds_since(begin);
    EXPECT_LE(open_descriptors(daemon.pid()), descriptors + processes * (each + 1)) << "one more for each process";
    const auto mebibytes = static_cast<double>(status_of(daemon.pid(), "VmRSS")) / 1024;
    std::ranges::sort(ms);
    const auto wake_ups = wake_ups_in_a_second(daemon.pid());
    std::printf(
        "[  REPORT  ] %zu connections of %zu processes after %.2f s; the daemon has %.1f MiB and wakes up %lu "
        "times in a second; another client waited %.2f ms (p99), %.2f ms (longest of %zu)\n",
        processes * each, processes, took_s, mebibytes, static_cast<unsigned long>(wake_ups), ms[ms.size() * 99 / 100],
        ms.back(), ms.size());
    EXPECT_EQ(wake_ups, 0U);
    if (!freed_memory_is_kept) {
        EXPECT_LE(mebibytes, 120);
    }
    for (auto& guest : guests)
        guest.kill();
    EXPECT_TRUE(eventually([&] { return witness.call(proto::daemon::Status{}).sessions == 1; }));
    EXPECT_TRUE(eventually([&] { return open_descriptors(daemon.pid()) == descriptors; }));
}

/// For $STEWARD_CHURN_SECONDS.
TEST(AComingAndGoing, LeavesNothingBehind) {
    const auto seconds = static_cast<double>(number_from_environment("STEWARD_CHURN_SECONDS", 3));
    DaemonProcess daemon;
    RawClient witness(daemon.socket());
    std::size_t clients = 0;
    const auto come_and_go = [&](double for_seconds) {
        for (const auto begin = Clock::now(); seconds_since(begin) < for_seconds; ++clients) {
            RawClient client(daemon.socket());
            const auto lock = open_lock(client, "lock " + std::to_string(clients % 100));
            EXPECT_TRUE(try_acquire(client, lock));
            client.call(proto::lock::Release{.object = lock});
        }
        EXPECT_TRUE(eventually([&] { return witness.call(proto::daemon::Status{}).sessions == 1; }));
    };
    come_and_go(seconds / 2);
    const auto descriptors = open_descriptors(daemon.pid());
    const auto memory = private_memory_bytes(daemon.pid());
    clients = 0;
    come_and_go(seconds / 2);
    EXPECT_EQ(open_descriptors(daemon.pid()), descriptors);
    const auto grown = static_cast<double>(private_memory_bytes(daemon.pid())) - static_cast<double>(memory);
    std::printf("[  REPORT  ] %zu clients came and went in %.0f s (%.0f /s); the daemon grew by %.0f KiB\n", clients,
                seconds / 2, static_cast<double>(clients) / seconds * 2, grown / 1024);
    if (!freed_memory_is_kept) {
        EXPECT_LE(grown, 1 << 20);
    }
}

}  // namespace
}  // namespace steward::tests
