#pragma once

#include "daemon/call.hpp"
#include "daemon/permits.hpp"
#include "proto/objects/semaphore.hpp"

namespace steward::daemon {

/// Permits, of which anybody can make new ones.
class Semaphore final : public Permits {
  public:
    void reply(std::string& out, const Claim&, const std::optional<Grant>&) const override;
    std::string dumped_state(const Object&) const override;
    Object restore(const Restore&, proto::Packed state) const override;
};

proto::semaphore::Open::Result handle(Call&, const proto::semaphore::Open&);
void handle(Call&, const proto::semaphore::Acquire&);
proto::semaphore::Release::Result handle(Call&, const proto::semaphore::Release&);
proto::semaphore::Value::Result handle(Call&, const proto::semaphore::Value&);

}  // namespace steward::daemon
