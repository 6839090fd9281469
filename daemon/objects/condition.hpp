#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/condition.hpp"

namespace steward::daemon {

/// Those who gave up a lock until they are notified. Its line is theirs; who is notified, or whose time is over, goes
/// to the end of the lock's line and has the reply when the lock is his again.
class Condition final : public ObjectClass {
  public:
    Lanes open_lanes(const Object&) const override { return 0; }
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    bool outlasts_its_time(Daemon&, const Object&, shared::Offset<shared::Waiter>) const override;
    bool gives_up(Daemon&, const Object&, const Claim&, const Change& leaves) const override;
    std::optional<std::uint64_t> part_of(const Object&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

proto::condition::Open::Result handle(Call&, const proto::condition::Open&);
void handle(Call&, const proto::condition::Wait&);
proto::condition::Notify::Result handle(Call&, const proto::condition::Notify&);
proto::condition::NotifyAll::Result handle(Call&, const proto::condition::NotifyAll&);
proto::condition::Status::Result handle(Call&, const proto::condition::Status&);

}  // namespace steward::daemon
