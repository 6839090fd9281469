#include "client/src/described.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace steward::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::system_clock;

std::vector<AgentInfo> described(std::vector<proto::AgentInfo>&& agents) {
    std::vector<AgentInfo> all;
    all.reserve(agents.size());
    for (auto& agent : agents)
        all.push_back(detail::described(std::move(agent)));
    return all;
}

}  // namespace

AgentInfo described(proto::AgentInfo&& agent) {
    return {.session = agent.session,
            .thread = agent.thread,
            .pid = agent.pid,
            .uid = agent.uid,
            .command = std::move(agent.command),
            .since = milliseconds(agent.since_ms),
            .amount = agent.amount,
            .timeout = agent.timeout_ms ? std::optional(milliseconds(*agent.timeout_ms)) : std::nullopt,
            .where = std::move(agent.where),
            .unit = std::move(agent.unit)};
}

std::optional<Abandonment> described(const std::optional<proto::Abandonment>& abandonment) {
    if (!abandonment)
        return std::nullopt;
    const auto since_epoch = std::chrono::duration_cast<system_clock::duration>(nanoseconds(abandonment->when_ns));
    return Abandonment{.pid = abandonment->pid,
                       .uid = abandonment->uid,
                       .command = abandonment->command,
                       .when = system_clock::time_point(since_epoch),
                       .held_for = nanoseconds(abandonment->held_for_ns)};
}

ObjectInfo described(proto::ObjectInfo&& info) {
    return {.id = info.object,
            .name = std::move(info.name),
            .type = static_cast<ObjectType>(info.type),
            .owner = info.owner,
            .group = info.group,
            .mode = info.mode,
            .ephemeral = info.ephemeral,
            .state = std::move(info.state),
            .count = info.count,
            .token = info.token,
            .holders = described(std::move(info.holders)),
            .waiters = described(std::move(info.waiters)),
            .abandoned = described(info.abandoned),
            .operations = info.operations,
            .waits = info.waits,
            .version = info.version,
            .references = info.references,
            .users = info.users};
}

ObjectStatistics described(proto::object::Statistics::Result&& statistics) {
    return {.acquisitions = statistics.acquisitions,
            .operations = statistics.operations,
            .waiting = statistics.waiting,
            .waited = statistics.waited,
            .wait_total = nanoseconds(statistics.wait_total_ns),
            .wait_longest = nanoseconds(statistics.wait_longest_ns),
            .hold_total = nanoseconds(statistics.hold_total_ns),
            .hold_longest = nanoseconds(statistics.hold_longest_ns),
            .waits = std::move(statistics.waits),
            .holds = std::move(statistics.holds)};
}

SessionInfo described(proto::SessionInfo&& session) {
    return {.session = session.session,
            .pid = session.pid,
            .uid = session.uid,
            .client_name = std::move(session.client_name),
            .command = std::move(session.command),
            .since = milliseconds(session.since_ms),
            .holds = session.holds,
            .waits = session.waits,
            .requests = session.requests,
            .connected = session.connected,
            .in_name_of = session.in_name_of};
}

DeadlockStep described(proto::DeadlockStep&& step) {
    return {.session = step.session,
            .thread = step.thread,
            .pid = step.pid,
            .command = std::move(step.command),
            .object = step.object,
            .type = static_cast<ObjectType>(step.type),
            .name = std::move(step.name),
            .where = std::move(step.where)};
}

LockOrderWarning described(proto::LockOrder&& warning) {
    return {.first = warning.first,
            .first_name = std::move(warning.first_name),
            .second = warning.second,
            .second_name = std::move(warning.second_name),
            .thread = warning.thread,
            .sentence = std::move(warning.sentence),
            .where = std::move(warning.where),
            .where_before = std::move(warning.where_before)};
}

}  // namespace steward::detail
