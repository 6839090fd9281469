#pragma once

#include "daemon/object_class.hpp"

namespace steward::daemon {

struct Call;

/// What the semaphores have in common: permits that are counted in the word, up to a bound. Made with `recover`, it
/// knows who holds how many, and those of a process that died return.
class Permits : public ObjectClass {
  public:
    bool is_acquired_by_word(const Object& object) const override { return !recovers(object); }
    bool ready_for(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void finish_grant(const Object&, const Claim&, Grant&, std::uint64_t now_ns) const override;
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    void check_possible(const Object&, const Claim&) const override;
    bool is_held(const Object&, const Claim&) const override;
    std::vector<shared::Agent> holders(const Object&) const override;
    Dependence dependence(const Object&) const override;
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void undo(shared::Mutation& mutation, const Object& object, Session&, const Claim& claim, std::string_view,
              std::uint64_t now_ns) const override {
        give_back(mutation, object, claim, now_ns);
    }
    std::uint64_t acquisitions(const Object&) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;

    static bool recovers(const Object&);
    static std::uint64_t free_permits_of(const Object&);
    static std::uint64_t bound_of(const Object&);

    /// What a semaphore is made with. It is opened with the same `recover` and, where it is bounded, as many permits.
    struct Options {
        proto::ObjectType type{};
        std::int64_t permits = 1;
        bool bounded = false;  ///< there are never more
        bool recover = false;
    };

    /// What a dump says of it.
    struct Former {
        std::uint64_t permits = 0;  ///< free ones
        std::uint64_t bound = 0;
        bool recover = false;
    };

    /// As they will be when whoever holds permits is gone.
    static std::uint64_t permits_without_holders(const Object&);

    /// Makes one as it was. Throws Refusal where there can be none such.
    static Object restore_as(const Restore&, proto::ObjectType, const Former&);

    /// As Registry::open. Throws Refusal also where a semaphore cannot begin with so many permits: invalid_argument,
    /// semaphore_overflow.
    static proto::Opened open(Call&, const proto::Open&, const Options&);

    /// Gives back what the agent's session holds, first of the agent itself, or makes new ones. Throws Refusal:
    /// invalid_argument, semaphore_overflow.
    static void release(Call&, const Object&, shared::Agent, std::int64_t permits);
};

}  // namespace steward::daemon
