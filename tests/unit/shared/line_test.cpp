#include "shared/line.hpp"

#include <vector>

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class ALine : public HeapTest {
  protected:
    Line line() { return {*heap_, *object_}; }
    Offset<Waiter> join(std::uint32_t session) {
        Mutation mutation{*heap_};
        return line().join(mutation, {.agent = {session, 1}, .ticket = session});
    }
    std::vector<std::uint32_t> sessions() {
        std::vector<std::uint32_t> found;
        for (auto waiter = line().first(); waiter; waiter = line().next(waiter))
            found.push_back(line().get(waiter).agent.session);
        return found;
    }
};

TEST_F(ALine, KeepsTheOrderOfArrival) {
    EXPECT_TRUE(line().empty());
    join(1);
    const auto second = join(2);
    join(3);
    EXPECT_EQ(sessions(), (std::vector<std::uint32_t>{1, 2, 3}));
    Mutation mutation{*heap_};
    line().leave(mutation, second);
    EXPECT_EQ(sessions(), (std::vector<std::uint32_t>{1, 3}));
    line().leave(mutation, line().first());
    line().leave(mutation, line().first());
    EXPECT_TRUE(line().empty());
}

TEST_F(ALine, RemembersAllOfAWait) {
    Mutation mutation{*heap_};
    const auto place = line().join(mutation, {.agent = {1, 2},
                                              .request = 3,
                                              .amount = 4,
                                              .deadline_ns = 5,
                                              .since_ns = 6,
                                              .ticket = 7,
                                              .place = 8,
                                              .want = 9,
                                              .mode = WaitMode::any,
                                              .index = 10,
                                              .notified = true,
                                              .condition = {11}});
    const Wait wait = line().get(place);
    EXPECT_EQ(wait.agent, (Agent{1, 2}));
    EXPECT_EQ(wait.request, 3U);
    EXPECT_EQ(wait.amount, 4U);
    EXPECT_EQ(wait.deadline_ns, 5U);
    EXPECT_EQ(wait.since_ns, 6U);
    EXPECT_EQ(wait.ticket, 7U);
    EXPECT_EQ(wait.place, 8U);
    EXPECT_EQ(wait.want, 9U);
    EXPECT_EQ(wait.mode, WaitMode::any);
    EXPECT_EQ(wait.index, 10U);
    EXPECT_TRUE(wait.notified);
    EXPECT_EQ(wait.condition.value, 11U);
    EXPECT_EQ(wait.object, object_->id.load());
    EXPECT_EQ(line().sibling(place), place);
}

TEST_F(ALine, LetsOneOvertakeAnother) {
    const auto first = join(1);
    join(2);
    const auto third = join(3);
    Mutation mutation{*heap_};
    line().overtake(mutation, third, first);
    EXPECT_EQ(sessions(), (std::vector<std::uint32_t>{3, 1, 2}));
    line().join(mutation, {.agent = {4, 1}}, first);
    EXPECT_EQ(sessions(), (std::vector<std::uint32_t>{3, 4, 1, 2}));
}

TEST_F(ALine, LetsOneMoveToAnotherLine) {
    join(1);
    const auto second = join(2);
    Mutation mutation{*heap_};
    auto& other = objects().create(mutation, {.name = "other", .kind = kind_of(plain)});
    auto wait = line().get(second);
    wait.mode = WaitMode::returning;
    wait.amount = 3;
    line().move_to(mutation, second, Line{*heap_, other}, wait);
    EXPECT_EQ(sessions(), (std::vector<std::uint32_t>{1}));
    const Line line_of_other{*heap_, other};
    EXPECT_EQ(line_of_other.first(), second);
    EXPECT_EQ(line_of_other.get(second).mode, WaitMode::returning);
    EXPECT_EQ(line_of_other.get(second).amount, 3U);
    EXPECT_EQ(line_of_other.get(second).agent, (Agent{2, 1}));
}

TEST_F(ALine, DiscardsWhatAWaiterBringsUnlessItWasTaken) {
    const auto used = used_bytes();
    const auto bring = [&] {
        Mutation mutation{*heap_};
        const auto payload = mutation.allocate<Node>(BlockKind::item, 100);
        return line().join(mutation, {.agent = {1, 1}, .payload = payload});
    };
    const auto leaving = bring();
    const auto giving = bring();
    bring();
    {
        Mutation mutation{*heap_};
        line().leave(mutation, leaving);
        mutation.discard(line().take_payload(mutation, giving));
        line().clear(mutation);
    }
    EXPECT_EQ(used_bytes(), used);
}

TEST_F(ALine, KnowsThePlacesOfARequest) {
    Mutation mutation{*heap_};
    const std::vector places{line().join(mutation, {.agent = {1, 1}}), line().join(mutation, {.agent = {1, 1}})};
    Line::join_hands(mutation, places);
    EXPECT_EQ(line().sibling(places[0]), places[1]);
    EXPECT_EQ(line().sibling(places[1]), places[0]);
}

TEST_F(ALine, IsClearedAtOnceAndGivesItsMemoryBack) {
    const auto used = used_bytes();
    for (std::uint32_t session = 1; session <= 100; ++session)
        join(session);
    EXPECT_EQ(line().size(), 100U);
    {
        Mutation mutation{*heap_};
        line().clear(mutation);
    }
    EXPECT_TRUE(line().empty());
    EXPECT_EQ(used_bytes(), used);
}

TEST_F(ALine, IsUnchangedWhereverAChangeFails) {
    join(1);
    const auto second = join(2);
    join(3);
    EXPECT_GT(fail_at_every_step(
                  [&](Mutation& mutation) {
                      line().leave(mutation, second);
                      line().join(mutation, {.agent = {4, 1}});
                      line().leave(mutation, line().first());
                  },
                  [&] {
                      ASSERT_EQ(sessions(), (std::vector<std::uint32_t>{1, 2, 3}));
                  }),
              8);
    EXPECT_EQ(sessions(), (std::vector<std::uint32_t>{3, 4}));
}

}  // namespace
}  // namespace steward::shared
