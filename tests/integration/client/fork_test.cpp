#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests {
namespace {

/// A process that was forked while its parent used a Manager.
using AForkedChild = ClientTest;

TEST_F(AForkedChild, HasASessionOfItsOwn) {
    const auto parents = manager_.session();
    ChildProcess child([&] {
        const auto own = manager_.session();
        return own != parents && own == manager_.session() ? 0 : 1;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_EQ(manager_.session(), parents);
}

TEST_F(AForkedChild, HoldsNothingOfItsParents) {
    auto lock = manager_.lock("lock");
    lock.acquire();
    ChildProcess child([&] {
        const bool refused = error_of([&] { lock.release(); }) == errc::not_owner;
        return refused && !lock.held_by_me() && !lock.try_acquire() ? 0 : 1;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_TRUE(lock.held_by_me());
}

TEST_F(AForkedChild, SharesTheObjectsOfItsProxies) {
    auto value = manager_.value<int>("value", 0);
    ChildProcess child([&] {
        value.set(5);
        return 0;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_EQ(value.get(), 5);
}

/// As a program does that goes into the background.
TEST_F(AForkedChild, MayCloseAllDescriptorsAndOpenFilesUnderTheirNumbers) {
    auto value = manager_.value<int>("value", 5);
    value.set(6);
    ChildProcess child([&] {
        ::close_range(3, ~0U, 0);
        std::vector<int> own;
        while (own.size() < 20)
            own.push_back(::open("/dev/null", O_RDONLY));
        if (value.get() != 6 || !manager_.lock("lock").try_acquire())
            return 1;
        struct stat file {};
        for (const int descriptor : own)
            if (::fstat(descriptor, &file) != 0 || !S_ISCHR(file.st_mode))
                return 2;
        return 0;
    });
    EXPECT_EQ(child.wait(), 0);
    value.set(7);
    EXPECT_EQ(value.get(), 7);
}

/// As a program does that closes what it may have inherited, and has used a Manager before.
TEST_F(AForkedChild, KeepsTheFilesThatItOpensUnderTheNumbersOfDescriptorsThatItClosed) {
    const TemporaryFolder folder;
    ChildProcess child([&] {
        const auto manager = connect();
        auto value = manager.value<int>("value", 5);
        value.set(6);
        ::close_range(3, ~0U, 0);
        std::vector<int> own;
        while (own.size() < 20) {
            const auto path = folder.path() / std::to_string(own.size());
            own.push_back(::open(path.c_str(), O_RDWR | O_CREAT, 0600));
        }
        value.set(7);
        if (value.get() != 7 || !manager.lock("lock").try_acquire())
            return 1;
        struct stat file {};
        for (const int descriptor : own)
            if (::fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size != 0)
                return 2;
        return 0;
    });
    EXPECT_EQ(child.wait(), 0);
}

TEST_F(AForkedChild, PrintsNothingToTheDaemonWhereItHasNoStandardStreams) {
    ChildProcess child([&] {
        ::close_range(0, STDERR_FILENO, 0);
        const auto manager = connect();
        auto value = manager.value<int>("value", 5);
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            if (::write(stream, "text", 4) >= 0)
                return 1;
        value.set(6);
        return value.get() == 6 ? 0 : 2;
    });
    EXPECT_EQ(child.wait(), 0);
}

TEST_F(AForkedChild, DoesNotEndItsParentsSession) {
    auto lock = manager_.lock("lock");
    lock.acquire();
    {
        std::optional<Manager> manager = connect();
        const auto other = manager->lock("other");
        ChildProcess child([&] {
            manager.reset();
            return 0;
        });
        EXPECT_EQ(child.wait(), 0);
        EXPECT_FALSE(other.locked());
    }
    EXPECT_TRUE(lock.held_by_me());
}

TEST_F(AForkedChild, CanForkAgain) {
    auto value = manager_.value<int>("value", 0);
    ChildProcess child([&] {
        value.fetch_add(1);
        ChildProcess grandchild([&] {
            value.fetch_add(1);
            return 0;
        });
        return grandchild.wait();
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_EQ(value.get(), 2);
}

TEST_F(AForkedChild, IsMadeInTheMiddleOfOtherThreadsCalls) {
    auto value = manager_.value<int>("value", 0);
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            while (!stop)
                value.fetch_add(0);
        });
    for (int i = 0; i < 20; ++i) {
        ChildProcess child([&] {
            value.fetch_add(1);
            return 0;
        });
        EXPECT_EQ(child.wait(), 0);
    }
    stop = true;
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(value.get(), 20);
}

TEST_F(AForkedChild, MustMakeItsOwnPipeline) {
    auto value = manager_.value<int>("value", 0);
    auto pipeline = manager_.pipeline();
    auto held_back = pipeline.fetch_add(value, 1);
    ChildProcess child([&] {
        const bool refused = error_of([&] { held_back.get(); }) == errc::not_connected;
        auto own = manager_.pipeline();
        own.fetch_add(value, 10).get();
        return refused ? 0 : 1;
    });
    EXPECT_EQ(child.wait(), 0);
    held_back.get();
    EXPECT_EQ(value.get(), 11);
}

TEST_F(AForkedChild, DoesNotKeepTheLocksOfADeadParent) {
    const Gate held;
    const Gate child_may_end;
    auto lock = manager_.lock("lock");
    ChildProcess parent([&] {
        auto own = connect();
        own.lock("lock").acquire();
        const auto child = fork();
        if (child == 0) {  // holds a copy of its parent's socket open
            child_may_end.pass();
            _exit(0);
        }
        held.open();
        return pause();
    });
    held.pass();
    parent.kill();
    EXPECT_TRUE(lock.acquire_for(watchdog));
    child_may_end.open();
}

}  // namespace
}  // namespace steward::tests
