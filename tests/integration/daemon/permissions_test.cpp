#include <grp.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"

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

}  // namespace
}  // namespace steward::tests
