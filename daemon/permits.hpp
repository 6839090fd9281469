#pragma once

#include "daemon/object_class.hpp"

namespace steward::daemon {

struct Call;

/// What the semaphores have in common: permits that are counted in the word, up to a bound. Made with `recover`, it
/// knows who holds how many, and those of a process that died return.
class Permits : public ObjectClass {
  public:
    static constexpr std::uint32_t recover_option = 1;

    bool is_acquired_by_word(const Object& object) const override { return !recovers(object); }
    bool ready_for(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    void check_possible(const Object&, const Claim&) const override;
    bool is_held(const Object&, const Claim&) const override;
    std::vector<shared::Agent> holders(const Object&) const override;
    Dependence dependence(const Object&) const override;
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    std::uint64_t acquisitions(const Object&) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;

    static bool recovers(const Object&);
    static std::uint64_t free_permits_of(const Object&);
    static std::uint64_t bound_of(const Object&);

    /// Throws Refusal (invalid_argument, semaphore_overflow) where a semaphore cannot begin with so many.
    static std::uint64_t checked(std::int64_t permits);

    /// The state of a new one.
    static void begin(shared::Mutation&, const Object&, std::uint64_t permits, std::uint64_t bound);

    /// Gives back what the agent's session holds, first of the agent itself, or makes new ones. Throws Refusal:
    /// invalid_argument, semaphore_overflow.
    static void release(Call&, const Object&, shared::Agent, std::int64_t permits);
};

}  // namespace steward::daemon
