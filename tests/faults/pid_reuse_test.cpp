#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include <steward/manager.hpp>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/process_status.hpp"

// The kernel gives the number of a process that has ended to another one.
namespace steward::tests {
namespace {

constexpr int no_right = 77;
constexpr pid_t reused = 1'000;
constexpr int reuses = 100;

/// clone3(2) with set_tid, which is how the same number comes again at once. EEXIST: the kernel gives a number back a
/// moment after there is no process of it any more (free_pids() in kernel/exit.c).
pid_t fork_as(pid_t number) {
    clone_args arguments{};
    arguments.exit_signal = SIGCHLD;
    arguments.set_tid = reinterpret_cast<std::uint64_t>(&number);
    arguments.set_tid_size = 1;
    pid_t child = -1;
    eventually([&] {
        child = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
        return child >= 0 || errno != EEXIST;
    });
    return child;
}

/// A process of that number that holds a lock until it is killed.
class HolderOfThatNumber {
  public:
    HolderOfThatNumber(const std::string& socket, std::uint64_t lock) : pid_(fork_as(reused)) {
        if (pid_ < 0)
            throw std::runtime_error("clone3 gives no process the number again, errno " + std::to_string(errno));
        if (pid_ == 0)
            hold(socket, lock);
        holds_.pass();
    }
    HolderOfThatNumber(const HolderOfThatNumber&) = delete;
    HolderOfThatNumber& operator=(const HolderOfThatNumber&) = delete;
    ~HolderOfThatNumber() { dies(); }

    void dies() {
        if (pid_ == 0)
            return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

  private:
    [[noreturn]] void hold(const std::string& socket, std::uint64_t lock) const {
        try {
            RawClient client(socket);
            client.call(acquire(lock));
            holds_.open();
            for (;;)
                ::pause();
        } catch (const std::exception&) {
            ::_exit(1);  // the gate stays shut
        }
    }

    Gate holds_;
    pid_t pid_;
};

bool enter_namespace_of_processes() {
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("proc", "/proc", "proc", 0, nullptr) == 0;
}

/// 0: each of those who died lost his lock, and no other lost his.
int take_numbers_again() {
    DaemonProcess daemon;
    RawClient witness(daemon.socket());
    const auto first_lock = open_lock(witness, "first");
    const auto second_lock = open_lock(witness, "second");
    const auto comes_free = [&](std::uint64_t lock) {
        const bool free = eventually([&] { return try_acquire(witness, lock); });
        witness.call(proto::lock::Release{.object = lock});
        return free;
    };
    for (int reuse = 0; reuse < reuses; ++reuse) {
        HolderOfThatNumber first(daemon.socket(), first_lock);
        first.dies();
        HolderOfThatNumber second(daemon.socket(), second_lock);
        if (!comes_free(first_lock))
            return 1;
        if (try_acquire(witness, second_lock))
            return 2;
        second.dies();
        if (!comes_free(second_lock))
            return 3;
    }
    return 0;
}

/// 0: the process that has the number of a daemon that this one had started, and that has ended, lives on.
int end_a_daemon_whose_number_is_anothers() {
    ::signal(SIGCHLD, SIG_IGN);  // nobody has to wait for children, so that their numbers are free at once
    std::optional manager(Manager::start({.daemon = STEWARDD_PATH}));
    const auto number = RawClient(manager->socket()).call(proto::daemon::Status{}).pid;
    ::kill(number, SIGKILL);
    if (!eventually([&] { return ::kill(number, 0) != 0; }))
        return 1;
    const auto another = fork_as(number);
    if (another < 0)
        return 2;
    if (another == 0)
        for (;;)
            ::pause();
    manager.reset();
    const bool lives = ::kill(another, 0) == 0 && state_of(another) != 'Z';
    ::kill(another, SIGKILL);
    return lives ? 0 : 3;
}

/// What it returns in a namespace of processes of its own, where numbers can be given again.
int run_in_a_namespace(int (*body)()) {
    ChildProcess outside([&]() -> int {
        if (::unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
            return no_right;
        ChildProcess inside([&]() -> int { return enter_namespace_of_processes() ? body() : no_right; });
        return inside.wait();
    });
    return outside.wait();
}

TEST(ANumberOfAProcess, OfADaemonThatWasStartedIsNotTakenForTheSame) {
    const int outcome = run_in_a_namespace(&end_a_daemon_whose_number_is_anothers);
    if (outcome == no_right)
        GTEST_SKIP() << "no right to make a namespace of processes, where numbers can be given again";
    EXPECT_NE(outcome, 1) << "the daemon that was killed did not end";
    EXPECT_NE(outcome, 2) << "no other process got its number";
    EXPECT_NE(outcome, 3) << "the other process was ended for the daemon";
    EXPECT_EQ(outcome, 0);
}

TEST(ANumberOfAProcess, ThatIsGivenAgainIsNotTakenForTheSame) {
    const int outcome = run_in_a_namespace(&take_numbers_again);
    if (outcome == no_right)
        GTEST_SKIP() << "no right to make a namespace of processes, where numbers can be given again";
    EXPECT_NE(outcome, 1) << "what the first one held came never free";
    EXPECT_NE(outcome, 2) << "what the second one held was taken from it";
    EXPECT_EQ(outcome, 0);
}

}  // namespace
}  // namespace steward::tests
