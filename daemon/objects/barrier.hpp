#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/barrier.hpp"

namespace steward::daemon {

/// So many go on together. One that gives up while it waits breaks it for all, until it is reset.
class Barrier final : public ObjectClass {
  public:
    Lanes open_lanes(const Object&) const override { return 0; }
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    void joined(shared::Mutation&, const Object&, const Claim&) const override;
    void left(shared::Mutation&, const Object&, const Claim&) const override;
    bool gives_up(Daemon&, const Object&, const Claim&, const Change& leaves) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

proto::barrier::Open::Result handle(Call&, const proto::barrier::Open&);
void handle(Call&, const proto::barrier::Wait&);
proto::barrier::Abort::Result handle(Call&, const proto::barrier::Abort&);
proto::barrier::Reset::Result handle(Call&, const proto::barrier::Reset&);
proto::barrier::Status::Result handle(Call&, const proto::barrier::Status&);

}  // namespace steward::daemon
