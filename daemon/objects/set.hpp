#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/set.hpp"

namespace steward::daemon {

/// A set of MessagePack values with the methods of Python's set, in the order in which they were added. Kept as a dict
/// whose values are nil.
class Set final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::set::Open::Result handle(Call&, const proto::set::Open&);
proto::set::Add::Result handle(Call&, const proto::set::Add&);
proto::set::Discard::Result handle(Call&, const proto::set::Discard&);
proto::set::Remove::Result handle(Call&, const proto::set::Remove&);
proto::set::Pop::Result handle(Call&, const proto::set::Pop&);
proto::set::Update::Result handle(Call&, const proto::set::Update&);
proto::Packed handle(Call&, const proto::set::Copy&);
proto::set::Clear::Result handle(Call&, const proto::set::Clear&);
proto::set::Contains::Result handle(Call&, const proto::set::Contains&);
proto::set::Len::Result handle(Call&, const proto::set::Len&);

}  // namespace steward::daemon
