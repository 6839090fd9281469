#include "daemon/session_requests.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <unordered_set>

namespace steward::daemon {
namespace {

constexpr std::uint32_t most_sessions_at_once = 1000;

std::int64_t age_ms(const Daemon& daemon, std::chrono::steady_clock::time_point since) {
    const auto since_ns = static_cast<std::uint64_t>(since.time_since_epoch().count());
    return static_cast<std::int64_t>((daemon.now_ns - std::min(daemon.now_ns, since_ns)) / 1'000'000);
}

/// Who holds what, for many sessions at a time: each object is looked at once.
class HoldingSessions {
  public:
    explicit HoldingSessions(const Daemon& daemon) : daemon_(daemon) {}

    /// How many objects the session holds.
    std::uint64_t count_of(const Session& session) {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            session.held, [&](std::uint64_t object) { return of(object).contains(session.number); }));
    }

  private:
    const std::unordered_set<std::uint32_t>& of(std::uint64_t id) {
        const auto [known, is_new] = by_object_.try_emplace(id);
        if (const auto object = is_new ? daemon_.registry.find(id) : std::nullopt)
            for (const auto holder : class_of(object->type()).holders(*object))
                known->second.insert(holder.session);
        return known->second;
    }

    const Daemon& daemon_;
    std::unordered_map<std::uint64_t, std::unordered_set<std::uint32_t>> by_object_;
};

}  // namespace

proto::session::Open::Result handle(Call&, const proto::session::Open&) {
    throw proto::Refusal(proto::Errc::protocol_error, "this connection has a session already");
}

proto::session::Close::Result handle(Call& call, const proto::session::Close&) {
    call.session.closed = true;  // it ends when the reply is on its way
    return {};
}

proto::session::Cancel::Result handle(Call& call, const proto::session::Cancel& message) {
    return {.cancelled = call.daemon.waiting.cancel(call.session, message.request)};
}

proto::session::EndThread::Result handle(Call& call, const proto::session::EndThread& message) {
    call.daemon.end_thread(call.session, message.thread);
    return {};
}

proto::session::Place::Result handle(Call& call, const proto::session::Place& message) {
    return {.place = call.daemon.places.number_of(message.where)};
}

proto::session::Bell::Result handle(Call& call, const proto::session::Bell& message) {
    auto& session = call.session;
    auto& bells = call.daemon.bells;
    const auto bell = message.bell == 0 && session.shares_words ? bells.own(session) : message.bell;
    session.enclosed = bells.ringable_by(session, bell);
    return {.bell = session.enclosed < 0 ? 0 : bell};
}

proto::session::List::Result handle(Call& call, const proto::session::List& message) {
    const auto& daemon = call.daemon;
    const auto& all = daemon.sessions.all();
    const auto limit = std::min(message.limit, most_sessions_at_once);
    HoldingSessions holding(daemon);
    proto::session::List::Result page;
    for (auto at = all.upper_bound(message.after); at != all.end() && page.sessions.size() < limit; ++at) {
        const auto& session = *at->second;
        page.sessions.push_back({.session = session.number,
                                 .pid = session.process->pid,
                                 .uid = session.uid,
                                 .client_name = session.client_name,
                                 .command = session.process->command,
                                 .since_ms = age_ms(daemon, session.since),
                                 .holds = holding.count_of(session),
                                 .waits = session.waits.size(),
                                 .requests = session.requests,
                                 .connected = session.connected,
                                 .in_name_of = session.in_name_of.empty() ? 0 : session.in_name_of.front()});
    }
    return page;
}

}  // namespace steward::daemon
