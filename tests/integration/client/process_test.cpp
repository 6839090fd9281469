#include <steward/process.hpp>

#include <unistd.h>

#include <chrono>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class AProcess : public ClientTest {
  protected:
    static pid_t pid_of_nobody() {
        ChildProcess child([] { return 0; });
        child.wait();
        return child.pid();
    }

    ChildProcess child_{[] { return pause(); }};
    Process process_ = manager_.process(child_.pid());
};

TEST_F(AProcess, IsWaitedFor) {
    EXPECT_EQ(process_.pid(), child_.pid());
    EXPECT_EQ(process_.type(), ObjectType::process);
    EXPECT_FALSE(process_.ended());
    auto waiter = in_background([this] { process_.wait(); });
    ASSERT_TRUE(waiters_become(process_, 1));
    child_.kill();
    waiter.get();
    EXPECT_TRUE(process_.ended());
    process_.wait();
}

TEST_F(AProcess, HasNotEndedWhenTheTimeIsOver) {
    EXPECT_FALSE(process_.wait_for(10ms));
    EXPECT_FALSE(process_.wait_until(std::chrono::system_clock::now() + 10ms));
    child_.kill();
    EXPECT_TRUE(process_.wait_for(watchdog));
    EXPECT_TRUE(process_.wait_for(-1s));
}

TEST_F(AProcess, NeedNotUseStewardNorBeAChild) {
    EXPECT_FALSE(manager_.process(getppid()).ended());
    EXPECT_FALSE(manager_.process(getpid()).ended());
}

TEST_F(AProcess, ThatDoesNotExistIsNotOpened) {
    EXPECT_EQ(error_of([this] { manager_.process(pid_of_nobody()); }), errc::no_such_object);
}

TEST_F(AProcess, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    EXPECT_FALSE(process_.ended(ec));
    EXPECT_FALSE(process_.wait_for(1ms, ec));
    child_.kill();
    process_.wait(ec);
    EXPECT_FALSE(ec);
    EXPECT_FALSE(manager_.process(pid_of_nobody(), ec));
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
