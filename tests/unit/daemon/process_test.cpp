#include "daemon/process.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "tests/support/text_file.hpp"

namespace steward::daemon {
namespace {

struct SocketPair {
    std::array<int, 2> ends{};

    SocketPair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0); }
    SocketPair(const SocketPair&) = delete;
    SocketPair& operator=(const SocketPair&) = delete;
    ~SocketPair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
};

TEST(TheCredentials, AreThoseOfThePeerAsTheKernelKnowsIt) {
    const SocketPair pair;
    const auto credentials = credentials_of(pair.ends[0]);
    EXPECT_EQ(credentials.pid, ::getpid());
    EXPECT_EQ(credentials.uid, ::geteuid());
    EXPECT_EQ(credentials.gid, ::getegid());
    EXPECT_TRUE(credentials.pidfd);
}

TEST(TheCredentials, AreRefusedForWhatIsNoSocket) {
    EXPECT_THROW(credentials_of(-1), std::system_error);
}

TEST(Processes, KnowAProcessByOneDescriptorHoweverManyConnectionsItMakes) {
    const SocketPair pair;
    Processes processes;
    auto first = credentials_of(pair.ends[0]);
    auto second = credentials_of(pair.ends[1]);
    const auto process = processes.of(first);
    EXPECT_EQ(processes.of(second), process);
    EXPECT_EQ(process->pid, ::getpid());
    EXPECT_GT(process->start_time, 0U);
    EXPECT_FALSE(process->ended());
    EXPECT_NE(process->command.find("unit_daemon"), std::string::npos) << process->command;
}

TEST(Processes, ForgetAProcessWithItsLastSession) {
    const SocketPair pair;
    Processes processes;
    auto first = credentials_of(pair.ends[0]);
    const std::weak_ptr<Process> process = processes.of(first);
    EXPECT_TRUE(process.expired());
}

TEST(Processes, DoNotTakeForeignOnesWithoutANumberForOne) {
    Processes processes;
    Credentials first;
    Credentials second;
    EXPECT_NE(processes.of(first), processes.of(second)) << "of another pid namespace";
}

TEST(AProcess, ThatCannotBeWatchedIsNeverSaidToHaveEnded) {
    Credentials credentials;
    credentials.pid = ::getpid();
    Processes processes;
    EXPECT_FALSE(processes.of(credentials)->ended());
}

TEST(TheUnitOfAProcess, IsTheLastPartOfItsCgroupThatNamesOne) {
    EXPECT_EQ(unit_in("0::/system.slice/cron.service\n"), "cron.service");
    EXPECT_EQ(unit_in("1:cpu:/other.service\n0::/user.slice/user-0.slice/session-3.scope\n"), "session-3.scope");
    EXPECT_EQ(unit_in("0::/user.slice/user@0.service/app.slice/app@1.service/worker/7\n"), "app@1.service");
    EXPECT_EQ(unit_in("0::/user.slice"), "user.slice");
}

TEST(TheUnitOfAProcess, IsItsCgroupWhereThatNamesNone) {
    EXPECT_EQ(unit_in("0::/\n"), "");
    EXPECT_EQ(unit_in("0::/docker/12ab\n"), "/docker/12ab");
    EXPECT_EQ(unit_in("0::/cron.service.d/x\n"), "/cron.service.d/x");
}

TEST(TheUnitOfAProcess, IsEmptyWhereItIsUnknown) {
    EXPECT_EQ(unit_in(""), "");
    EXPECT_EQ(unit_in("1:cpu:/cron.service\n"), "") << "no unified hierarchy";
    Credentials nobody;
    EXPECT_EQ(Processes().of(nobody)->unit, "");
}

TEST(TheUnitOfAProcess, IsUtf8) {
    EXPECT_EQ(unit_in("0::/a\xff.service\n"), "a\xef\xbf\xbd.service");
    EXPECT_EQ(unit_in("0::/\xc3\xa4.service\n"), "\xc3\xa4.service");
}

TEST(TheUnitOfAProcess, IsReadWhenTheProcessComes) {
    const SocketPair pair;
    Processes processes;
    auto credentials = credentials_of(pair.ends[0]);
    EXPECT_EQ(processes.of(credentials)->unit, unit_in(tests::text_of("/proc/self/cgroup")));
}

}  // namespace
}  // namespace steward::daemon
