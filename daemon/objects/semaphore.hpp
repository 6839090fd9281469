#pragma once

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/objects/semaphore.hpp"

namespace steward::daemon {

/// A number of permits. The word is how many are free; where they are attributed (`recover`), a list says who has them.
class Semaphore final : public ObjectClass {
  public:
    bool ready_for(const Object&, const Claim&) const override;
    Grant grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t now_ns) const override;
    void reply(std::string& out, std::uint64_t request, const std::optional<Grant>&) const override;
    bool is_held(const Object&) const override;
    std::vector<shared::Agent> holders(const Object&) const override;
    void take_back(const Object&, const Departed&, std::uint64_t now_ns) const override;
    void describe(const Daemon&, const Object&, proto::ObjectInfo&) const override;
    void discard_contents(shared::Mutation&, const Object&) const override;
};

proto::semaphore::Open::Result handle(Call&, const proto::semaphore::Open&);
void handle(Call&, const proto::semaphore::Acquire&);
proto::semaphore::Release::Result handle(Call&, const proto::semaphore::Release&);
proto::semaphore::Value::Result handle(Call&, const proto::semaphore::Value&);

}  // namespace steward::daemon
