#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/lock.hpp"

namespace steward::daemon {

/// One agent at a time holds it. The word is the owner; a record says who died holding it.
class Lock final : public ObjectClass {
  public:
    bool ready_for(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void reply(std::string& out, std::uint64_t request, const std::optional<Grant>&) const override;
    bool is_held(const Object&) const override { return true; }
    std::vector<shared::Agent> holders(const Object&) const override;
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
};

proto::lock::Open::Result handle(Call&, const proto::lock::Open&);
void handle(Call&, const proto::lock::Acquire&);
proto::lock::Release::Result handle(Call&, const proto::lock::Release&);
proto::lock::Holding::Result handle(Call&, const proto::lock::Holding&);

}  // namespace steward::daemon
