#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/array.hpp"

namespace steward::daemon {

/// Numbers of one type and width, of a length that never changes, as in Python's module array.
class Array final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
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
