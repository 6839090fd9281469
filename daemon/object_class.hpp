#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/object.hpp"
#include "proto/object.hpp"
#include "shared/agent.hpp"
#include "shared/mutation.hpp"

namespace steward::daemon {

class Daemon;

/// What an agent wants of an object: a hold, a permit, to see it set.
struct Claim {
    shared::Agent agent;
    std::uint64_t amount = 1;
    std::uint32_t place = 0;  ///< line of source, as Places numbers it
};

/// What the agent is told when it gets it.
struct Grant {
    std::uint64_t token = 0;
    std::optional<proto::Abandonment> abandoned;
};

/// A session that has ended, as the next owner is told of it.
struct Departed {
    std::uint32_t session = 0;
    std::int32_t pid = 0;
    std::uint32_t uid = 0;
    std::string command;
    bool abandoned = true;  ///< false: it closed, what it held is given back
};

/// What a type of objects is: one instance per type, without state of its own. All state is the object's.
///
/// A type that one can wait for says when a claim is ready and what granting it does; lines, deadlines and replies are
/// written once, in Waiting.
class ObjectClass {
  public:
    virtual ~ObjectClass() = default;

    /// Whether the claim, were it first in line, could be granted now.
    virtual bool ready_for(const Object&, const Claim&) const { return true; }

    /// Gives the claim what it wants, as the last act of the Mutation that takes it out of the line.
    virtual Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const;

    /// Writes the reply to a request that waited or might have: nothing stands for a time-out.
    virtual void reply(std::string& out, std::uint64_t request, const std::optional<Grant>&) const;

    /// Whether a grant leaves the agent holding something that must be taken back when its session ends.
    virtual bool is_held(const Object&) const { return false; }

    /// The agents that hold something of the object.
    virtual std::vector<shared::Agent> holders(const Object&) const { return {}; }

    /// Takes back what a session holds; nothing happens where it holds nothing. The caller advances the line.
    virtual void take_back(const Object&, const Departed&, std::uint64_t now_ns) const;

    /// Fills in `state`, `count`, `token`, `holders` and `abandoned`.
    virtual void describe(const Daemon&, const Object&, proto::ObjectInfo&) const = 0;

    /// Discards what the object's state refers to, in the Mutation that removes the object.
    virtual void discard_contents(shared::Mutation&, const Object&) const {}
};

/// The class of a type; every type of proto's list has one.
const ObjectClass& class_of(proto::ObjectType);

}  // namespace steward::daemon
