#include "daemon/several.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "daemon/retrying.hpp"
#include "proto/envelope.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::WaitMode;

/// What a request wants, before anything is known of its objects.
struct Wanted {
    std::uint64_t object = 0;
    std::uint64_t amount = 1;
    bool shared = false;
};

/// What waits for any of several need not be allowed to do more than what waits for the one alone.
Object object_of(const Call& call, std::uint64_t id, WaitMode mode) {
    const auto object = call.daemon.registry.find(id);
    if (!object)
        throw Refusal(Errc::no_such_object, "object " + std::to_string(id) + " does not exist or was removed");
    const auto access = mode == WaitMode::any ? class_of(object->type()).access_to_wait(*object) : Access::write;
    return call.object(id, object->type(), access);
}

const char* way_to_wait(WaitMode mode) {
    return mode == WaitMode::any ? "wait_any" : "acquire_all";
}

void check_size(std::size_t size, const char* verb) {
    if (size == 0 || size > Waiting::most_objects_at_once)
        throw Refusal(Errc::invalid_argument, std::string(verb) + " takes 1 to " +
                                                  std::to_string(Waiting::most_objects_at_once) + " objects, not " +
                                                  std::to_string(size));
}

WantedPart part_of(const Call& call, const Wanted& wanted, const Claim& like) {
    const auto object = object_of(call, wanted.object, like.mode);
    const auto want = class_of(object.type()).want_among_several(like.mode, wanted.shared);
    if (!want)
        throw Refusal(Errc::wrong_type, object.called() + " cannot be a part of " + way_to_wait(like.mode));
    if (wanted.amount == 0)
        throw Refusal(Errc::invalid_argument, "0 permits of " + object.called() + " cannot be acquired");
    auto claim = like;
    claim.want = *want;
    claim.amount = wanted.amount;
    return {.object = object, .claim = claim};
}

/// Throws Refusal where the objects cannot be waited for together.
std::vector<WantedPart> parts_of(const Call& call, const std::vector<Wanted>& wanted, const Claim& like) {
    check_size(wanted.size(), way_to_wait(like.mode));
    std::unordered_set<std::uint64_t> seen;
    std::vector<WantedPart> parts;
    parts.reserve(wanted.size());
    for (const auto& each : wanted) {
        if (!seen.insert(each.object).second)
            throw Refusal(Errc::invalid_argument, object_of(call, each.object, like.mode).called() +
                                                      " stands twice in one " + way_to_wait(like.mode));
        parts.push_back(part_of(call, each, like));
        const auto& first = parts.front().object;
        if (parts.back().object.domain != first.domain)
            throw Refusal(Errc::other_domain, first.called() + " and " + parts.back().object.called() +
                                                  " belong to different users and cannot be waited for together");
    }
    return parts;
}

std::vector<Wanted> wanted_of(const std::vector<proto::object::Part>& parts) {
    std::vector<Wanted> wanted;
    std::ranges::transform(parts, std::back_inserter(wanted), [](const proto::object::Part& part) {
        return Wanted{.object = part.object, .amount = part.permits, .shared = part.shared};
    });
    return wanted;
}

}  // namespace

void handle(Call& call, const proto::object::WaitAny& message) {
    std::vector<Wanted> wanted;
    std::ranges::transform(message.objects, std::back_inserter(wanted),
                           [](std::uint64_t id) { return Wanted{.object = id}; });
    auto like = call.claim(message.thread, message.where);
    like.mode = WaitMode::any;
    call.daemon.waiting.enter_several(call, parts_of(call, wanted, like), message.timeout_ns);
}

void handle(Call& call, const proto::object::AcquireAll& message) {
    auto like = call.claim(message.thread, message.where);
    like.mode = WaitMode::all;
    auto parts = parts_of(call, wanted_of(message.parts), like);
    for (const auto& [object, claim] : parts)
        class_of(object.type()).check_possible(object, claim);
    call.daemon.waiting.enter_several(call, std::move(parts), message.timeout_ns);
}

proto::object::ReleaseAll::Result handle(Call& call, const proto::object::ReleaseAll& message) {
    auto like = call.claim(message.thread, {});
    like.mode = WaitMode::all;
    const auto parts = parts_of(call, wanted_of(message.parts), like);
    auto& domain = *parts.front().object.domain;
    call.prepare(domain);
    retrying([&] {
        shared::Mutation mutation(parts.front().object.heap());
        for (const auto& [object, claim] : parts) {
            object.begin_change(mutation);
            class_of(object.type()).give_back(mutation, object, claim, call.daemon.now_ns);
        }
        call.record(mutation, domain, proto::object::ReleaseAll::Result{});
    });
    for (const auto& part : parts)
        call.daemon.waiting.advance(part.object);
    return {};
}

std::size_t index_in_reply_any(std::string_view reply) {
    return proto::decode_params<proto::object::WaitAny::Result>(proto::decode_response(reply).result).index.value_or(0);
}

void reply_any(std::string& out, const Claim& claim, const std::optional<Grant>& grant) {
    proto::object::WaitAny::Result result;
    if (grant)
        result = {.index = claim.index, .token = grant->token, .abandoned = grant->abandoned};
    proto::encode_result(out, claim.request, result);
}

void reply_all(std::string& out, const Claim& claim, std::span<const Grant> grants) {
    proto::object::AcquireAll::Result result{.acquired = !grants.empty()};
    for (const auto& grant : grants)
        result.grants.push_back({.token = grant.token, .abandoned = grant.abandoned});
    proto::encode_result(out, claim.request, result);
}

}  // namespace steward::daemon
