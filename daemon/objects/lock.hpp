#pragma once

#include "daemon/call.hpp"
#include "daemon/ownership.hpp"
#include "proto/objects/lock.hpp"

namespace steward::daemon {

/// One agent at a time owns it. Made `transferable`, anyone may release it, and nobody is known to owe it.
class Lock final : public Ownership {
  public:
    bool is_acquired_by_word(const Object&) const override { return true; }
    bool is_fair(const Object&) const override;
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    bool makes_order(const Object& object, const Claim&) const override { return !is_transferable(object); }
    Dependence dependence(const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;

    static bool is_transferable(const Object&);
};

proto::lock::Open::Result handle(Call&, const proto::lock::Open&);
void handle(Call&, const proto::lock::Acquire&);
proto::lock::Release::Result handle(Call&, const proto::lock::Release&);
proto::lock::Holding::Result handle(Call&, const proto::lock::Holding&);

}  // namespace steward::daemon
