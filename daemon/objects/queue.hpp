#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/queue.hpp"

namespace steward::daemon {

/// Items, first in, first out. Who puts waits for room, who gets waits for an item, who joins waits until all is done;
/// these are three lanes of one line. An item that was taken returns to the head if its taker ends.
class Queue final : public ObjectClass {
  public:
    bool ready_for(const Object&, const Claim&) const override;
    bool keeps_order() const override { return false; }
    std::string_view verb_of(const Claim&) const override;
    unsigned lane_of(const Claim&) const override;
    Lanes open_lanes(const Object&) const override;
    std::optional<std::uint8_t> want_among_several(shared::WaitMode, bool shared) const override;
    shared::Offset<shared::Node> make_payload(shared::Mutation&, std::string_view value) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    void joined(shared::Mutation&, const Object&, const Claim&) const override;
    void left(shared::Mutation&, const Object&, const Claim&) const override;
    bool is_held(const Object&, const Claim&) const override;
    void note_granted(Session&, const Object&, const Claim&) const override;
    void note_taken_up(Session&, const Object&) const override;
    std::vector<shared::Agent> holders(const Object&) const override;
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void undo(shared::Mutation&, const Object&, Session&, const Claim&, std::string_view reply,
              std::uint64_t now_ns) const override;
    bool stays(const Claim&) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::queue::Open::Result handle(Call&, const proto::queue::Open&);
void handle(Call&, const proto::queue::Put&);
void handle(Call&, const proto::queue::Get&);
void handle(Call&, const proto::queue::Take&);
proto::queue::Done::Result handle(Call&, const proto::queue::Done&);
proto::queue::GiveBack::Result handle(Call&, const proto::queue::GiveBack&);
proto::queue::TaskDone::Result handle(Call&, const proto::queue::TaskDone&);
void handle(Call&, const proto::queue::Join&);
proto::queue::Status::Result handle(Call&, const proto::queue::Status&);

}  // namespace steward::daemon
