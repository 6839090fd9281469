#pragma once

#include "daemon/call.hpp"
#include "daemon/ownership.hpp"
#include "proto/objects/rwlock.hpp"

namespace steward::daemon {

/// Owned by one writer, or held by any number of readers. First come, first served, so neither side starves: a reader
/// waits behind a writer that came before it (and a writer may slip in by the word, as with a lock). Writers may
/// acquire and release it by its word, readers, who all have to be known, may not; to a writer they are as one owner
/// without words.
class RWLock final : public Ownership {
  public:
    bool is_acquired_by_word(const Object&) const override { return true; }
    std::string_view verb_of(const Claim&) const override;
    bool ready_for(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    std::vector<shared::Agent> holders(const Object&) const override;
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

proto::rwlock::Open::Result handle(Call&, const proto::rwlock::Open&);
void handle(Call&, const proto::rwlock::Acquire&);
proto::rwlock::Release::Result handle(Call&, const proto::rwlock::Release&);
void handle(Call&, const proto::rwlock::AcquireShared&);
proto::rwlock::ReleaseShared::Result handle(Call&, const proto::rwlock::ReleaseShared&);
proto::rwlock::Holding::Result handle(Call&, const proto::rwlock::Holding&);

}  // namespace steward::daemon
