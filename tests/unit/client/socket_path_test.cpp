#include "client/src/socket_path.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <steward/error.hpp>

#include "tests/support/temporary_folder.hpp"

namespace steward::detail {
namespace {

class ASocketPath : public testing::Test {
  protected:
    void SetUp() override {
        unsetenv("STEWARD_SOCKET");
        setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1);
    }
    void TearDown() override {
        unsetenv("STEWARD_SOCKET");
        unsetenv("XDG_RUNTIME_DIR");
    }

    tests::TemporaryFolder folder_;
};

TEST_F(ASocketPath, IsTheExplicitOneFirst) {
    setenv("STEWARD_SOCKET", "/from/environment", 1);
    EXPECT_EQ(find_socket("/explicit"), "/explicit");
}

TEST_F(ASocketPath, IsThatOfTheEnvironmentNext) {
    setenv("STEWARD_SOCKET", "/from/environment", 1);
    EXPECT_EQ(find_socket({}), "/from/environment");
}

TEST_F(ASocketPath, IsTheSameWhereverTheProgramGoes) {
    EXPECT_EQ(find_socket("relative"), std::filesystem::current_path() / "relative");
    const std::string longest(sizeof(sockaddr_un::sun_path) - 1, 'x');
    EXPECT_EQ(find_socket(longest), longest) << "only as it is it is short enough";
}

TEST_F(ASocketPath, IsThatOfTheUsersDaemonIfThereIsOne) {
    const auto socket = folder_.path() / "steward.sock";
    std::ofstream(socket).put('x');
    EXPECT_EQ(find_socket({}), socket);
}

TEST_F(ASocketPath, ThatIsNowhereIsAnErrorThatNamesWhatWasTried) {
    if (std::filesystem::exists("/run/steward/steward.sock"))
        return;  // a daemon of the system runs here
    try {
        find_socket({});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::not_connected);
        EXPECT_NE(error.detail().find((folder_.path() / "steward.sock").string()), std::string::npos);
        EXPECT_NE(error.detail().find("/run/steward/steward.sock"), std::string::npos);
    }
}

TEST_F(ASocketPath, WithoutADaemonIsAnErrorThatNamesIt) {
    try {
        connect_to(folder_.path() / "none.sock", std::chrono::seconds(1));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::not_connected);
        EXPECT_NE(error.detail().find("none.sock: No such file"), std::string::npos);
    }
}

TEST_F(ASocketPath, ThatIsTooLongIsRefused) {
    EXPECT_THROW(connect_to("/" + std::string(200, 'x'), std::chrono::seconds(1)), Error);
}

}  // namespace
}  // namespace steward::detail
