#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/list.hpp"

namespace steward::daemon {

/// A sequence of MessagePack values with the methods of Python's list.
class List final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::list::Open::Result handle(Call&, const proto::list::Open&);
proto::list::Append::Result handle(Call&, const proto::list::Append&);
proto::list::Extend::Result handle(Call&, const proto::list::Extend&);
proto::list::Insert::Result handle(Call&, const proto::list::Insert&);
proto::list::Pop::Result handle(Call&, const proto::list::Pop&);
proto::list::Remove::Result handle(Call&, const proto::list::Remove&);
proto::list::Index::Result handle(Call&, const proto::list::Index&);
proto::list::Count::Result handle(Call&, const proto::list::Count&);
proto::list::Reverse::Result handle(Call&, const proto::list::Reverse&);
proto::list::Sort::Result handle(Call&, const proto::list::Sort&);
proto::list::Clear::Result handle(Call&, const proto::list::Clear&);
proto::Packed handle(Call&, const proto::list::Copy&);
proto::list::Get::Result handle(Call&, const proto::list::Get&);
proto::list::Set::Result handle(Call&, const proto::list::Set&);
proto::list::Erase::Result handle(Call&, const proto::list::Erase&);
proto::Packed handle(Call&, const proto::list::GetSlice&);
proto::list::SetSlice::Result handle(Call&, const proto::list::SetSlice&);
proto::list::EraseSlice::Result handle(Call&, const proto::list::EraseSlice&);
proto::list::Contains::Result handle(Call&, const proto::list::Contains&);
proto::list::Len::Result handle(Call&, const proto::list::Len&);
proto::list::Repeat::Result handle(Call&, const proto::list::Repeat&);
proto::list::CompareExchange::Result handle(Call&, const proto::list::CompareExchange&);

}  // namespace steward::daemon
