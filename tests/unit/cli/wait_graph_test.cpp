#include "client/cli/wait_graph.hpp"

#include <cstdint>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/wait_dot.hpp"
#include "client/cli/wait_tree.hpp"

namespace steward::cli {
namespace {

using proto::AgentInfo;
using proto::ObjectInfo;
using proto::ObjectType;
using testing::HasSubstr;
using testing::Not;

/// Pid and session are the same number; it has waited, or held, for as many seconds.
AgentInfo agent(std::uint32_t session) {
    AgentInfo info;
    info.session = session;
    info.thread = 1;
    info.pid = static_cast<std::int32_t>(session);
    info.command = "make";
    info.since_ms = 1000 * session;
    return info;
}

AgentInfo hurried(std::uint32_t session) {
    auto info = agent(session);
    info.timeout_ms = 60'000;
    return info;
}

ObjectInfo object(ObjectType type, std::string name, std::vector<AgentInfo> holders, std::vector<AgentInfo> waiters) {
    static std::uint64_t last_id = 0;
    ObjectInfo info;
    info.object = ++last_id;
    info.type = type;
    info.name = std::move(name);
    info.holders = std::move(holders);
    info.waiters = std::move(waiters);
    info.state = "held";
    return info;
}

ObjectInfo lock(AgentInfo holder, std::vector<AgentInfo> waiters, std::string name = "lock") {
    return object(ObjectType::lock, std::move(name), {std::move(holder)}, std::move(waiters));
}

proto::SessionInfo inner_session(std::uint32_t number, std::uint32_t in_name_of) {
    proto::SessionInfo info;
    info.session = number;
    info.in_name_of = in_name_of;
    return info;
}

std::string tree_of(std::vector<ObjectInfo> objects, const std::vector<proto::SessionInfo>& sessions = {}) {
    std::ostringstream out;
    print_tree(out, WaitGraph(std::move(objects), sessions));
    return out.str();
}

std::string dot_of(std::vector<ObjectInfo> objects) {
    std::ostringstream out;
    print_dot(out, WaitGraph(std::move(objects)));
    return out.str();
}

TEST(AWaitGraph, FindsNoCycleInALine) {
    const WaitGraph graph({lock(agent(1), {agent(2), agent(3)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(2)));
    EXPECT_FALSE(graph.is_in_cycle(agent(3)));
}

TEST(AWaitGraph, FindsTwoThatWaitForEachOther) {
    const WaitGraph graph({lock(agent(1), {agent(2)}), lock(agent(2), {agent(1)})});
    EXPECT_TRUE(graph.is_in_cycle(agent(1)));
    EXPECT_TRUE(graph.is_in_cycle(agent(2)));
}

TEST(AWaitGraph, FindsOneThatWaitsForItself) {
    const WaitGraph graph({lock(agent(1), {hurried(1)})});
    EXPECT_TRUE(graph.is_in_cycle(agent(1)));
}

TEST(AWaitGraph, TellsThreadsOfOneSessionApart) {
    auto other_thread = agent(1);
    other_thread.thread = 2;
    const WaitGraph graph({lock(agent(1), {agent(2)}), lock(agent(2), {other_thread})});
    EXPECT_FALSE(graph.is_in_cycle(agent(2)));
}

/// Whoever wants several objects holds none of them, and the daemon lets others overtake it.
TEST(AWaitGraph, DoesNotCountThoseWhoStandBeforeOneInLine) {
    const WaitGraph graph({lock(agent(1), {agent(2), agent(3)}), lock(agent(3), {agent(2)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(2)));
    EXPECT_FALSE(graph.is_in_cycle(agent(3)));
}

TEST(AWaitGraph, TellsWhoWaitsForACycleFromWhoIsInIt) {
    const WaitGraph graph({lock(agent(1), {agent(2), agent(4)}), lock(agent(2), {agent(1)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(4)));
}

TEST(AWaitGraph, CountsAllReadersOfAnRwlockAndAnyHolderOfAPermit) {
    const auto held_by_two = [](ObjectType type) {
        return std::vector{object(type, "two", {agent(1), agent(2)}, {agent(3)}), lock(agent(3), {agent(1)})};
    };
    EXPECT_TRUE(WaitGraph(held_by_two(ObjectType::rwlock)).is_in_cycle(agent(3)));
    EXPECT_FALSE(WaitGraph(held_by_two(ObjectType::semaphore)).is_in_cycle(agent(3)));
    EXPECT_FALSE(WaitGraph(held_by_two(ObjectType::bounded_semaphore)).is_in_cycle(agent(3)));
    auto stuck = held_by_two(ObjectType::bounded_semaphore);
    stuck.push_back(lock(agent(3), {agent(2)}));
    EXPECT_TRUE(WaitGraph(stuck).is_in_cycle(agent(3)));
}

TEST(AWaitGraph, LeavesOutWhatHasNoCertainOwner) {
    const WaitGraph graph({object(ObjectType::queue, "jobs", {agent(1)}, {agent(2)}), lock(agent(2), {agent(1)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(1)));
}

TEST(AWaitGraph, LetsOneGoOnThatWaitsForAnEventToo) {
    const WaitGraph graph(
        {lock(agent(1), {agent(2)}), lock(agent(2), {agent(1)}), object(ObjectType::event, "stop", {}, {agent(1)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(2)));
}

TEST(AWaitGraph, FollowsARunToTheOneInsideOfIt) {
    const std::vector sessions{inner_session(1, 0), inner_session(11, 1), inner_session(12, 11), inner_session(2, 0),
                               inner_session(21, 2)};
    const WaitGraph graph({lock(agent(1), {agent(21)}), lock(agent(2), {agent(12)})}, sessions);
    EXPECT_TRUE(graph.is_in_cycle(agent(12)));
    EXPECT_TRUE(graph.is_in_cycle(agent(21)));
}

TEST(ATreeOfWaits, HasTheObjectUnderTheWaiterAndItsHoldersUnderThat) {
    auto waiter = hurried(3);
    waiter.where = "build.cpp:12";
    EXPECT_EQ(tree_of({lock(agent(2), {waiter}, "a"), lock(agent(1), {agent(2)}, "b")}),
              "pid 3 make (thread 1)\n"
              "└─ lock 'a', for 3s, 1m00s left, at build.cpp:12\n"
              "   └─ pid 2 make (thread 1), has held it for 2s\n"
              "      └─ lock 'b', for 2s\n"
              "         └─ pid 1 make (thread 1), has held it for 1s, running\n");
}

TEST(ATreeOfWaits, ShowsAllReadersAndTheStateOfWhatNobodyHolds) {
    auto event = object(ObjectType::event, "go", {}, {agent(1)});
    event.state = "clear";
    EXPECT_EQ(tree_of({object(ObjectType::rwlock, "index", {agent(1), agent(2)}, {agent(3)}), event}),
              "pid 3 make (thread 1)\n"
              "└─ rwlock 'index', for 3s\n"
              "   ├─ pid 1 make (thread 1), has held it for 1s\n"
              "   │  └─ event 'go' (clear), for 1s\n"
              "   └─ pid 2 make (thread 1), has held it for 2s, running\n");
}

TEST(ATreeOfWaits, MarksACycle) {
    EXPECT_EQ(tree_of({lock(agent(1), {hurried(2)}, "a"), lock(agent(2), {hurried(1)}, "b")}),
              "pid 2 make (thread 1)\n"
              "└─ lock 'a', for 2s, 1m00s left\n"
              "   └─ pid 1 make (thread 1), has held it for 1s\n"
              "      └─ lock 'b', for 1s, 1m00s left\n"
              "         └─ pid 2 make (thread 1), has held it for 2s: a cycle, which lasts until a time is over\n");
}

TEST(ATreeOfWaits, TellsOnceWhatAHolderWaitsFor) {
    const auto tree = tree_of({lock(agent(2), {agent(3), agent(4)}, "a"), lock(agent(1), {agent(2)}, "b")});
    EXPECT_THAT(tree, HasSubstr("pid 4 make (thread 1)\n"
                                "└─ lock 'a', for 4s\n"
                                "   └─ pid 2 make (thread 1), has held it for 2s, waits as told above\n"));
}

TEST(ATreeOfWaits, ShowsWhatARunWaitsForInside) {
    const auto tree = tree_of({lock(agent(2), {agent(3)}, "a"), lock(agent(1), {agent(21)}, "b")},
                              {inner_session(2, 0), inner_session(21, 2)});
    EXPECT_THAT(tree, HasSubstr("   └─ pid 2 make (thread 1), has held it for 2s\n"
                                "      └─ inside of it pid 21 make (thread 1)\n"
                                "         └─ lock 'b', for 21s\n"));
}

TEST(ATreeOfWaits, CallsALockWithoutANameByItsNumber) {
    const auto own = object(ObjectType::rlock, "", {agent(1)}, {agent(2)});
    EXPECT_THAT(tree_of({own}), HasSubstr("└─ rlock #" + std::to_string(own.object) + ", for 2s\n"));
}

TEST(ATreeOfWaits, LetsNobodySteerTheTerminal) {
    auto waiter = agent(2);
    waiter.command = "make\x1b[2J";
    EXPECT_THAT(tree_of({lock(agent(1), {waiter}, "a\n")}), Not(HasSubstr("\x1b")));
}

TEST(ADotOfWaits, HasAnArrowFromTheWaiterByTheObjectToTheHolder) {
    const auto wanted = lock(agent(1), {hurried(2)}, "a");
    const auto node = "\"object " + std::to_string(wanted.object) + '"';
    const auto dot = dot_of({wanted});
    EXPECT_THAT(dot, testing::StartsWith("digraph waits {\n"));
    EXPECT_THAT(dot, HasSubstr("  \"session 1 thread 1\" [shape=box, label=\"pid 1 make (thread 1)\"];\n"));
    EXPECT_THAT(dot, HasSubstr("  " + node + " [label=\"lock 'a'\\nheld\"];\n"));
    EXPECT_THAT(dot,
                HasSubstr("  \"session 2 thread 1\" -> " + node + " [label=\"for 2s\\n1m00s left\", style=dashed];\n"));
    EXPECT_THAT(dot, HasSubstr("  " + node + " -> \"session 1 thread 1\" [label=\"held for 1s\"];\n"));
    EXPECT_THAT(dot, testing::EndsWith("}\n"));
}

TEST(ADotOfWaits, ShowsACycleInRed) {
    EXPECT_THAT(dot_of({lock(agent(1), {agent(2)}), lock(agent(2), {agent(1)})}), HasSubstr("color=red"));
    EXPECT_THAT(dot_of({lock(agent(1), {agent(2)})}), Not(HasSubstr("color=red")));
}

TEST(ADotOfWaits, QuotesWhatNamesAndCommandsMayHold) {
    EXPECT_EQ(dot_string("a \"b\" \\ c\nd"), R"("a \"b\" \\ c\nd")");
    auto waiter = agent(2);
    waiter.command = R"(sh -c "echo \"x\"")";
    EXPECT_THAT(dot_of({lock(agent(1), {waiter}, "\"];")}), HasSubstr(R"(label="lock '\"];'\nheld")"));
    EXPECT_THAT(dot_of({lock(agent(1), {waiter})}), HasSubstr(R"(sh -c \"echo \\\"x\\\"\" (thread 1))"));
}

}  // namespace
}  // namespace steward::cli
