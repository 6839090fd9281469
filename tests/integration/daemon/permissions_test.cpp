#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "shared/unique_fd.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/handed_descriptors.hpp"

namespace steward::tests {
namespace {

constexpr uid_t stranger_uid = 54'321;
constexpr gid_t stranger_gid = 54'322;
constexpr gid_t staff_gid = 54'323;

/// Processes of other users. Only root can make them; as anybody else these tests show only that the caller may do
/// with its own objects what it likes, and say so.
class BetweenUsers : public testing::Test {
  protected:
    BetweenUsers() {
        std::filesystem::permissions(daemon_.folder(), std::filesystem::perms(0755));
        if (!is_root())
            std::printf("not root: no process of another user takes part in this test\n");
    }

    static bool is_root() { return ::geteuid() == 0; }

    /// What a process of another user gets for a request; `own` where this process cannot become another user.
    std::optional<Errc> refusal_for(std::vector<gid_t> groups,
                                    const std::function<std::optional<Errc>(RawClient&)>& act,
                                    std::optional<Errc> own) {
        if (!is_root())
            return own;
        ChildProcess stranger([&] {
            if (::setgroups(groups.size(), groups.data()) != 0 || ::setgid(stranger_gid) != 0 ||
                ::setuid(stranger_uid) != 0)
                return 255;
            RawClient client(daemon_.socket());
            const auto refusal = act(client);
            return refusal ? static_cast<int>(*refusal) : 0;
        });
        const int code = stranger.wait();
        return code == 0 ? std::nullopt : std::optional(static_cast<Errc>(code));
    }

    DaemonProcess daemon_;
    RawClient owner_{daemon_.socket()};
};

TEST_F(BetweenUsers, AnObjectIsItsOwnersAlone) {
    const auto lock = open_lock(owner_, "mine", 0600);
    const auto use = [&](RawClient& client) { return client.refusal(acquire(lock, 0)); };
    const auto look = [&](RawClient& client) { return client.refusal(proto::object::Find{.name = "mine"}); };
    const auto open = [&](RawClient& client) { return client.refusal(proto::lock::Open{.open = {.name = "mine"}}); };
    EXPECT_EQ(refusal_for({}, use, Errc::no_permission), Errc::no_permission);
    EXPECT_EQ(refusal_for({}, look, Errc::no_permission), Errc::no_permission);
    EXPECT_EQ(refusal_for({}, open, Errc::no_permission), Errc::no_permission);
    EXPECT_TRUE(try_acquire(owner_, lock));
}

TEST_F(BetweenUsers, AnObjectIsSharedAsItsModeSays) {
    const auto lock = open_lock(owner_, "for all", 0666);
    const auto use = [&](RawClient& client) { return client.refusal(acquire(lock, 0)); };
    const auto remove = [&](RawClient& client) { return client.refusal(proto::object::Remove{.name = "for all"}); };
    EXPECT_EQ(refusal_for({}, use, std::nullopt), std::nullopt);
    EXPECT_EQ(refusal_for({}, remove, Errc::no_permission), Errc::no_permission);
    EXPECT_TRUE(owner_.call(acquire(lock)).acquired) << "the other user's process has died";
}

TEST_F(BetweenUsers, AnObjectOfAnotherUserCanBeMadeAndIsSeenByRoot) {
    const auto make = [](RawClient& client) {
        return client.refusal(proto::value::Open{.open = {.name = "theirs"}, .initial = {pack("secret")}});
    };
    EXPECT_EQ(refusal_for({}, make, std::nullopt), std::nullopt);
    if (is_root()) {
        EXPECT_EQ(owner_.call(proto::object::Find{.name = "theirs"}).owner, stranger_uid);
        EXPECT_EQ(daemon_.memory_files().size(), 4U) << "heap and words of each user";
    }
}

TEST_F(BetweenUsers, SupplementaryGroupsCountAsTheKernelKnowsThem) {
    if (!is_root())
        return;
    std::uint64_t lock = 0;
    const Gate made;
    ChildProcess maker([&] {
        if (::setgroups(0, nullptr) != 0 || ::setgid(staff_gid) != 0 || ::setuid(stranger_uid + 1) != 0)
            return 255;
        RawClient client(daemon_.socket());
        open_lock(client, "for the group", 0660);
        return 0;
    });
    ASSERT_EQ(maker.wait(), 0);
    lock = owner_.call(proto::object::Find{.name = "for the group"}).object;
    const auto use = [&](RawClient& client) { return client.refusal(acquire(lock, 0)); };
    EXPECT_EQ(refusal_for({}, use, std::nullopt), Errc::no_permission);
    EXPECT_EQ(refusal_for({staff_gid}, use, std::nullopt), std::nullopt);
}

/// What another user's process finds in the memory that it is given.
class MemoryBetweenUsers : public BetweenUsers {
  protected:
    /// By the mark that it finds; 0: none of them.
    enum Found : int { nothing = 0, owners_mark = 1, own_mark = 2, may_write = 4, may_open_again = 8 };

    static std::string content_of(int file) {
        struct stat about {};
        if (::fstat(file, &about) != 0 || about.st_size == 0)
            return {};
        const auto bytes = static_cast<std::size_t>(about.st_size);
        void* memory = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
        if (memory == MAP_FAILED)
            return {};
        std::string content(static_cast<const char*>(memory), bytes);
        ::munmap(memory, bytes);
        return content;
    }

    static int look_at(const std::vector<shared::UniqueFd>& files) {
        int found = nothing;
        for (const auto& file : files) {
            const auto content = content_of(file.get());
            found |= content.find("mark of the owner") != std::string::npos ? owners_mark : nothing;
            found |= content.find("mark of the stranger") != std::string::npos ? own_mark : nothing;
        }
        const int heap = files.back().get();
        found |= ::mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, heap, 0) != MAP_FAILED ? may_write : nothing;
        for (const int access : {O_RDONLY, O_RDWR}) {
            const auto path = "/proc/self/fd/" + std::to_string(heap);
            const shared::UniqueFd again(::open(path.c_str(), access | O_CLOEXEC));
            found |= again.get() >= 0 ? may_open_again : nothing;
        }
        return found;
    }
};

TEST_F(MemoryBetweenUsers, OneSeesOnesOwnAndCanWriteNone) {
    if (!is_root() || DaemonProcess::shares_nothing())
        GTEST_SKIP() << "takes another user, and shared memory";
    owner_.call(proto::value::Open{.open = {.name = "mine"}, .initial = {pack("mark of the owner")}});
    ChildProcess stranger([&] {
        if (::setgroups(0, nullptr) != 0 || ::setgid(stranger_gid) != 0 || ::setuid(stranger_uid) != 0)
            return 255;
        RawClient client(daemon_.socket());
        client.call(proto::value::Open{.open = {.name = "theirs"}, .initial = {pack("mark of the stranger")}});
        const RawClient shared(daemon_.socket(), RawClient::Begin::without_session);
        return look_at(descriptors_of(shared.fd()));
    });
    EXPECT_EQ(stranger.wait(), own_mark);
}

}  // namespace
}  // namespace steward::tests
