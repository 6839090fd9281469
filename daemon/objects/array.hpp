#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/array.hpp"

namespace steward::daemon {

/// Numbers of one type and width, of a length that never changes, as in Python's module array.
class Array final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::array::Open::Result handle(Call&, const proto::array::Open&);
proto::array::Get::Result handle(Call&, const proto::array::Get&);
proto::array::Set::Result handle(Call&, const proto::array::Set&);
proto::array::GetSlice::Result handle(Call&, const proto::array::GetSlice&);
proto::array::SetSlice::Result handle(Call&, const proto::array::SetSlice&);
proto::array::Fill::Result handle(Call&, const proto::array::Fill&);
proto::array::Len::Result handle(Call&, const proto::array::Len&);
proto::array::FetchAdd::Result handle(Call&, const proto::array::FetchAdd&);
proto::array::CompareExchange::Result handle(Call&, const proto::array::CompareExchange&);

}  // namespace steward::daemon
