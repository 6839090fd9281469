#include "daemon/transactions.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "daemon/keys.hpp"
#include "daemon/objects.hpp"
#include "daemon/stored_references.hpp"
#include "proto/catalogue.hpp"
#include "proto/envelope.hpp"
#include "proto/reference.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
namespace words = proto::transaction;
using words::Commit;
using words::Operation;
using words::Requirement;

constexpr std::size_t most_steps = 1024;

/// Of which object a message is; it must be there. Throws Refusal.
const shared::Domain* domain_of(const Call& call, std::uint64_t id) {
    const auto object = call.daemon.registry.find(id);
    if (!object)
        throw Refusal(Errc::no_such_object, "object " + std::to_string(id) + " does not exist or was removed");
    return object->domain;
}

struct Step {
    std::uint64_t (*object_of)(proto::Packed params);
    void (*check_references)(Call&, const Object* container, proto::Packed params);
    std::string (*run)(Call&, proto::Packed params);
    void (*note)(Call&, proto::Packed params);
};

template <class M>
Step step_of() {
    return {.object_of = [](proto::Packed params) { return proto::decode_params<M>(params).object; },
            .check_references = &check_stored_references<M>,
            .run =
                [](Call& call, proto::Packed params) {
                    std::string result;
                    proto::Writer writer(result);
                    proto::encode(writer, handle(call, proto::decode_params<M>(params)));
                    return result;
                },
            .note =
                [](Call& call, proto::Packed params) {
                    const auto message = proto::decode_params<M>(params);
                    std::string room;
                    if (const auto object = call.daemon.registry.find(message.object))
                        call.daemon.watches.note(*object, verb_of(M::method), key_of(message, room));
                }};
}

template <class... M>
std::unordered_map<std::string_view, Step> steps_of(proto::MessageList<M...>) {
    std::unordered_map<std::string_view, Step> steps;
    const auto add = [&]<class Message>(std::type_identity<Message>) {
        if constexpr (requires(const Message& message) { message.object; })  // one that opens has none
            steps.emplace(Message::method, step_of<Message>());
    };
    (add(std::type_identity<M>{}), ...);
    return steps;
}

const Step& step_of(const Operation& operation) {
    static const auto steps = steps_of(proto::ContainerMessages{});
    const auto found = steps.find(operation.method);
    if (found == steps.end())
        throw Refusal(Errc::invalid_argument, "'" + std::string(operation.method) +
                                                  "' is no operation of a container and no part of a transaction");
    return found->second;
}

bool holds_for_key(const Call& call, const words::Condition& condition, const Object& object) {
    if (object.type() != proto::ObjectType::dict && object.type() != proto::ObjectType::name_space)
        throw Refusal(Errc::wrong_type, object.called() + " has no keys with versions");
    const auto entry = KeyedObject(call, condition.object, object.type(), Access::read).find(condition.key);
    switch (condition.requirement) {
        case Requirement::exists: return entry.has_value();
        case Requirement::absent: return !entry;
        case Requirement::version: return (entry ? entry->version : 0) == condition.version;
    }
    throw Refusal(Errc::invalid_argument, "a requirement is 0, 1 or 2");
}

bool holds(const Call& call, const words::Condition& condition) {
    const auto found = call.daemon.registry.find(condition.object);
    if (condition.of_key && found)
        return holds_for_key(call, condition, *found);
    if (!found)
        return condition.requirement == Requirement::absent;
    const auto object = call.object(condition.object, found->type(), Access::read);
    switch (condition.requirement) {
        case Requirement::exists: return true;
        case Requirement::absent: return false;
        case Requirement::version: return object.header->version.load() == condition.version;
    }
    throw Refusal(Errc::invalid_argument, "a requirement is 0, 1 or 2");
}

void check_sizes(const Commit& message) {
    for (const auto size : {message.conditions.size(), message.operations.size()})
        if (size > most_steps)
            throw Refusal(Errc::invalid_argument, "a transaction has at most " + std::to_string(most_steps) +
                                                      " conditions and operations, not " + std::to_string(size));
    if (message.operations.empty())
        throw Refusal(Errc::invalid_argument, "a transaction without operations changes nothing");
}

/// Throws Refusal where they belong to several domains.
shared::Domain& common_domain(const Call& call, const std::vector<Operation>& operations) {
    std::vector<std::uint64_t> objects;
    for (const auto& operation : operations)
        call.await_turn(objects.emplace_back(step_of(operation).object_of(operation.params)));
    for (const auto id : objects)
        if (domain_of(call, id) != domain_of(call, objects.front()))
            throw Refusal(Errc::other_domain, "object " + std::to_string(id) + " and object " +
                                                  std::to_string(objects.front()) +
                                                  " belong to different users and cannot change together");
    return *call.daemon.registry.find(objects.front())->domain;
}

/// The result of an operation, and whether it changed something.
struct Done {
    std::string result;
    bool changed = false;
};

Done carry_out(Call& call, const Operation& operation) {
    const auto& step = step_of(operation);
    const auto container = call.daemon.registry.find(step.object_of(operation.params)).value();
    if (proto::may_refer(operation.params.bytes))
        step.check_references(call, &container, operation.params);
    const auto& header = *container.header;
    const auto before = header.operations.load();
    auto result = step.run(call, operation.params);
    return {.result = std::move(result), .changed = header.operations.load() != before};
}

/// Throws what an operation throws, which has then changed nothing; within a Transaction.
std::vector<Done> carry_out(Call& call, const std::vector<Operation>& operations) {
    std::vector<Done> results;
    for (const auto& operation : operations) {
        try {
            results.push_back(carry_out(call, operation));
        } catch (const Refusal& refusal) {
            throw Refusal(refusal.code(), "operation " + std::to_string(results.size()) + " of the transaction (" +
                                              std::string(operation.method) + "): " + refusal.what());
        }
    }
    return results;
}

}  // namespace

void handle(Call& call, const Commit& message) {
    check_sizes(message);
    Commit::Result result;
    std::vector<Done> results;
    const auto failed = std::ranges::find_if_not(
        message.conditions, [&](const words::Condition& condition) { return holds(call, condition); });
    if (failed != message.conditions.end()) {
        result.failed = static_cast<std::uint32_t>(failed - message.conditions.begin());
    } else {
        auto& domain = common_domain(call, message.operations);
        call.prepare(domain);
        call.in_one_go = true;
        const shared::Transaction transaction(domain.heap());
        results = carry_out(call, message.operations);
        result.applied = true;
        for (const auto& each : results)
            result.results.push_back({each.result});
        shared::Mutation mutation(domain.heap());
        call.record(mutation, domain, result);
    }
    proto::encode_result(call.daemon.outbox_of(call.session), call.request, result);
    if (call.daemon.watches.empty())
        return;
    for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].changed)
            step_of(message.operations[i]).note(call, message.operations[i].params);
}

}  // namespace steward::daemon
