#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/process_status.hpp"

// Clients that get more than they read. Replies to what they ask are tested in
// tests/integration/daemon/slow_reader_test.cpp.
namespace steward::tests {
namespace {

constexpr double mebibyte = 1 << 20;

class AnUnreadSocket : public testing::Test {
  protected:
    double grown_mebibytes() const {
        return (static_cast<double>(private_memory_bytes(daemon_.pid())) - before_) / mebibyte;
    }

    DaemonProcess daemon_;
    RawClient witness_{daemon_.socket()};
    double before_ = static_cast<double>(private_memory_bytes(daemon_.pid()));
};

/// Notifications that do not fit are counted, and the client is told how many when it reads again.
TEST_F(AnUnreadSocket, OfAStoppedWatcherCostsLittleAndIsNotClosed) {
    constexpr std::uint32_t buffer_bytes = 1 << 20;
    constexpr int changes = 20'000;
    const auto value = open_value(witness_, "value", pack(0));
    const Gate watches;
    ChildProcess watcher([&]() -> int {
        RawClient client(daemon_.socket());
        client.call(proto::watch::Open{.prefix = "value", .buffer_bytes = buffer_bytes});
        watches.open();
        std::uint64_t told = 0;
        while (told < changes) {
            const auto frame = client.next_frame();
            if (!frame)
                return 1;  // closed
            const auto change = proto::decode_params<proto::Change>(proto::decode_notification(*frame).params);
            told += change.lost + (change.what == "lost" ? 0 : 1);
        }
        return 0;
    });
    watches.pass();
    watcher.send(SIGSTOP);
    for (int i = 0; i < changes; ++i)
        witness_.call(proto::value::Set{.object = value, .value = {pack(i)}});
    const auto grown = grown_mebibytes();
    std::printf("[  REPORT  ] %d changes for a stopped watcher: the daemon grew by %.1f MiB\n", changes, grown);
    if (!freed_memory_is_kept) {
        EXPECT_LE(grown, 8);
    }
    watcher.send(SIGCONT);
    EXPECT_EQ(watcher.wait(), 0) << "it is told of each change, or that it missed it";
}

/// It waits for many items, each of which is large.
TEST_F(AnUnreadSocket, IsClosedWhereItKeepsMoreThanItsClientMayLeaveUnread) {
    constexpr int items = 100;
    constexpr std::size_t item_bytes = std::size_t{1} << 20;
    const auto queue = witness_.call(proto::queue::Open{.open = {.name = "queue"}}).object;
    RawClient greedy(daemon_.socket());
    for (int i = 0; i < items; ++i)
        greedy.request(proto::queue::Get{.object = queue, .where = {}});
    EXPECT_TRUE(eventually([&] { return waiters(witness_) == items; }));
    const auto item = pack(std::string(item_bytes, 'x'));
    for (int i = 0; i < items; ++i)
        witness_.call(proto::queue::Put{.object = queue, .value = {item}, .where = {}});
    EXPECT_TRUE(eventually([&] { return waiters(witness_) == 0; })) << "it does not wait any more";
    std::printf("[  REPORT  ] %.0f MiB for a client that does not read: the daemon grew by %.1f MiB\n",
                items * item_bytes / mebibyte, grown_mebibytes());
    if (!freed_memory_is_kept) {
        EXPECT_LE(grown_mebibytes(), 8);
    }
    greedy.read_to_end();
    EXPECT_TRUE(serves(witness_));
}

/// Half a message that is large; then the client is killed.
TEST_F(AnUnreadSocket, OrOneThatWasReadHalfGivesBackItsMemory) {
    constexpr std::size_t half_bytes = std::size_t{8} << 20;
    const auto connections = open_descriptors(daemon_.pid());
    for (int i = 0; i < 10; ++i) {
        const Gate sent;
        ChildProcess half_way([&]() -> int {
            RawClient client(daemon_.socket());
            const auto value = client.call(proto::value::Open{.open = {.name = "v"}, .initial = {pack(1)}}).object;
            const auto whole = pack(std::string(2 * half_bytes - 1'000, 'x'));
            const auto request = RawClient::encoded(99, proto::value::Set{.object = value, .value = {whole}});
            client.send(std::string_view(request).substr(0, half_bytes));
            sent.open();
            for (;;)
                ::pause();
        });
        sent.pass();
        half_way.kill();
    }
    EXPECT_TRUE(eventually([&] { return open_descriptors(daemon_.pid()) == connections; }));
    EXPECT_EQ(value_of(witness_, open_value(witness_, "v", pack(2))), pack(1)) << "half a message changes nothing";
    if (!freed_memory_is_kept) {
        EXPECT_TRUE(eventually([&] { return grown_mebibytes() < 4; }));
    }
    std::printf("[  REPORT  ] ten clients killed in the middle of a message: the daemon grew by %.1f MiB\n",
                grown_mebibytes());
}

}  // namespace
}  // namespace steward::tests
