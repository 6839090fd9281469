#include "daemon/dumps.hpp"

#include <string>
#include <utility>

#include "daemon/call.hpp"
#include "proto/errors.hpp"

namespace steward::daemon {
namespace {

/// So much in one reply: a fraction of a millisecond.
constexpr std::size_t most_bytes_of_reply = std::size_t{1} << 16;
constexpr unsigned most_steps_of_reply = 256;

template <class T>
T& found_in(std::unordered_map<std::uint32_t, T>& by_session, const Session& session, const char* begin) {
    const auto found = by_session.find(session.number);
    if (found == by_session.end())
        throw proto::Refusal(proto::Errc::invalid_argument, "session " + std::to_string(session.number) +
                                                                " has nothing under way; " + begin + " comes first");
    return found->second;
}

}  // namespace

void Dumps::begin(Daemon& daemon, Session& session) {
    end(session);
    dumps_.emplace(session.number, Dump(daemon, &session));
}

void Dumps::begin_restore(Daemon& daemon, Session& session, Restore::Existing existing) {
    end_restore(session);
    restores_.emplace(session.number, Restore(daemon, &session, existing));
}

Dump& Dumps::of(const Session& session) {
    return found_in(dumps_, session, "dump.begin");
}

Restore& Dumps::restore_of(const Session& session) {
    return found_in(restores_, session, "restore.begin");
}

void Dumps::end(const Session& session) {
    dumps_.erase(session.number);
}

void Dumps::end_restore(const Session& session) {
    if (auto ended = restores_.extract(session.number))
        ended.mapped().abandon();
}

void Dumps::forget(const Session& session) {
    end(session);
    end_restore(session);
}

proto::dump::Begin::Result handle(Call& call, const proto::dump::Begin&) {
    call.daemon.dumps.begin(call.daemon, call.session);
    return {};
}

proto::dump::Read::Result handle(Call& call, const proto::dump::Read&) {
    auto& dump = call.daemon.dumps.of(call.session);
    proto::dump::Read::Result result{.records = {}, .more = true};
    std::size_t bytes = 0;
    for (unsigned steps = 0; result.more && steps < most_steps_of_reply && bytes < most_bytes_of_reply; ++steps)
        result.more = dump.step([&](std::string record) {
            bytes += record.size();
            result.records.push_back({std::move(record)});
        });
    if (!result.more)
        call.daemon.dumps.end(call.session);
    return result;
}

proto::restore::Begin::Result handle(Call& call, const proto::restore::Begin& message) {
    if (message.existing > proto::restore::Existing::replace)
        throw proto::Refusal(proto::Errc::invalid_argument, "existing is 0, 1 or 2");
    call.daemon.dumps.begin_restore(call.daemon, call.session, message.existing);
    return {};
}

proto::restore::Add::Result handle(Call& call, const proto::restore::Add& message) {
    auto& restore = call.daemon.dumps.restore_of(call.session);
    for (const auto& record : message.records)
        restore.add(record.bytes);
    return {};
}

proto::restore::Finish::Result handle(Call& call, const proto::restore::Finish&) {
    const auto result = call.daemon.dumps.restore_of(call.session).finish();
    call.daemon.dumps.end_restore(call.session);
    return result;
}

}  // namespace steward::daemon
