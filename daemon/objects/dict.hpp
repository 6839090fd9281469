#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/dict.hpp"

namespace steward::daemon {

/// A map of MessagePack values with the methods of Python's dict, in the order of insertion.
class Dict final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::dict::Open::Result handle(Call&, const proto::dict::Open&);
proto::dict::Get::Result handle(Call&, const proto::dict::Get&);
proto::dict::Set::Result handle(Call&, const proto::dict::Set&);
proto::dict::Erase::Result handle(Call&, const proto::dict::Erase&);
proto::dict::Pop::Result handle(Call&, const proto::dict::Pop&);
proto::dict::PopItem::Result handle(Call&, const proto::dict::PopItem&);
proto::dict::SetDefault::Result handle(Call&, const proto::dict::SetDefault&);
proto::dict::Update::Result handle(Call&, const proto::dict::Update&);
proto::Packed handle(Call&, const proto::dict::Keys&);
proto::Packed handle(Call&, const proto::dict::Values&);
proto::Packed handle(Call&, const proto::dict::Items&);
proto::dict::Clear::Result handle(Call&, const proto::dict::Clear&);
proto::dict::Contains::Result handle(Call&, const proto::dict::Contains&);
proto::dict::Len::Result handle(Call&, const proto::dict::Len&);
proto::dict::Increment::Result handle(Call&, const proto::dict::Increment&);
proto::dict::CompareExchange::Result handle(Call&, const proto::dict::CompareExchange&);
proto::dict::SetIfVersion::Result handle(Call&, const proto::dict::SetIfVersion&);

}  // namespace steward::daemon
