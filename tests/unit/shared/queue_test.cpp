#include "shared/queue.hpp"

#include <string>
#include <vector>

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class AQueue : public HeapTest {
  protected:
    void SetUp() override {
        HeapTest::SetUp();
        Mutation mutation{*heap_};
        queue().create(mutation, 2);
    }
    Queue queue() { return {*heap_, object_->state_as<QueueState>()}; }
    void put(std::string_view value) {
        Mutation mutation{*heap_};
        queue().put(mutation, Queue::make_item(mutation, value));
    }
    std::string get() {
        Mutation mutation{*heap_};
        return std::string(queue().get(mutation));
    }
    Offset<QueueItem> take(std::uint32_t session) {
        Mutation mutation{*heap_};
        return queue().take(mutation, {session, 1});
    }
};

TEST_F(AQueue, GivesTheFirstThatWasPut) {
    put("a");
    EXPECT_FALSE(queue().full());
    put("b");
    EXPECT_TRUE(queue().full());
    EXPECT_EQ(get(), "a");
    put("c");
    EXPECT_EQ(get(), "b");
    EXPECT_EQ(get(), "c");
    EXPECT_TRUE(queue().empty());
    EXPECT_EQ(queue().unfinished(), 3U);
}

TEST_F(AQueue, CountsWhatIsDoneWith) {
    put("a");
    get();
    Mutation mutation{*heap_};
    EXPECT_TRUE(queue().task_done(mutation));
    EXPECT_FALSE(queue().task_done(mutation));
}

TEST_F(AQueue, PutsWhatWasTakenBackAtTheHead) {
    put("a");
    put("b");
    const auto taken = take(7);
    EXPECT_EQ(queue().item(taken).value(), "a");
    EXPECT_EQ(queue().item(taken).taker.load(), (Agent{7, 1}));
    EXPECT_EQ(queue().taken(), 1U);
    EXPECT_EQ(queue().size(), 1U);
    {
        Mutation mutation{*heap_};
        queue().give_back(mutation, taken);
    }
    EXPECT_EQ(queue().taken(), 0U);
    EXPECT_EQ(get(), "a");
    EXPECT_EQ(get(), "b");
}

TEST_F(AQueue, NumbersWhatIsTakenAnewEachTime) {
    put("a");
    const auto first = queue().item(take(1)).number.load();
    {
        Mutation mutation{*heap_};
        queue().give_back(mutation, queue().first_taken());
    }
    EXPECT_NE(queue().item(take(1)).number.load(), first);
}

TEST_F(AQueue, FinishesWhatIsDone) {
    put("a");
    const auto taken = take(1);
    Mutation mutation{*heap_};
    queue().done(mutation, taken);
    EXPECT_EQ(queue().taken(), 0U);
    EXPECT_EQ(queue().unfinished(), 0U);
}

TEST_F(AQueue, GivesAllItsMemoryBack) {
    const auto used = used_bytes();
    put("a");
    put("b");
    take(1);
    get();
    {
        Mutation mutation{*heap_};
        queue().discard(mutation);
        queue().create(mutation, 2);
    }
    EXPECT_EQ(used_bytes(), used);
}

TEST_F(AQueue, IsUnchangedWhereverAChangeFails) {
    put("a");
    put("b");
    EXPECT_GT(fail_at_every_step(
                  [&](Mutation& mutation) {
                      const auto taken = queue().take(mutation, {1, 1});
                      queue().get(mutation);
                      queue().put(mutation, Queue::make_item(mutation, "c"));
                      queue().give_back(mutation, taken);
                  },
                  [&] {
                      ASSERT_EQ(queue().size(), 2U);
                      ASSERT_EQ(queue().taken(), 0U);
                      ASSERT_EQ(
                          queue().item(heap_->at(object_->state_as<QueueState>().root.load())->first.load()).value(),
                          "a");
                  }),
              10);
    EXPECT_EQ(get(), "a");
    EXPECT_EQ(get(), "c");
}

}  // namespace
}  // namespace steward::shared
