#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/namespace.hpp"

namespace steward::daemon {

/// Attributes with MessagePack values, as those of Python's Namespace. Kept as a dict whose keys are strings.
class Namespace final : public ObjectClass {
  public:
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void visit_values(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
    void restore_values(shared::Mutation&, const Object&, std::uint64_t first,
                        std::span<const proto::Packed>) const override;
};

proto::name_space::Open::Result handle(Call&, const proto::name_space::Open&);
proto::name_space::Get::Result handle(Call&, const proto::name_space::Get&);
proto::name_space::Set::Result handle(Call&, const proto::name_space::Set&);
proto::name_space::Erase::Result handle(Call&, const proto::name_space::Erase&);
proto::name_space::Contains::Result handle(Call&, const proto::name_space::Contains&);
proto::name_space::Names::Result handle(Call&, const proto::name_space::Names&);
proto::name_space::Copy::Result handle(Call&, const proto::name_space::Copy&);
proto::name_space::CompareExchange::Result handle(Call&, const proto::name_space::CompareExchange&);

}  // namespace steward::daemon
