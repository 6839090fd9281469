#include "shared/session_records.hpp"

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

using SomeSessionRecords = HeapTest;

TEST_F(SomeSessionRecords, AreListedUntilTheyAreErased) {
    SessionRecords sessions{*heap_};
    Mutation mutation{*heap_};
    const auto first = sessions.add(mutation, {.number = 1, .process = {10, 20}, .start_time = 30, .command = "one"});
    sessions.add(mutation, {.number = 2, .process = {11, 21}, .start_time = 31, .command = ""});
    EXPECT_EQ(sessions.get(first).process.pid, 10U);
    EXPECT_EQ(sessions.get(first).process.uid, 20U);
    EXPECT_EQ(sessions.get(first).start_time, 30U);
    EXPECT_EQ(sessions.get(first).command, "one");
    sessions.erase(mutation, first);
    ASSERT_TRUE(sessions.first());
    EXPECT_EQ(sessions.get(sessions.first()).number, 2U);
    EXPECT_FALSE(sessions.next(sessions.first()));
}

}  // namespace
}  // namespace steward::shared
