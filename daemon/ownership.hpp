#pragma once

#include "daemon/object_class.hpp"

namespace steward::daemon {

struct Call;

/// What the types have in common that one agent at a time owns. The word is the owner; a record says who died owning
/// it, and is told once, to the next owner: while the word says `news`, nobody has been.
class Ownership : public ObjectClass {
  public:
    bool ready_for(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    Grant offer(shared::Mutation&, const Object&, const Claim&) const override;
    std::optional<Grant> offered(const Object&, const Claim&) const override;
    void finish_grant(const Object&, const Claim&, Grant&, std::uint64_t now_ns) const override;
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    bool is_held(const Object&, const Claim&) const override { return true; }
    std::vector<shared::Agent> holders(const Object&) const override;
    std::optional<shared::Agent> only_holder(const Object&) const override;
    bool makes_order(const Object&, const Claim&) const override { return true; }
    Dependence dependence(const Object&) const override { return Dependence::all_holders; }
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void undo(shared::Mutation&, const Object&, Session&, const Claim&, std::string_view reply,
              std::uint64_t now_ns) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;

    static shared::Agent owner_of(const Object&);
    /// Of the acquisition under way, or the last one.
    static std::uint64_t token_of(const Object&);
    static std::optional<proto::Abandonment> last_abandonment_of(const Object&);
    /// The same where no owner has been told of it yet.
    static std::optional<proto::Abandonment> untold_abandonment_of(const Object&);

    /// Throws Refusal (not_owner) where the agent does not own the object.
    static void check_owner(const Daemon&, const Object&, shared::Agent);

  protected:
    /// What an owned object keeps first in its header.
    struct State {
        shared::Field<std::uint64_t> count;  ///< how often its owner owns it, where the word says `counted`
    };
    static State& state_of(const Object&);

    /// How often its owner owns it.
    virtual std::uint64_t times_owned(const Object&) const { return 1; }

    /// Nobody owns it any more. Throws WordChanged where the agent does not.
    static void free(shared::Mutation&, const Object&, shared::Agent owner);

  private:
    static void take_from(const Object&, shared::Agent owner, const Departed&, std::uint64_t now_ns);
};

/// The initial state of an owned object: its tokens are above every token that an object of this instance, of this name
/// perhaps, ever had, and above `former`.
void begin_tokens(const Daemon&, const Object&, std::uint64_t former = 0);

/// A token that a dump says. Throws Refusal where none can have grown so large.
std::uint64_t checked_token(std::uint64_t);

}  // namespace steward::daemon
