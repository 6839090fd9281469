#include "client/cli/doctor/way.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <string>

#include "shared/unique_fd.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::cli::doctor {
namespace {

using testing::HasSubstr;

/// A path at which somebody listens.
class AWay : public testing::Test {
  protected:
    AWay() {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.native().size());
        EXPECT_EQ(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listening.get(), 1), 0);
        ::chmod(folder.path().c_str(), 0755);
    }

    /// What a user who owns nothing finds.
    void expect_stranger_finds(const char* found, const char* advice) {
        tests::ChildProcess stranger([&] {
            constexpr uid_t nobody = 65534;
            if (::setgid(nobody) != 0 || ::setuid(nobody) != 0)
                return 1;
            const auto finding = look_at_socket(path.string()).finding;
            const bool as_expected = finding.verdict == Verdict::bad &&
                                     finding.found.find(found) != std::string::npos &&
                                     finding.advice.find(advice) != std::string::npos;
            if (!as_expected)
                std::cerr << finding.found << '\n' << finding.advice << '\n';
            return as_expected ? 0 : 1;
        });
        EXPECT_EQ(stranger.wait(), 0);
    }

    tests::TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "steward.sock";
    shared::UniqueFd listening{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

TEST_F(AWay, IsGoodWhereSomebodyListens) {
    const auto socket = look_at_socket(path.string());
    EXPECT_EQ(socket.finding.verdict, Verdict::good);
    EXPECT_TRUE(socket.accepts);
    EXPECT_EQ(socket.listener, ::getpid());
}

TEST_F(AWay, IsBadWhereWhoListenedHasEnded) {
    listening = shared::UniqueFd();
    EXPECT_THAT(look_at_socket(path.string()).finding.found, HasSubstr("nobody listens"));
}

TEST_F(AWay, IsBadWhereNobodyAcceptsAnyMore) {
    while (look_at_socket(path.string()).accepts) {
    }
    EXPECT_THAT(look_at_socket(path.string()).finding.found, HasSubstr("nobody accepts"));
}

TEST_F(AWay, IsBadWhereItEndsAtAFile) {
    const auto file = folder.path() / "file";
    std::ofstream(file) << "text";
    EXPECT_THAT(look_at_socket(file.string()).finding.found, HasSubstr("is no socket"));
}

TEST_F(AWay, IsBadForWhoMayNotWriteToTheSocket) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root can become another user";
    ::chmod(path.c_str(), 0660);
    expect_stranger_finds("nobody may not write to", "usermod --append --groups root nobody");
    ::chmod(path.c_str(), 0600);
    expect_stranger_finds("mode 0600 of root:root", "its owner has to let you in");
}

TEST_F(AWay, IsBadForWhoMayNotEnterItsFolder) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root can become another user";
    ::chmod(folder.path().c_str(), 0750);
    expect_stranger_finds("may not enter", "usermod --append --groups root nobody");
}

}  // namespace
}  // namespace steward::cli::doctor
