#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/process.hpp"

namespace steward::daemon {

/// A process of this host whose end can be waited for. It has no name and goes with the last session that opened it.
class ProcessEnd final : public ObjectClass {
  public:
    bool ready_for(const Object&, const Claim&) const override;
    bool keeps_order() const override { return false; }
    std::string_view verb_of(const Claim&) const override { return "wait"; }
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    Access access_to_wait(const Object&) const override { return Access::read; }
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    void taken_up(Daemon&, const Object&) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

/// The process of an object has ended: who waits for that goes on.
void note_end_of_process(Daemon&, const Object&);

proto::process::Open::Result handle(Call&, const proto::process::Open&);
void handle(Call&, const proto::process::Wait&);
proto::process::Status::Result handle(Call&, const proto::process::Status&);

}  // namespace steward::daemon
