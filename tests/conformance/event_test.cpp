#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::event_test {
namespace {

using proto::event::Clear;
using proto::event::IsSet;
using proto::event::Open;
using proto::event::Set;
using proto::event::Wait;

class AnEvent : public Conformance {
  protected:
    std::uint64_t open(Client& client, bool auto_reset = false) {
        return client.call(Open{.open = named("done", 0604), .auto_reset = auto_reset}).object;
    }
    /// Makes one that lets one waiter go on for each time that it is set.
    void make_auto_reset() {
        remove("done");
        event_ = open(first_, true);
        open(second_, true);
    }
    Set set() const { return {.object = event_}; }
    Clear clear() const { return {.object = event_}; }
    IsSet is_set() const { return {.object = event_}; }
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = event_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t event_ = open(first_);
    std::uint64_t same_ = open(second_);
};

INSTANTIATE_TEST_SUITE_P(, AnEvent, every_way(), name_of_way);

TEST_P(AnEvent, IsClearUntilItIsSet) {
    EXPECT_FALSE(first_.call(is_set()).set);
    second_.call(set());
    EXPECT_TRUE(first_.call(is_set()).set);
    second_.call(set());
    EXPECT_TRUE(first_.call(is_set()).set);
    second_.call(clear());
    EXPECT_FALSE(first_.call(is_set()).set);
    second_.call(clear());
    EXPECT_FALSE(first_.call(is_set()).set);
}

TEST_P(AnEvent, LetsAllWhoWaitGoOn) {
    auto third = client();
    const auto first = first_.request(wait());
    const auto second = second_.request(wait(in_an_hour_ns));
    EXPECT_TRUE(first_.waits(first));
    EXPECT_TRUE(second_.waits(second));
    third.call(set());
    third.call(clear());
    EXPECT_TRUE(first_.result_of<Wait>(first).set) << "also where it is cleared at once";
    EXPECT_TRUE(second_.result_of<Wait>(second).set);
}

TEST_P(AnEvent, LetsThoseGoOnAtOnceWhoComeWhenItIsSet) {
    first_.call(set());
    EXPECT_TRUE(second_.call(wait()).set);
    EXPECT_TRUE(second_.call(wait(at_once)).set);
    EXPECT_TRUE(second_.call(wait(in_an_hour_ns)).set);
    EXPECT_TRUE(second_.call(is_set()).set) << "it stays set";
}

TEST_P(AnEvent, KeepsThoseWaitingWhoComeAfterItWasCleared) {
    first_.call(set());
    first_.call(clear());
    EXPECT_FALSE(second_.call(wait(at_once)).set);
    const auto waiting = second_.request(wait(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Wait>(waiting).set);
}

TEST_P(AnEvent, ThatResetsItselfLetsOneWaiterGoOnForEachSet) {
    make_auto_reset();
    const auto first = first_.request(wait());
    const auto second = second_.request(wait());
    auto third = client();
    third.call(set());
    EXPECT_TRUE(first_.result_of<Wait>(first).set);
    EXPECT_TRUE(second_.waits(second));
    EXPECT_FALSE(first_.call(is_set()).set);
    third.call(set());
    EXPECT_TRUE(second_.result_of<Wait>(second).set);
}

TEST_P(AnEvent, ThatResetsItselfIsClearedByAWaitThatFindsItSet) {
    make_auto_reset();
    first_.call(set());
    first_.call(set());
    EXPECT_TRUE(first_.call(is_set()).set) << "to look does not clear it";
    EXPECT_TRUE(second_.call(wait(at_once)).set);
    EXPECT_FALSE(first_.call(is_set()).set);
    EXPECT_FALSE(second_.call(wait(at_once)).set) << "the second set is lost";
}

TEST_P(AnEvent, IsOpenedAsItWasMade) {
    EXPECT_EQ(second_.refusal(Open{.open = named("done"), .auto_reset = true}), Errc::wrong_options);
    make_auto_reset();
    EXPECT_EQ(second_.refusal(Open{.open = named("done")}), Errc::wrong_options);
}

TEST_P(AnEvent, StaysAsItIsWhenThoseWhoSetItAndWaitForItDie) {
    auto setter = path_.victim_that([&](Client& process) { process.call(set()); });
    setter.dies();
    EXPECT_TRUE(first_.call(is_set()).set);
    make_auto_reset();
    auto waiter = path_.victim_that_waits(event_, [&](Client& process) {
        open(process, true);
        process.request(wait());
    });
    const auto waiting = second_.request(wait());
    waiter.dies();
    first_.call(set());
    EXPECT_TRUE(second_.result_of<Wait>(waiting).set) << "the dead waiter was first, and takes nothing along";
}

TEST_P(AnEvent, IsRemovedFromUnderThoseWhoWait) {
    const auto waiting = second_.request(wait());
    remove("done");
    EXPECT_EQ(second_.refusal_of<Wait>(waiting), Errc::object_removed);
    EXPECT_EQ(first_.refusal(wait(at_once)), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(is_set()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(set()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(clear()), Errc::no_such_object);
}

TEST_P(AnEvent, IsLookedAtWithoutTheDaemonWhereMemoryIsShared) {
    first_.call(set());
    expect_no_request_where_memory_is_shared(first_, [&] {
        EXPECT_TRUE(first_.call(is_set()).set);
        EXPECT_TRUE(first_.call(wait()).set);
        EXPECT_TRUE(first_.call(wait(at_once)).set);
    });
}

TEST_P(AnEvent, RefusesObjectsThatAreNone) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(Set{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Clear{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(IsSet{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Wait{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Set{.object = 99}), Errc::no_such_object);
}

TEST_P(AnEvent, IsWaitedForByWhoMayReadAndSetByWhoMayWrite) {
    expect_of_stranger({std::nullopt, std::nullopt, Errc::no_permission, Errc::no_permission}, [&](Client& stranger) {
        open(stranger);
        return Path::Refusals{stranger.refusal(wait(at_once)), stranger.refusal(is_set()), stranger.refusal(set()),
                              stranger.refusal(clear())};
    });
}

TEST_P(AnEvent, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(2, Errc::no_permission), [&](Client& stranger) {
        return Path::Refusals{stranger.refusal(IsSet{.object = hidden}),
                              stranger.refusal(Wait{.object = hidden, .timeout_ns = at_once, .where = {}})};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::event_test
