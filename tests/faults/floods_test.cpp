#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/faults/service.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/shared_memory.hpp"

// One user, or one client, sends as much as it can while the requests of another are timed.
namespace steward::tests {
namespace {

constexpr uid_t attacker_uid = 65'534;

void become(uid_t uid) {
    if (uid != ::geteuid() && (::setgroups(0, nullptr) != 0 || ::setgid(uid) != 0 || ::setuid(uid) != 0))
        throw std::runtime_error("this process cannot become another user's");
}

/// Sends the same requests over and over on all of its connections, and reads what is answered; for ever.
[[noreturn]] void flood(const std::string& socket, std::size_t connections) {
    std::vector<RawClient> clients;
    std::vector<pollfd> awaited;
    std::string requests;
    for (std::size_t i = 0; i < connections; ++i) {
        clients.emplace_back(socket);
        awaited.push_back({.fd = clients.back().fd(), .events = POLLIN | POLLOUT, .revents = 0});
    }
    for (std::uint64_t id = 1'000; requests.size() < 100'000; ++id)
        requests += RawClient::encoded(id, proto::object::Find{.name = "nobody has made this"});
    std::vector<std::size_t> sent(connections, 0);
    std::string room(1 << 16, '\0');
    for (;;) {
        ::poll(awaited.data(), awaited.size(), -1);
        for (std::size_t i = 0; i < connections; ++i) {
            if ((awaited[i].revents & POLLIN) != 0)
                ::recv(awaited[i].fd, room.data(), room.size(), MSG_DONTWAIT);
            if ((awaited[i].revents & POLLOUT) != 0)
                sent[i] =
                    (sent[i] + clients[i].send_some(std::string_view(requests).substr(sent[i]))) % requests.size();
        }
    }
}

/// Connects, opens a session and goes away, over and over.
[[noreturn]] void flood_of_connections(const std::string& socket, std::atomic<std::uint64_t>& served) {
    for (;;) {
        try {
            RawClient client(socket);
            ++served;
        } catch (const std::exception&) {  // refused; once more
        }
    }
}

class AFlood : public testing::Test {
  protected:
    void SetUp() override {
        std::filesystem::permissions(daemon_.folder(), std::filesystem::perms::others_exec,
                                     std::filesystem::perm_options::add);
    }

    void expect_service_under(uid_t uid, const std::function<void()>& attack) {
        if (uid != ::geteuid() && ::geteuid() != 0)
            GTEST_SKIP() << "not root: no process of another user can attack";
        ChildProcess attacker([&]() -> int {
            become(uid);
            attack();
            return 0;
        });
        // What is aimed at are 2 times the p99 and 0.4 of the requests, on a machine that does nothing else.
        compare_service(
            victim_,
            [&] {
                attacker.send(SIGSTOP);
                EXPECT_TRUE(comes_to_rest(daemon_.pid()));
            },
            [&] { attacker.send(SIGCONT); });
        EXPECT_LE(served_before_the_next(), 200) << "it is a few requests, and thousands without turns";
        EXPECT_FALSE(attacker.has_ended()) << "it is told to be quick and not thrown out";
    }

    /// How much of the flood is served before the next request of the victim, who asks as soon as it is answered.
    double served_before_the_next() {
        constexpr int requests = is_sanitized ? 300 : 2'000;
        std::vector<double> between;
        auto before = served();
        while (between.size() < requests) {
            const auto now = served();
            between.push_back(static_cast<double>(now - before - 1));
            before = now;
        }
        return median(std::move(between));
    }

    std::uint64_t served() { return victim_.call(proto::daemon::Status{}).requests + *connections_; }

    SharedMemory<std::atomic<std::uint64_t>> connections_;  ///< of a flood, that were served
    DaemonProcess daemon_;
    RawClient victim_{daemon_.socket()};
};

TEST_F(AFlood, OfOneUserLeavesAnotherUserHisShare) {
    expect_service_under(attacker_uid, [&] { flood(daemon_.socket(), 1); });
}

TEST_F(AFlood, OverManyConnectionsOfOneUserLeavesAnotherUserHisShare) {
    constexpr int connections = is_sanitized ? 5 : 50;  // what they have sent is worked off when they are stopped
    expect_service_under(attacker_uid, [&] { flood(daemon_.socket(), connections); });
}

TEST_F(AFlood, OfConnectionsOfOneUserLeavesAnotherUserHisShare) {
    expect_service_under(attacker_uid, [&] { flood_of_connections(daemon_.socket(), *connections_); });
}

TEST_F(AFlood, OfOneClientLeavesAnotherOfTheSameUserHisShare) {
    expect_service_under(::geteuid(), [&] { flood(daemon_.socket(), 1); });
}

}  // namespace
}  // namespace steward::tests
