#include "daemon/objects/bounded_semaphore.hpp"

#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"

namespace steward::daemon {

void BoundedSemaphore::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::encode_result(out, claim.request, proto::bounded_semaphore::Acquire::Result{.acquired = grant.has_value()});
}

std::string BoundedSemaphore::dumped_state(const Object& object) const {
    return packed_state(proto::dumped::BoundedSemaphore{
        .permits = permits_without_holders(object), .bound = bound_of(object), .recover = recovers(object)});
}

Object BoundedSemaphore::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::BoundedSemaphore>(state);
    return restore_as(restore, proto::ObjectType::bounded_semaphore,
                      {.permits = former.permits, .bound = former.bound, .recover = former.recover});
}

proto::bounded_semaphore::Open::Result handle(Call& call, const proto::bounded_semaphore::Open& message) {
    return Permits::open(call, message.open,
                         {.type = proto::ObjectType::bounded_semaphore,
                          .permits = message.permits,
                          .bounded = true,
                          .recover = message.recover});
}

void handle(Call& call, const proto::bounded_semaphore::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::bounded_semaphore, Access::write);
    call.daemon.waiting.enter(call, object, call.claim(message.thread, message.where), message.timeout_ns);
}

proto::bounded_semaphore::Release::Result handle(Call& call, const proto::bounded_semaphore::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::bounded_semaphore, Access::write);
    Permits::release(call, object, call.agent(message.thread), message.permits);
    return {};
}

proto::bounded_semaphore::Value::Result handle(Call& call, const proto::bounded_semaphore::Value& message) {
    const auto object = call.object(message.object, proto::ObjectType::bounded_semaphore, Access::read);
    return {.permits = static_cast<std::int64_t>(Permits::free_permits_of(object)),
            .bound = static_cast<std::int64_t>(Permits::bound_of(object)),
            .recover = Permits::recovers(object)};
}

}  // namespace steward::daemon
