#include "daemon/objects/process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::process_test {
namespace {

using proto::Errc;
using proto::process::Open;
using proto::process::Status;
using proto::process::Wait;

class AProcessEnd : public DaemonTest {
  protected:
    std::uint64_t open(Client& client) { return client.call(Open{.pid = ::getpid()}).object; }
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = process_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    void end() { note_end_of_process(daemon(), daemon().registry.find(process_).value()); }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t process_ = open(first_);
};

TEST_F(AProcessEnd, IsWaitedFor) {
    EXPECT_FALSE(first_.call(wait(0)).ended);
    const auto first = first_.request(wait());
    const auto late = first_.request(wait(100));
    pass(100);
    EXPECT_FALSE(first_.result_of<Wait>(late)->ended);
    end();
    EXPECT_TRUE(first_.result_of<Wait>(first)->ended);
    EXPECT_TRUE(first_.call(wait(0)).ended);
}

TEST_F(AProcessEnd, IsOneObjectForAUser) {
    EXPECT_EQ(open(second_), process_);
    auto stranger = client(bob);
    EXPECT_NE(open(stranger), process_);
}

TEST_F(AProcessEnd, IsWatchedUntilNobodyHasItOpen) {
    EXPECT_EQ(daemon().watched_processes.take_new().size(), 1U);
    open(second_);
    EXPECT_TRUE(daemon().watched_processes.take_new().empty());
    kill(first_);
    EXPECT_TRUE(daemon().watched_processes.take_forgotten().empty());
    kill(second_);
    EXPECT_EQ(daemon().watched_processes.take_forgotten(), std::vector{process_});
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_F(AProcessEnd, IsNoneOfAProcessThatDoesNotExist) {
    EXPECT_EQ(first_.refusal(Open{.pid = 0}), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Open{.pid = -1}), Errc::no_such_object);
    EXPECT_EQ(first_.complaint(Open{.pid = 2'147'483'647}), "there is no process 2147483647");
}

TEST_F(AProcessEnd, IsDescribedAndNotListed) {
    EXPECT_EQ(first_.call(proto::object::Info{.object = process_}).state,
              "pid " + std::to_string(::getpid()) + " lives");
    EXPECT_TRUE(first_.call(proto::object::List{.prefix = {}}).objects.empty());
    end();
    EXPECT_EQ(first_.call(proto::object::Info{.object = process_}).count, 1U);
}

TEST_F(AProcessEnd, TellsWhichProcessItIsOf) {
    EXPECT_EQ(first_.call(Status{.object = process_}).pid, ::getpid());
    EXPECT_FALSE(first_.call(Status{.object = process_}).ended);
    end();
    EXPECT_TRUE(first_.call(Status{.object = process_}).ended);
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(Status{.object = lock}), Errc::wrong_type);
    auto stranger = client(bob);
    EXPECT_EQ(stranger.refusal(Status{.object = process_}), Errc::no_permission);
}

TEST_F(AProcessEnd, IsWaitedForByItsUserOnly) {
    auto stranger = client(bob);
    EXPECT_EQ(stranger.refusal(wait(0)), Errc::no_permission);
}

TEST_F(AProcessEnd, DoesNotOutliveARestart) {
    restart();
    EXPECT_EQ(daemon().registry.size(), 0U);
}

}  // namespace
}  // namespace steward::daemon::process_test
