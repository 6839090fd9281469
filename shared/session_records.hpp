#pragma once

#include <cstdint>
#include <string_view>

#include "shared/abandonment.hpp"
#include "shared/linked_list.hpp"

namespace steward::shared {

struct SessionInfo {
    std::uint64_t number = 0;
    ProcessIdentity process;
    std::uint64_t start_time = 0;  ///< of the process, in clock ticks since boot (/proc/PID/stat)
    std::string_view command;
};

/// The command's bytes follow.
struct SessionRecord : Linked {
    Field<std::uint64_t> number;
    Field<ProcessIdentity> process;
    Field<std::uint64_t> start_time;
};
static_assert(sizeof(SessionRecord) == 48);

/// The sessions that may own or wait in this domain; a daemon that starts again learns from them whom to ask after.
class SessionRecords {
  public:
    explicit SessionRecords(Heap& heap) noexcept
        : heap_(heap), ends_{heap.header().first_session, heap.header().last_session} {}

    Offset<SessionRecord> add(Mutation&, const SessionInfo&);
    void erase(Mutation&, Offset<SessionRecord>);

    Offset<SessionRecord> first() const noexcept { return ends_.first.load(); }
    Offset<SessionRecord> next(Offset<SessionRecord> record) const noexcept { return next_of(heap_, record); }
    SessionInfo get(Offset<SessionRecord>) const noexcept;

  private:
    Heap& heap_;
    ListEnds<SessionRecord> ends_;
};

}  // namespace steward::shared
