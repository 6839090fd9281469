#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/value.hpp"

namespace steward::daemon {

/// One MessagePack value.
class Value final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::value::Open::Result handle(Call&, const proto::value::Open&);
proto::value::Get::Result handle(Call&, const proto::value::Get&);
proto::value::Set::Result handle(Call&, const proto::value::Set&);
proto::value::CompareExchange::Result handle(Call&, const proto::value::CompareExchange&);
proto::value::FetchAdd::Result handle(Call&, const proto::value::FetchAdd&);

}  // namespace steward::daemon
