#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "shared/control_group.hpp"
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

/// A group below the one of this process that lets those in it have little memory; where root may make one, and the
/// kernel has the memory limited there (cgroups(7): in version 2, not below a group that has processes itself).
class SmallControlGroup {
  public:
    SmallControlGroup() {
        for (const auto& group : shared::ControlGroup::own())
            if (!made_ && make_in(group.folder()))
                made_ = true;
    }
    SmallControlGroup(const SmallControlGroup&) = delete;
    SmallControlGroup& operator=(const SmallControlGroup&) = delete;
    ~SmallControlGroup() {
        EXPECT_TRUE(!made_ || eventually([&] { return ::rmdir(folder_.c_str()) == 0; })) << folder_;
    }

    bool enter() const { return made_ && write("cgroup.procs", ::getpid()); }

  private:
    bool make_in(const std::filesystem::path& parent) {
        folder_ = parent / ("steward-test-" + std::to_string(::getpid()));
        if (::mkdir(folder_.c_str(), 0755) != 0)
            return false;
        for (const auto* limit : {"memory.max", "memory.limit_in_bytes"})
            if (std::filesystem::exists(folder_ / limit) && write(limit, most_bytes))
                return true;
        ::rmdir(folder_.c_str());
        return false;
    }

    bool write(const char* file, std::uint64_t number) const {
        std::ofstream stream(folder_ / file);
        return static_cast<bool>(stream << number << std::flush);
    }

    static constexpr std::uint64_t most_bytes = has_address_sanitizer ? 512 << 20 : 48 << 20;

    std::filesystem::path folder_;
    bool made_ = false;
};

bool works_in_a_child(const std::function<bool()>& enter) {
    return ChildProcess([=] { return enter() ? 0 : 1; }).wait() == 0;
}

DaemonProcess::Settings limited() {
    return {.arguments = {"--memory-limit", "8mb"}};
}

/// Where that cannot be done, the daemon's own limit stands for what it would find there.
DaemonProcess::Settings after(const std::function<bool()>& enter) {
    if (!works_in_a_child(enter)) {
        std::printf("no right to do that here: this test uses --memory-limit instead\n");
        return limited();
    }
    return {.before_exec = [=] {
        if (!enter())
            std::abort();
    }};
}

enum class Shortage { limit, file_system, control_group };

DaemonProcess::Settings with(Shortage shortage, const SmallControlGroup& group) {
    switch (shortage) {
        case Shortage::file_system: return after(&enter_small_shared_memory);
        case Shortage::control_group: return after([&] { return group.enter(); });
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

    SmallControlGroup group_;  // is left before it goes
    DaemonProcess daemon_{with(GetParam(), group_)};
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
