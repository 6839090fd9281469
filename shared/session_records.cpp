#include "shared/session_records.hpp"

#include <cstring>

namespace steward::shared {

Offset<SessionRecord> SessionRecords::add(Mutation& mutation, const SessionInfo& session) {
    const auto place =
        mutation.allocate<SessionRecord>(BlockKind::session, sizeof(SessionRecord) + session.command.size(),
                                         static_cast<std::uint32_t>(session.command.size()));
    SessionRecord& record = *heap_.at(place);
    record.number.init(session.number);
    record.process.init(session.process);
    record.start_time.init(session.start_time);
    std::memcpy(bytes_behind(&record), session.command.data(), session.command.size());
    link_last(mutation, ends_, place);
    return place;
}

void SessionRecords::erase(Mutation& mutation, Offset<SessionRecord> record) {
    unlink(mutation, ends_, record);
    mutation.discard(record);
}

SessionInfo SessionRecords::get(Offset<SessionRecord> place) const noexcept {
    const SessionRecord& record = *heap_.at(place);
    return {.number = record.number.load(),
            .process = record.process.load(),
            .start_time = record.start_time.load(),
            .command = {bytes_behind(&record), record.tag.load().extra}};
}

}  // namespace steward::shared
