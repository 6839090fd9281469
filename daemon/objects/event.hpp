#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/event.hpp"

namespace steward::daemon {

/// Set or clear, and those who wait until it is set. The word is the flag. Made with `auto_reset`, the first that goes
/// on clears it.
class Event final : public ObjectClass {
  public:
    bool shares_word(const Object&) const override { return true; }
    bool ready_for(const Object&, const Claim&) const override;
    bool keeps_order() const override { return false; }
    std::string_view verb_of(const Claim&) const override { return "wait"; }
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    Access access_to_wait(const Object&) const override;
    void undo(shared::Mutation&, const Object&, Session&, const Claim&, std::string_view reply,
              std::uint64_t now_ns) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

proto::event::Open::Result handle(Call&, const proto::event::Open&);
proto::event::Set::Result handle(Call&, const proto::event::Set&);
proto::event::Clear::Result handle(Call&, const proto::event::Clear&);
proto::event::IsSet::Result handle(Call&, const proto::event::IsSet&);
void handle(Call&, const proto::event::Wait&);

}  // namespace steward::daemon
