#include <sched.h>
#include <sys/mount.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {
namespace {

/// This process, and nobody else, sees another file system at a place.
bool mount_for_oneself(const char* place, const char* options) {
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", place, "tmpfs", 0, options) == 0;
}

bool enter_small_shared_memory() {
    return mount_for_oneself("/dev/shm", "size=8m");
}

bool is_in_a_control_group_of_version_2() {
    std::ifstream lines("/proc/self/cgroup");
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("0::/"))
            return true;
    return false;
}

/// As the daemon of a container sees its own, which lets it have little memory.
bool enter_small_control_group() {
    const std::filesystem::path group = "/sys/fs/cgroup";
    if (!is_in_a_control_group_of_version_2() || !mount_for_oneself(group.c_str(), "size=1m"))
        return false;
    std::ofstream(group / "memory.max") << 16 * 1024 * 1024;
    std::ofstream(group / "memory.current") << 1024 * 1024;
    return true;
}

bool works_in_a_child(bool (*enter)()) {
    return ChildProcess([=] { return enter() ? 0 : 1; }).wait() == 0;
}

DaemonProcess::Settings limited() {
    return {.arguments = {"--memory-limit", "8mb"}};
}

/// Where that cannot be done, the daemon's own limit stands for what it would find there.
DaemonProcess::Settings after(bool (*enter)()) {
    if (!works_in_a_child(enter)) {
        std::printf("no right to mount, or no such control group: this test uses --memory-limit instead\n");
        return limited();
    }
    return {.before_exec = [=] {
        if (!enter())
            std::abort();
    }};
}

enum class Shortage { limit, file_system, control_group };

DaemonProcess::Settings with(Shortage shortage) {
    switch (shortage) {
        case Shortage::file_system: return after(&enter_small_shared_memory);
        case Shortage::control_group: return after(&enter_small_control_group);
        default: return limited();
    }
}

std::string name_of(Shortage shortage) {
    switch (shortage) {
        case Shortage::file_system: return "ByTheFileSystem";
        case Shortage::control_group: return "ByTheControlGroup";
        default: return "ByItsLimit";
    }
}

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

    DaemonProcess daemon_{with(GetParam())};
    RawClient client_{daemon_.socket()};
};

INSTANTIATE_TEST_SUITE_P(, AFullMemory,
                         testing::Values(Shortage::limit, Shortage::file_system, Shortage::control_group),
                         [](const auto& shortage) { return name_of(shortage.param); });

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
