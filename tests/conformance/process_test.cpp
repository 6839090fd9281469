#include <unistd.h>

#include "tests/conformance/conformance_test.hpp"
#include "tests/support/child_process.hpp"

namespace steward::tests::conformance::process_test {
namespace {

using proto::process::Open;
using proto::process::Status;
using proto::process::Wait;

class AProcess : public Conformance {
  protected:
    std::uint64_t open(Client& client) const { return client.call(Open{.pid = child_.pid()}).object; }
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = process_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    Status status() const { return {.object = process_}; }
    void end() {
        child_.kill();
        path_.note_end_of_process(process_);
    }

    ChildProcess child_{[]() -> int {
        for (;;)
            ::pause();
    }};
    Client first_ = client();
    Client second_ = client();
    std::uint64_t process_ = open(first_);
};

INSTANTIATE_TEST_SUITE_P(, AProcess, every_way(), name_of_way);

TEST_P(AProcess, IsWaitedForUntilItEnds) {
    const auto first = first_.request(wait());
    const auto second = second_.request(wait(in_an_hour_ns));
    EXPECT_TRUE(first_.waits(first));
    end();
    EXPECT_TRUE(first_.result_of<Wait>(first).ended);
    EXPECT_TRUE(second_.result_of<Wait>(second).ended);
    EXPECT_TRUE(first_.call(wait()).ended);
    EXPECT_TRUE(first_.call(wait(at_once)).ended);
}

TEST_P(AProcess, IsNotWaitedForByThoseWhoseTimeIsOver) {
    EXPECT_FALSE(first_.call(wait(at_once)).ended);
    const auto waiting = first_.request(wait(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(first_.result_of<Wait>(waiting).ended);
}

TEST_P(AProcess, IsOneObjectForAll) {
    EXPECT_EQ(open(second_), process_);
}

TEST_P(AProcess, TellsWhichItIsAndWhetherItHasEnded) {
    EXPECT_EQ(second_.call(status()).pid, child_.pid());
    EXPECT_FALSE(first_.call(status()).ended);
    const auto waiting = first_.request(wait());
    end();
    EXPECT_TRUE(first_.result_of<Wait>(waiting).ended);
    EXPECT_TRUE(first_.call(status()).ended);
    EXPECT_EQ(first_.call(status()).pid, child_.pid());
}

TEST_P(AProcess, IsWaitedForThoughAnotherWaiterDies) {
    auto victim = path_.victim_that_waits(process_, [&](Client& process) { process.request(wait()); });
    const auto waiting = second_.request(wait());
    victim.dies();
    EXPECT_TRUE(second_.waits(waiting));
    end();
    EXPECT_TRUE(second_.result_of<Wait>(waiting).ended);
}

TEST_P(AProcess, IsNoneThatDoesNotExist) {
    EXPECT_EQ(first_.refusal(Open{.pid = 0}), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Open{.pid = -1}), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Open{.pid = 2'147'483'647}), Errc::no_such_object);
}

TEST_P(AProcess, GivesUpAWaitThatIsCancelled) {
    const auto waiting = first_.request(wait());
    first_.cancel(waiting);
    EXPECT_EQ(first_.refusal_of<Wait>(waiting), Errc::cancelled);
}

TEST_P(AProcess, RefusesObjectsThatAreNone) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(Wait{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Status{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Status{.object = 99}), Errc::no_such_object);
}

TEST_P(AProcess, IsItsOpenersAlone) {
    expect_of_stranger({Errc::no_permission, Errc::no_permission}, [&](Client& stranger) {
        return Path::Refusals{stranger.refusal(wait(at_once)), stranger.refusal(status())};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::process_test
