#pragma once

#include "daemon/call.hpp"
#include "daemon/ownership.hpp"
#include "proto/objects/rlock.hpp"

namespace steward::daemon {

/// One agent at a time owns it, as often as it likes; it is free when it has released it as often.
class RLock final : public Ownership {
  public:
    bool is_acquired_by_word(const Object&) const override { return true; }
    bool ready_for(const Object&, const Claim&) const override;
    bool goes_first(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    Grant offer(shared::Mutation&, const Object&, const Claim&) const override;
    bool makes_order(const Object&, const Claim&) const override;
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    void give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;

    /// How often its owner owns it; 0 where nobody does.
    static std::uint64_t count_of(const Object&);

  protected:
    std::uint64_t times_owned(const Object& object) const override { return count_of(object); }

  private:
    static void set_count(shared::Mutation&, const Object&, std::uint64_t count);
};

proto::rlock::Open::Result handle(Call&, const proto::rlock::Open&);
void handle(Call&, const proto::rlock::Acquire&);
proto::rlock::Release::Result handle(Call&, const proto::rlock::Release&);
proto::rlock::Holding::Result handle(Call&, const proto::rlock::Holding&);

}  // namespace steward::daemon
