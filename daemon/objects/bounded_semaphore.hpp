#pragma once

#include "daemon/call.hpp"
#include "daemon/permits.hpp"
#include "proto/objects/bounded_semaphore.hpp"

namespace steward::daemon {

/// Permits, of which there are never more than at first.
class BoundedSemaphore final : public Permits {
  public:
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

proto::bounded_semaphore::Open::Result handle(Call&, const proto::bounded_semaphore::Open&);
void handle(Call&, const proto::bounded_semaphore::Acquire&);
proto::bounded_semaphore::Release::Result handle(Call&, const proto::bounded_semaphore::Release&);
proto::bounded_semaphore::Value::Result handle(Call&, const proto::bounded_semaphore::Value&);

}  // namespace steward::daemon
