#include "daemon/process.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

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

}  // namespace
}  // namespace steward::daemon
