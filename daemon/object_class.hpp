#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/object.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "shared/agent.hpp"
#include "shared/line.hpp"
#include "shared/mutation.hpp"

namespace steward::daemon {

class Daemon;
class Restore;

/// What an agent wants of an object: a hold, a permit, to see it set. The line remembers it as it is.
using Claim = shared::Wait;

/// What the agent is told when it gets it; what counts depends on the type.
struct Grant {
    std::uint64_t token = 0;
    std::uint64_t number = 0;  ///< index, count, number of an item
    std::optional<proto::Abandonment> abandoned = {};
    std::string value = {};
    bool draws_token = false;  ///< it is a new acquisition of something with tokens
    bool is_offer = false;     ///< the agent has it once it has taken it by the word
};

/// A session that has ended, or one thread of it, as the next owner is told of it.
struct Departed {
    std::uint32_t session = 0;
    std::optional<std::uint32_t> thread = {};  ///< nothing: all of them
    std::int32_t pid = 0;
    std::uint32_t uid = 0;
    std::string command;
    bool abandoned = true;  ///< false: it closed, what it held is given back

    bool was(shared::Agent agent) const { return agent.session == session && (!thread || agent.thread == *thread); }
};

/// On whom those depend who wait for an object.
enum class Dependence : std::uint8_t {
    nobody,      ///< anyone may let them go on
    any_holder,  ///< each holder of something can (permits)
    all_holders  ///< all have to let go
};

/// How far a walk over the values of an object has come; good until the object changes.
struct ValueCursor {
    std::uint64_t position = 0;
    bool at_end = false;
};
using ValueVisitor = std::function<void(std::string_view value)>;

/// What a type of objects is: one instance per type, without state of its own. All state is the object's.
///
/// A type that one can wait for says when a claim is ready and what granting it does; lines, deadlines and replies are
/// written once, in Waiting.
class ObjectClass {
  public:
    /// The claims of a lane are granted in order, those of one do not hold up those of another. At most 32.
    using Lanes = std::uint32_t;
    static constexpr Lanes every_lane = ~Lanes{0};

    /// What happens in somebody else's Mutation.
    using Change = std::function<void(shared::Mutation&)>;

    virtual ~ObjectClass() = default;

    /// Whether clients may look at its word without asking.
    virtual bool shares_word(const Object& object) const { return is_acquired_by_word(object); }

    /// Whether they also acquire and release by it. The word then says that somebody waits.
    virtual bool is_acquired_by_word(const Object&) const { return false; }

    /// Whether only the daemon may pass it on while somebody waits.
    virtual bool is_fair(const Object&) const { return false; }

    /// Whether the claim, were it first in its lane, could be granted now.
    virtual bool ready_for(const Object&, const Claim&) const { return true; }

    /// Whether a claim waits behind those that came before it, though it is ready.
    virtual bool keeps_order() const { return true; }

    /// Whether the claim need not wait behind others, because its agent has what it wants already.
    virtual bool goes_first(const Object&, const Claim&) const { return false; }

    /// The verb by which a claim is made, as of the request.
    virtual std::string_view verb_of(const Claim&) const { return "acquire"; }

    virtual unsigned lane_of(const Claim&) const { return 0; }

    /// The lanes in which something may be ready; a line is not looked through for others. Who has but one lane names
    /// no other, so that a line of many is not looked through behind its first.
    virtual Lanes open_lanes(const Object&) const { return 1; }

    /// What a part of wait_any or acquire_all wants of the object; nothing: such an object cannot be a part.
    virtual std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const;

    /// What one must be allowed to do with the object to wait for it.
    virtual Access access_to_wait(const Object&) const { return Access::write; }

    /// Throws Refusal (invalid_argument) where a claim could never be granted, whoever lets go of whatever.
    virtual void check_possible(const Object&, const Claim&) const {}

    /// A fresh block for the value that a claim brings.
    virtual shared::Offset<shared::Node> make_payload(shared::Mutation&, std::string_view value) const;

    /// Gives the claim what it wants, in the Mutation that takes it out of the line.
    virtual Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const;

    /// The same for a claim of one who takes it by the word: until then it can be withdrawn. Of types that are acquired
    /// by their words and have an owner.
    virtual Grant offer(shared::Mutation&, const Object&, const Claim&) const;

    /// The offer under which the claim's agent has it now; nothing: there is none.
    virtual std::optional<Grant> offered(const Object&, const Claim&) const { return std::nullopt; }

    /// The grant has happened; adds to it what could not be known before.
    virtual void finish_grant(const Object&, const Claim&, Grant&, std::uint64_t /*now_ns*/) const {}

    /// Writes the reply to a request that waited or might have: nothing stands for a time-out.
    virtual void reply(std::string& out, const Claim&, const std::optional<Grant>&) const;

    /// A claim joins the line, or leaves it, in this Mutation.
    virtual void joined(shared::Mutation&, const Object&, const Claim&) const {}
    virtual void left(shared::Mutation&, const Object&, const Claim&) const {}

    /// The time of a claim is over. True: it is looked after and stays in some line.
    virtual bool outlasts_its_time(Daemon&, const Object&, shared::Offset<shared::Waiter>) const { return false; }

    /// A claim leaves without a grant: its time was over, it was cancelled, or its agent is gone. True: something else
    /// has happened with that, and `leaves` in the same Mutation.
    virtual bool gives_up(Daemon&, const Object&, const Claim&, const Change& /*leaves*/) const { return false; }

    /// Whether a grant of the claim leaves the agent holding something that must be taken back when it ends.
    virtual bool is_held(const Object&, const Claim&) const { return false; }

    /// A claim was granted: what the session itself has to know of it.
    virtual void note_granted(Session&, const Object&, const Claim&) const {}

    /// The object was taken up from a former daemon.
    virtual void taken_up(Daemon&, const Object&) const {}

    /// The session was taken up from a former daemon and holds something of the object.
    virtual void note_taken_up(Session&, const Object&) const {}

    /// The agents that hold something of the object; each once.
    virtual std::vector<shared::Agent> holders(const Object&) const { return {}; }

    /// The holder, where there is one and no more; quicker than holders().
    virtual std::optional<shared::Agent> only_holder(const Object&) const { return std::nullopt; }

    /// Whether what is granted by the claim comes, by that, behind what its agent held before; see LockOrder.
    virtual bool makes_order(const Object&, const Claim&) const { return false; }

    virtual Dependence dependence(const Object&) const { return Dependence::nobody; }

    /// Takes back what the departed held; nothing happens where it held nothing. The caller advances the line.
    virtual void take_back(const Object&, const Departed&, std::uint64_t now_ns) const;

    /// Gives back what a part of acquire_all took, in this Mutation; throws not_owner where the agent does not hold it.
    virtual void give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const;

    /// A grant of the claim, which nobody was told of in time, is undone in this Mutation as far as it can be. `reply`:
    /// the one that was recorded; empty where that was a note.
    virtual void undo(shared::Mutation&, const Object&, Session&, const Claim&, std::string_view /*reply*/,
                      std::uint64_t /*now_ns*/) const {}

    /// Whether a grant of the claim cannot be undone: others may have used it. Whoever gives such a claim up looks
    /// first whether it is recorded, so it must not be granted after its time (Waiting::expect_in_time).
    virtual bool stays(const Claim&) const { return false; }

    /// An anonymous object that belongs to this one and goes with it.
    virtual std::optional<std::uint64_t> part_of(const Object&) const { return std::nullopt; }

    /// How often it was acquired; of an object with a word.
    virtual std::uint64_t acquisitions(const Object&) const;

    /// Fills in `state`, `count`, `token`, `holders` and `abandoned`.
    virtual void describe(const Daemon&, const Object&, proto::ObjectInfo&) const = 0;

    /// Shows up to `most` of the values that the object holds, as MessagePack, and moves the cursor.
    virtual void visit_values(const Object&, ValueCursor& cursor, std::size_t most, const ValueVisitor&) const;

    /// Discards what the object's state refers to, in the Mutation that removes the object.
    virtual void discard_contents(shared::Mutation&, const Object&) const {}

    /// What a dump says of the object beside its values, as MessagePack: one of proto/dumped_state.hpp.
    virtual std::string dumped_state(const Object&) const = 0;

    /// Makes an object by that. What it says comes from anybody. Throws Refusal, Malformed.
    virtual Object restore(const Restore&, proto::Packed state) const = 0;

    /// Puts values behind the `first` ones, as visit_values() showed them, into an object that nobody knows yet. Throws
    /// Refusal where they are not such values.
    virtual void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                                std::span<const proto::Packed>) const;
};

/// The class of a type; every type of proto's list has one.
const ObjectClass& class_of(proto::ObjectType);

}  // namespace steward::daemon
