#include <sched.h>
#include <sys/mount.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {
namespace {

/// Gives this process, and nobody else, a /dev/shm of a few megabytes.
bool enter_small_shared_memory() {
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=8m") == 0;
}

bool can_enter_small_shared_memory() {
    return ChildProcess([] { return enter_small_shared_memory() ? 0 : 1; }).wait() == 0;
}

DaemonProcess::Settings limited() {
    return {.arguments = {"--memory-limit", "8mb"}};
}

/// A /dev/shm that is full; without the right to mount one, the daemon's own limit stands for it.
DaemonProcess::Settings in_small_shared_memory() {
    if (!can_enter_small_shared_memory()) {
        std::printf("no right to mount: this test uses --memory-limit instead of a small /dev/shm\n");
        return limited();
    }
    return {.before_exec = [] {
        if (!enter_small_shared_memory())
            std::abort();
    }};
}

enum class Shortage { limit, file_system };

class AFullMemory : public testing::TestWithParam<Shortage> {
  protected:
    /// Appends to a list until not even the smallest value fits.
    void fill() {
        const auto list = client_.call(proto::list::Open{.open = {.name = "ballast"}}).object;
        for (std::size_t size = 1'000'000; size > 0; size /= 10) {
            const auto value = pack(std::string(size, 'x'));
            while (!client_.refusal(proto::list::Append{.object = list, .value = {value}})) {
            }
        }
        while (!client_.refusal(proto::list::Append{.object = list})) {
        }
        EXPECT_EQ(client_.refusal(proto::list::Append{.object = list}), Errc::no_memory);
    }

    DaemonProcess daemon_{GetParam() == Shortage::limit ? limited() : in_small_shared_memory()};
    RawClient client_{daemon_.socket()};
};

INSTANTIATE_TEST_SUITE_P(, AFullMemory, testing::Values(Shortage::limit, Shortage::file_system),
                         [](const auto& shortage) {
                             return shortage.param == Shortage::limit ? "ByItsLimit" : "ByTheFileSystem";
                         });

TEST_P(AFullMemory, RefusesWithNoMemoryAndEverythingElseWorks) {
    const auto lock = open_lock(client_, "lock");
    const auto value = open_value(client_, "value", pack(1));
    fill();
    EXPECT_EQ(client_.refusal(proto::value::Set{.object = value, .value = {pack(std::string(100'000, 'x'))}}),
              Errc::no_memory);
    EXPECT_EQ(value_of(client_, value), pack(1));
    client_.call(proto::value::Set{.object = value, .value = {pack(2)}});
    EXPECT_EQ(value_of(client_, value), pack(2));
    EXPECT_TRUE(try_acquire(client_, lock));
    client_.call(proto::lock::Release{.object = lock});
    EXPECT_EQ(client_.call(proto::daemon::Status{}).objects, 3U);
}

TEST_P(AFullMemory, HasRoomAgainWhenSomethingIsRemoved) {
    fill();
    client_.call(proto::object::Remove{.name = "ballast"});
    const auto large = pack(std::string(1'000'000, 'x'));
    EXPECT_TRUE(eventually(
        [&] { return !client_.refusal(proto::value::Open{.open = {.name = "large"}, .initial = {large}}); }));
}

TEST_P(AFullMemory, StillFreesTheLocksOfTheDead) {
    const auto lock = open_lock(client_, "lock");
    const Gate done;
    ChildProcess holder([&] {
        RawClient other(daemon_.socket());
        other.call(acquire(lock));
        done.open();
        return becomes_readable(other.fd()) ? 0 : 1;
    });
    done.pass();
    fill();
    holder.kill();
    // Without waiting in line, which would need memory.
    EXPECT_TRUE(eventually([&] { return try_acquire(client_, lock); }));
}

TEST(AHugeRepetition, IsRefusedBeforeTheDaemonTakesMemoryForIt) {
    DaemonProcess daemon({"--memory-limit", "64mb"});
    RawClient client(daemon.socket());
    const auto item = pack("item");
    const auto list = client.call(proto::list::Open{.open = {.name = "list"}, .initial = {{item}, {item}}}).object;
    const auto before = private_memory_bytes(daemon.pid());
    EXPECT_EQ(client.refusal(proto::list::Repeat{.object = list, .times = 100'000'000}), Errc::no_memory);
    EXPECT_EQ(client.call(proto::list::Len{.object = list}).len, 2U);
    EXPECT_LT(private_memory_bytes(daemon.pid()), before + (std::uint64_t{64} << 20));
}

}  // namespace
}  // namespace steward::tests
