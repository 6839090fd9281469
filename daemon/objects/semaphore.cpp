#include "daemon/objects/semaphore.hpp"

#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {

void Semaphore::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::encode_result(out, claim.request, proto::semaphore::Acquire::Result{.acquired = grant.has_value()});
}

std::string Semaphore::dumped_state(const Object& object) const {
    return packed_state(
        proto::dumped::Semaphore{.permits = permits_without_holders(object), .recover = recovers(object)});
}

Object Semaphore::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Semaphore>(state);
    return restore_as(
        restore, proto::ObjectType::semaphore,
        {.permits = former.permits, .bound = shared::SemaphoreWord::most_permits, .recover = former.recover});
}

proto::semaphore::Open::Result handle(Call& call, const proto::semaphore::Open& message) {
    return Permits::open(call, message.open,
                         {.type = proto::ObjectType::semaphore,
                          .permits = message.permits,
                          .bounded = false,
                          .recover = message.recover});
}

void handle(Call& call, const proto::semaphore::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::semaphore, Access::write);
    call.daemon.waiting.enter(call, object, call.claim(message.thread, message.where), message.timeout_ns);
}

proto::semaphore::Release::Result handle(Call& call, const proto::semaphore::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::semaphore, Access::write);
    Permits::release(call, object, call.agent(message.thread), message.permits);
    return {};
}

proto::semaphore::Value::Result handle(Call& call, const proto::semaphore::Value& message) {
    const auto object = call.object(message.object, proto::ObjectType::semaphore, Access::read);
    return {.permits = static_cast<std::int64_t>(Permits::free_permits_of(object)),
            .recover = Permits::recovers(object)};
}

}  // namespace steward::daemon
