#include "client/cli/wait_graph.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace steward::cli {
namespace {

proto::AgentInfo agent(std::uint32_t session) {
    proto::AgentInfo info;
    info.session = session;
    return info;
}

proto::ObjectInfo lock(proto::AgentInfo holder, std::vector<proto::AgentInfo> waiters) {
    proto::ObjectInfo info;
    info.type = proto::ObjectType::lock;
    info.holders = {std::move(holder)};
    info.waiters = std::move(waiters);
    return info;
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

TEST(AWaitGraph, CountsThoseWhoStandBeforeOneInLine) {
    const WaitGraph graph({lock(agent(1), {agent(2), agent(3)}), lock(agent(3), {agent(2)})});
    EXPECT_TRUE(graph.is_in_cycle(agent(3)));
    EXPECT_FALSE(graph.is_in_cycle(agent(1)));
}

TEST(AWaitGraph, TellsWhoWaitsForACycleFromWhoIsInIt) {
    const WaitGraph graph({lock(agent(1), {agent(2), agent(4)}), lock(agent(2), {agent(1)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(4)));
}

TEST(AWaitGraph, LeavesOutWhatHasNoCertainOwner) {
    auto semaphore = lock(agent(1), {agent(2)});
    semaphore.type = proto::ObjectType::semaphore;
    const WaitGraph graph({semaphore, lock(agent(2), {agent(1)})});
    EXPECT_FALSE(graph.is_in_cycle(agent(1)));
}

}  // namespace
}  // namespace steward::cli
