#include "shared/abandonment.hpp"

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

using AnAbandonment = HeapTest;

TEST_F(AnAbandonment, SaysWhoDiedUntilTheNextOneOrItIsForgotten) {
    const auto used = used_bytes();
    EXPECT_FALSE(last_abandonment(*heap_, *object_));
    {
        Mutation mutation{*heap_};
        record_abandonment(mutation, *object_, {{1, 2}, 3, 4, "first"});
        record_abandonment(mutation, *object_, {{5, 6}, 7, 8, "second --option"});
    }
    const auto last = last_abandonment(*heap_, *object_);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->process.pid, 5U);
    EXPECT_EQ(last->process.uid, 6U);
    EXPECT_EQ(last->when_ns, 7U);
    EXPECT_EQ(last->held_for_ns, 8U);
    EXPECT_EQ(last->command, "second --option");
    {
        Mutation mutation{*heap_};
        forget_abandonment(mutation, *object_);
    }
    EXPECT_FALSE(last_abandonment(*heap_, *object_));
    EXPECT_EQ(used_bytes(), used);
}

}  // namespace
}  // namespace steward::shared
