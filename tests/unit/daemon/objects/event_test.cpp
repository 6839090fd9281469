#include "daemon/objects/event.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::event_test {
namespace {

using proto::Errc;
using proto::event::Clear;
using proto::event::IsSet;
using proto::event::Set;
using proto::event::Wait;

class AnEvent : public DaemonTest {
  protected:
    bool is_set() { return first_.call(IsSet{.object = event_}).set; }
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = event_, .timeout_ns = timeout_ns, .where = {}};
    }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t event_ = first_.call(proto::event::Open{.open = named("done", 0604)}).object;
};

TEST_F(AnEvent, KeepsThoseWaitingUntilTheirTimeIsOver) {
    const auto waiting = second_.request(wait(100));
    EXPECT_TRUE(second_.waits(waiting));
    pass(100);
    EXPECT_FALSE(second_.result_of<Wait>(waiting)->set);
}

TEST_F(AnEvent, IsDescribedAsSetOrClear) {
    EXPECT_EQ(first_.call(proto::object::Find{.name = "done"}).state, "clear");
    first_.call(Set{.object = event_});
    const auto info = first_.call(proto::object::Find{.name = "done"});
    EXPECT_EQ(info.state, "set");
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.token, std::nullopt);
}

TEST_F(AnEvent, StaysSetOverARestart) {
    first_.call(Set{.object = event_});
    restart();
    first_ = client();
    EXPECT_TRUE(is_set());
}

TEST_F(AnEvent, IsWaitedForByReadersAndSetByWriters) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(wait(0)), std::nullopt);
    EXPECT_EQ(stranger.refusal(IsSet{.object = event_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(Set{.object = event_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Clear{.object = event_}), Errc::no_permission);
    auto colleague = client(bob, 100);
    EXPECT_EQ(colleague.refusal(wait(0)), Errc::no_permission);
    EXPECT_EQ(colleague.refusal(IsSet{.object = event_}), Errc::no_permission);
}

TEST_F(AnEvent, RefusesObjectsThatAreNoEvent) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(Set{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Clear{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(IsSet{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Wait{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Set{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::event_test
