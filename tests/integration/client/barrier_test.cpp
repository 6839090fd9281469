#include <steward/barrier.hpp>

#include <unistd.h>

#include <chrono>
#include <future>
#include <set>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ABarrier : public ClientTest {
  protected:
    bool waiting_becomes(std::size_t count) const {
        return eventually([&] { return barrier_.n_waiting() == count; });
    }

    std::future<std::error_code> waiting() {
        return in_background([this] { return error_of([this] { barrier_.wait(); }); });
    }

    Barrier barrier_ = manager_.barrier("barrier", 3);
};

TEST_F(ABarrier, LetsAllPartiesGoTogetherEachWithAnotherNumber) {
    EXPECT_EQ(barrier_.parties(), 3U);
    for (int round = 0; round < 3; ++round) {
        auto first = in_background([this] { return barrier_.wait(); });
        ASSERT_TRUE(waiting_becomes(1));
        auto second = in_background([this] { return connect().barrier("barrier", 3).wait(); });
        ASSERT_TRUE(waiting_becomes(2));
        EXPECT_EQ(barrier_.wait(), 2U);
        EXPECT_EQ(first.get(), 0U);
        EXPECT_EQ(second.get(), 1U);
        EXPECT_EQ(barrier_.n_waiting(), 0U);
    }
}

TEST_F(ABarrier, OfOnePartyIsPassedAtOnce) {
    auto alone = manager_.barrier("alone", 1);
    EXPECT_EQ(alone.wait(), 0U);
    EXPECT_EQ(alone.wait_for(0s), 0U);
}

TEST_F(ABarrier, IsPassedByProcesses) {
    const auto pass = [this] { return static_cast<int>(connect().barrier("barrier", 3).wait()); };
    ChildProcess first(pass);
    ChildProcess second(pass);
    std::set<int> numbers{static_cast<int>(barrier_.wait())};
    numbers.insert(first.wait());
    numbers.insert(second.wait());
    EXPECT_EQ(numbers, (std::set{0, 1, 2}));
}

TEST_F(ABarrier, IsBrokenByATimeOut) {
    auto other = waiting();
    ASSERT_TRUE(waiting_becomes(1));
    EXPECT_FALSE(barrier_.wait_for(10ms));
    EXPECT_EQ(other.get(), errc::broken_barrier);
    EXPECT_TRUE(barrier_.broken());
    EXPECT_EQ(error_of([this] { barrier_.wait(); }), errc::broken_barrier);
    EXPECT_EQ(error_of([this] { barrier_.wait_until(std::chrono::steady_clock::now() + 1h); }), errc::broken_barrier);
}

TEST_F(ABarrier, IsBrokenByAPartyThatDies) {
    ChildProcess child([this] {
        connect().barrier("barrier", 3).wait();
        return 0;
    });
    auto other = waiting();
    ASSERT_TRUE(waiting_becomes(2));
    child.kill();
    EXPECT_EQ(other.get(), errc::broken_barrier);
    EXPECT_TRUE(barrier_.broken());
}

TEST_F(ABarrier, IsBrokenOnDemandUntilItIsReset) {
    auto other = waiting();
    ASSERT_TRUE(waiting_becomes(1));
    barrier_.abort();
    EXPECT_EQ(other.get(), errc::broken_barrier);
    EXPECT_TRUE(barrier_.broken());
    barrier_.reset();
    EXPECT_FALSE(barrier_.broken());
    auto first = waiting();
    auto second = waiting();
    EXPECT_NO_THROW(barrier_.wait());
    EXPECT_FALSE(first.get());
    EXPECT_FALSE(second.get());
}

TEST_F(ABarrier, FailsThoseWhoWaitWhenItIsReset) {
    auto other = waiting();
    ASSERT_TRUE(waiting_becomes(1));
    barrier_.reset();
    EXPECT_EQ(other.get(), errc::broken_barrier);
    EXPECT_FALSE(barrier_.broken());
    EXPECT_EQ(barrier_.n_waiting(), 0U);
}

TEST_F(ABarrier, IsNotOpenedForAnotherNumberOfParties) {
    EXPECT_EQ(error_of([this] { manager_.barrier("barrier", 4); }), errc::wrong_options);
    EXPECT_EQ(error_of([this] { manager_.barrier("none", 0); }), errc::invalid_argument);
}

TEST_F(ABarrier, ThatIsRemovedFailsThoseWhoWait) {
    auto other = waiting();
    ASSERT_TRUE(waiting_becomes(1));
    barrier_.remove();
    EXPECT_EQ(other.get(), errc::object_removed);
}

TEST_F(ABarrier, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    EXPECT_FALSE(barrier_.wait_for(1ms, ec));
    EXPECT_FALSE(ec);
    barrier_.wait(ec);
    EXPECT_EQ(ec, errc::broken_barrier);
    EXPECT_TRUE(barrier_.broken(ec));
    barrier_.reset(ec);
    EXPECT_EQ(barrier_.n_waiting(ec), 0U);
    EXPECT_EQ(barrier_.parties(ec), 3U);
    barrier_.abort(ec);
    EXPECT_FALSE(ec);
}

}  // namespace
}  // namespace steward::tests
