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
    const auto place = line().join(
        mutation,
        {.agent = {1, 2}, .request = 3, .amount = 4, .deadline_ns = 5, .since_ns = 6, .ticket = 7, .note = 8});
    const Wait wait = line().get(place);
    EXPECT_EQ(wait.agent, (Agent{1, 2}));
    EXPECT_EQ(wait.request, 3U);
    EXPECT_EQ(wait.amount, 4U);
    EXPECT_EQ(wait.deadline_ns, 5U);
    EXPECT_EQ(wait.since_ns, 6U);
    EXPECT_EQ(wait.ticket, 7U);
    EXPECT_EQ(wait.note, 8U);
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
