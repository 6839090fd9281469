#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/faults/elapsed.hpp"
#include "tests/faults/service.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/process_status.hpp"

// What it costs that the daemon has no descriptor left. That it refuses and goes on is tested in
// tests/integration/daemon/descriptors_test.cpp.
namespace steward::tests {
namespace {

/// Seconds of processor time that a process has used: proc(5), fields 14 and 15 of stat.
double processor_seconds(pid_t process) {
    const auto stat = text_of(proc(process) / "stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    double user_ticks = 0;
    double system_ticks = 0;
    fields >> user_ticks >> system_ticks;
    return (user_ticks + system_ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// A client that tries to get a session.
std::optional<RawClient> newcomer(const std::string& socket) {
    RawClient client(socket, RawClient::Begin::without_session);
    client.send(RawClient::encoded(1, proto::session::Open{.client_name = "newcomer", .capabilities = {}}));
    const auto frame = client.next_frame();
    if (!frame || proto::kind_of(*frame) != proto::EnvelopeKind::response || proto::decode_response(*frame).refused)
        return std::nullopt;
    return client;
}

TEST(Exhaustion, OfDescriptorsIsQuietAndSoonOver) {
    DaemonProcess daemon({.before_exec = [] {
        const rlimit few{64, 64};
        ::setrlimit(RLIMIT_NOFILE, &few);
    }});
    RawClient witness(daemon.socket());
    std::vector<RawClient> connected;
    const auto fill = [&] {
        while (auto client = newcomer(daemon.socket()))
            connected.push_back(std::move(*client));
    };
    fill();
    std::vector<double> refused_ms;
    while (refused_ms.size() < 100) {
        const auto begin = Clock::now();
        EXPECT_FALSE(newcomer(daemon.socket()));
        refused_ms.push_back(ms_since(begin));
    }
    std::ranges::sort(refused_ms);

    const auto before = processor_seconds(daemon.pid());
    const auto begin = Clock::now();
    EXPECT_TRUE(eventually([&] { return ms_since(begin) > 1'000; }));
    const auto share = (processor_seconds(daemon.pid()) - before) / ms_since(begin) * 1'000;

    const auto service = compare_service(
        witness, [&] { connected.clear(); }, fill);
    fill();
    const auto room = Clock::now();
    connected.clear();
    EXPECT_TRUE(eventually([&] { return newcomer(daemon.socket()).has_value(); }));
    const auto recovered_ms = ms_since(room);

    std::printf(
        "[  REPORT  ] told busy after %.2f ms (median), %.2f ms (longest of 100); %.1f %% of a processor while "
        "there is none left; p99 of others %.2f times as long; room for another after %.1f ms\n",
        refused_ms[50], refused_ms.back(), 100 * share, service.p99_ratio(), recovered_ms);
    EXPECT_LE(refused_ms[50], 100);
    EXPECT_LE(share, 0.05);
    EXPECT_LE(recovered_ms, 1'000);
}

}  // namespace
}  // namespace steward::tests
