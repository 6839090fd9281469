#include "daemon/objects/lock.hpp"

#include <array>

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/retrying.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

constexpr std::uint32_t transferable_option = 1;
constexpr std::uint32_t fair_option = 2;

constexpr std::uint32_t options_of(bool transferable, bool fair) {
    return (transferable ? transferable_option : 0) | (fair ? fair_option : 0);
}

/// The owner, or whoever holds a lock that anyone may release.
void check_may_release(const Call& call, const Object& object, shared::Agent agent) {
    if (!Lock::is_transferable(object) || !Ownership::owner_of(object))
        Ownership::check_owner(call.daemon, object, agent);
}

}  // namespace

bool Lock::is_transferable(const Object& object) {
    return (object.options() & transferable_option) != 0;
}

bool Lock::is_fair(const Object& object) const {
    return (object.options() & fair_option) != 0;
}

Dependence Lock::dependence(const Object& object) const {
    return is_transferable(object) ? Dependence::nobody : Dependence::all_holders;
}

void Lock::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::lock::Acquire::Result result;
    if (grant)
        result = {.acquired = !grant->is_offer,
                  .token = grant->token,
                  .abandoned = grant->abandoned,
                  .offered = grant->is_offer};
    proto::encode_result(out, claim.request, result);
}

std::string Lock::dumped_state(const Object& object) const {
    return packed_state(proto::dumped::Lock{
        .transferable = is_transferable(object), .fair = is_fair(object), .token = token_of(object)});
}

Object Lock::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Lock>(state);
    return restore.make({.type = proto::ObjectType::lock, .options = options_of(former.transferable, former.fair)},
                        [&, token = checked_token(former.token)](shared::Mutation&, const Object& object) {
                            begin_tokens(restore.daemon(), object, token);
                        });
}

proto::lock::Open::Result handle(Call& call, const proto::lock::Open& message) {
    const std::array fixed{
        FixedOption{"transferable", message.transferable ? 1 : 0,
                    [](const Object& object) -> std::int64_t { return Lock::is_transferable(object) ? 1 : 0; }},
        FixedOption{"fair", message.fair ? 1 : 0, [](const Object& object) -> std::int64_t {
                        return (object.options() & fair_option) != 0 ? 1 : 0;
                    }}};
    return call.daemon.registry.open(
        call, message.open,
        {.type = proto::ObjectType::lock, .options = options_of(message.transferable, message.fair), .fixed = fixed},
        [&](shared::Mutation&, const Object& object) { begin_tokens(call.daemon, object); });
}

void handle(Call& call, const proto::lock::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::lock, Access::write);
    call.daemon.waiting.enter(call, object, call.claim_by_word(object, message), message.timeout_ns);
}

proto::lock::Release::Result handle(Call& call, const proto::lock::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::lock, Access::write);
    retrying([&] {
        check_may_release(call, object, call.agent(message.thread));
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        class_of(proto::ObjectType::lock)
            .give_back(mutation, object, {.agent = Ownership::owner_of(object)}, call.daemon.now_ns);
        call.record(mutation, *object.domain, proto::lock::Release::Result{});
    });
    if (!call.session.uses_word_of(object.id()))
        call.session.held.erase(object.id());
    call.daemon.waiting.advance(object);
    return {};
}

proto::lock::Holding::Result handle(Call& call, const proto::lock::Holding& message) {
    const auto object = call.object(message.object, proto::ObjectType::lock, Access::read);
    const auto owner = Ownership::owner_of(object);
    proto::lock::Holding::Result result{.locked = static_cast<bool>(owner), .token = std::nullopt};
    if (owner && owner == call.agent(message.thread))
        result.token = Ownership::token_of(object);
    return result;
}

}  // namespace steward::daemon
