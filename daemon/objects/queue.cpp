#include "daemon/objects/queue.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <ranges>

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/queue.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

enum QueueWant : std::uint8_t { put = 0, get = 1, take = 2, see = 3, join = 4 };

/// Those who get, take and see are one lane.
constexpr unsigned put_lane = 0, get_lane = 1, join_lane = 2;
constexpr ObjectClass::Lanes putters = 1U << put_lane, getters = 1U << get_lane, joiners = 1U << join_lane;

/// What a Queue keeps in its header.
struct State {
    shared::QueueState queue;
    shared::Field<std::uint64_t> joining;  ///< how many wait until all is done
};
static_assert(offsetof(State, queue) == 0);  // see shared::contents_of

State& queue_state(const Object& object) {
    return object.header->state_as<State>();
}

shared::Queue queue_of(const Object& object) {
    return {object.heap(), queue_state(object).queue};
}

std::int64_t max_size_of(const Object& object) {
    return static_cast<std::int64_t>(queue_of(object).max_size());
}

Object object_of(const Call& call, std::uint64_t id) {
    return call.object(id, proto::ObjectType::queue, Access::write);
}

/// There was room for one more before: only then may somebody wait to put.
void get_one(Call& call, const Object& object, const Claim& claim, std::optional<std::int64_t> timeout_ns) {
    const bool was_full = queue_of(object).full();
    call.daemon.waiting.enter(call, object, claim, timeout_ns);
    if (was_full)
        call.daemon.waiting.advance(object, putters);
}

/// The item of that number that the session has taken. Throws Refusal.
shared::Offset<shared::QueueItem> taken_item(const Call& call, const Object& object, std::uint64_t number) {
    const auto taken = call.session.taken.find({object.id(), number});
    if (taken != call.session.taken.end())
        return taken->second;
    throw Refusal(Errc::no_such_value, "the session has not taken item " + std::to_string(number) + " of " +
                                           object.called() + ", or it was taken back");
}

}  // namespace

bool Queue::ready_for(const Object& object, const Claim& claim) const {
    const auto queue = queue_of(object);
    switch (claim.want) {
        case put: return !queue.full();
        case join: return queue.unfinished() == 0;
        default: return !queue.empty();
    }
}

std::string_view Queue::verb_of(const Claim& claim) const {
    constexpr std::array<std::string_view, 5> verbs{"put", "get", "take", "see", "join"};
    return verbs.at(claim.want);
}

unsigned Queue::lane_of(const Claim& claim) const {
    return claim.want == put ? put_lane : claim.want == join ? join_lane : get_lane;
}

ObjectClass::Lanes Queue::open_lanes(const Object& object) const {
    const auto queue = queue_of(object);
    const bool all_done = queue.unfinished() == 0 && queue_state(object).joining.load() != 0;
    return (queue.full() ? 0 : putters) | (queue.empty() ? 0 : getters) | (all_done ? joiners : 0);
}

std::optional<std::uint8_t> Queue::want_among_several(shared::WaitMode mode, bool shared) const {
    return mode == shared::WaitMode::any && !shared ? std::optional<std::uint8_t>(see) : std::nullopt;
}

shared::Offset<shared::Node> Queue::make_payload(shared::Mutation& mutation, std::string_view value) const {
    return shared::Queue::make_item(mutation, value);
}

Grant Queue::grant(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t) const {
    auto queue = queue_of(object);
    Grant grant;
    if (claim.want == put) {
        queue.put(mutation, shared::offset_cast<shared::QueueItem>(claim.payload));
    } else if (claim.want == get) {
        grant.value = queue.get(mutation);
    } else if (claim.want == take) {
        const auto& item = queue.item(queue.take(mutation, claim.agent));
        grant.number = item.number.load();
        grant.value = item.value();
    }
    return grant;
}

void Queue::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    namespace words = proto::queue;
    const auto request = claim.request;
    const bool in_time = grant.has_value();
    const proto::Packed value = in_time && !grant->value.empty() ? proto::Packed{grant->value} : proto::packed_nil;
    switch (claim.want) {
        case put: proto::encode_result(out, request, words::Put::Result{.put = in_time}); break;
        case get: proto::encode_result(out, request, words::Get::Result{.found = in_time, .value = value}); break;
        case take:
            proto::encode_result(
                out, request,
                words::Take::Result{.found = in_time, .value = value, .item = in_time ? grant->number : 0});
            break;
        default: proto::encode_result(out, request, words::Join::Result{.joined = in_time}); break;
    }
}

void Queue::joined(shared::Mutation& mutation, const Object& object, const Claim& claim) const {
    if (claim.want == join)
        mutation.store(queue_state(object).joining, queue_state(object).joining.load() + 1);
}

void Queue::left(shared::Mutation& mutation, const Object& object, const Claim& claim) const {
    if (claim.want == join)
        mutation.store(queue_state(object).joining, queue_state(object).joining.load() - 1);
}

bool Queue::is_held(const Object&, const Claim& claim) const {
    return claim.want == take;
}

void Queue::note_granted(Session& session, const Object& object, const Claim& claim) const {
    if (claim.want != take)
        return;
    const auto queue = queue_of(object);
    const auto item = queue.last_taken();
    session.taken.emplace(TakenKey{object.id(), queue.item(item).number.load()}, item);
}

void Queue::note_taken_up(Session& session, const Object& object) const {
    const auto queue = queue_of(object);
    for (auto item = queue.first_taken(); item; item = queue.next(item))
        if (queue.item(item).taker.load().session == session.number)
            session.taken.emplace(TakenKey{object.id(), queue.item(item).number.load()}, item);
}

std::vector<shared::Agent> Queue::holders(const Object& object) const {
    std::vector<shared::Agent> agents;
    const auto queue = queue_of(object);
    for (auto item = queue.first_taken(); item; item = queue.next(item))
        if (const auto taker = queue.item(item).taker.load(); std::ranges::find(agents, taker) == agents.end())
            agents.push_back(taker);
    return agents;
}

/// Last taken, first returned, so that they stand at the head as they stood before. A Mutation for each, so that none
/// needs more of the undo log than there always is. An item belongs to the process that took it: another thread of it
/// may be at work on it.
void Queue::take_back(const Object& object, const Departed& departed, std::uint64_t) const {
    if (departed.thread)
        return;
    auto queue = queue_of(object);
    std::vector<shared::Offset<shared::QueueItem>> items;
    for (auto item = queue.first_taken(); item; item = queue.next(item))
        if (departed.was(queue.item(item).taker.load()))
            items.push_back(item);
    for (const auto item : std::ranges::reverse_view(items)) {
        shared::Mutation mutation(object.heap());
        mutation.change(*object.header);
        queue.give_back(mutation, item);
    }
}

/// It may have been got by now.
bool Queue::stays(const Claim& claim) const {
    return claim.want == put;
}

void Queue::undo(shared::Mutation& mutation, const Object& object, Session& session, const Claim& claim,
                 std::string_view reply, std::uint64_t) const {
    const auto result = proto::decode_response(reply).result;
    if (claim.want == get) {
        const auto value = proto::decode_params<proto::queue::Get::Result>(result).value;
        queue_of(object).put_first(mutation, shared::Queue::make_item(mutation, value.bytes));
    } else if (claim.want == take) {
        const TakenKey key{object.id(), proto::decode_params<proto::queue::Take::Result>(result).item};
        if (const auto taken = session.taken.find(key); taken != session.taken.end()) {
            queue_of(object).give_back(mutation, taken->second);
            session.taken.erase(taken);
        }
    }
}

void Queue::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    const auto queue = queue_of(object);
    info.count = queue.size();
    info.state = std::to_string(info.count) + (queue.max_size() != 0 ? " of " + std::to_string(queue.max_size()) : "") +
                 (info.count == 1 && queue.max_size() == 0 ? " item" : " items");
    if (queue.taken() != 0)
        info.state += ", " + std::to_string(queue.taken()) + " taken";
    for (auto item = queue.first_taken(); item; item = queue.next(item))
        info.holders.push_back(daemon.describe(queue.item(item).taker.load(), daemon.now_ns, 1, 0));
}

/// The items that are taken, which return to the head if their takers end, and then those that wait. The cursor is the
/// item that was seen last.
void Queue::visit_values(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) const {
    const auto queue = queue_of(object);
    shared::Offset<shared::QueueItem> last{cursor.position};
    for (std::size_t count = 0; count < most && !cursor.at_end; ++count) {
        auto item = last ? queue.next(last) : queue.first_taken();
        if (!item && (!last || queue.item(last).number.load() != 0))
            item = queue.first();
        cursor.at_end = !item;
        if (item)
            visit(queue.item(item).value());
        last = item;
    }
    cursor.position = last.value;
}

void Queue::discard_contents(shared::Mutation& mutation, const Object& object) const {
    queue_of(object).discard(mutation);
}

std::string Queue::dumped_state(const Object& object) const {
    const auto queue = queue_of(object);
    return packed_state(proto::dumped::Queue{.max_size = queue.max_size(), .unfinished = queue.unfinished()});
}

Object Queue::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Queue>(state);
    return restore.make({.type = proto::ObjectType::queue}, [&](shared::Mutation& mutation, const Object& object) {
        auto queue = queue_of(object);
        queue.create(mutation, std::min<std::uint64_t>(former.max_size, std::numeric_limits<std::int64_t>::max()));
        queue.set_unfinished(mutation, former.unfinished);
    });
}

/// What is not done with has been counted.
void Queue::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t,
                           std::span<const proto::Packed> values) const {
    auto queue = queue_of(object);
    const auto unfinished = queue.unfinished();
    for (const auto value : values)
        queue.put(mutation, shared::Queue::make_item(mutation, value.bytes));
    queue.set_unfinished(mutation, unfinished);
}

proto::queue::Open::Result handle(Call& call, const proto::queue::Open& message) {
    const auto max_size = std::max<std::int64_t>(0, message.max_size);
    const std::array fixed{FixedOption{"max_size", max_size, &max_size_of}};
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::queue, .fixed = fixed},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         queue_of(object).create(mutation, static_cast<std::uint64_t>(max_size));
                                     });
}

void handle(Call& call, const proto::queue::Put& message) {
    const auto object = object_of(call, message.object);
    call.daemon.waiting.enter(call, object, call.claim(message.thread, message.where, put), message.timeout_ns,
                              message.value.bytes);
    call.daemon.waiting.advance(object, getters);
}

void handle(Call& call, const proto::queue::Get& message) {
    const auto object = object_of(call, message.object);
    get_one(call, object, call.claim(message.thread, message.where, get), message.timeout_ns);
}

void handle(Call& call, const proto::queue::Take& message) {
    const auto object = object_of(call, message.object);
    get_one(call, object, call.claim(message.thread, message.where, take), message.timeout_ns);
}

proto::queue::Done::Result handle(Call& call, const proto::queue::Done& message) {
    const auto object = object_of(call, message.object);
    const auto item = taken_item(call, object, message.item);
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        queue_of(object).done(mutation, item);
        call.record(mutation, *object.domain, proto::queue::Done::Result{});
    }
    call.session.taken.erase({object.id(), message.item});
    call.daemon.waiting.advance(object, joiners);
    return {};
}

proto::queue::GiveBack::Result handle(Call& call, const proto::queue::GiveBack& message) {
    const auto object = object_of(call, message.object);
    const auto item = taken_item(call, object, message.item);
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        queue_of(object).give_back(mutation, item);
        call.record(mutation, *object.domain, proto::queue::GiveBack::Result{});
    }
    call.session.taken.erase({object.id(), message.item});
    call.daemon.waiting.advance(object, getters);
    return {};
}

proto::queue::TaskDone::Result handle(Call& call, const proto::queue::TaskDone& message) {
    const auto object = object_of(call, message.object);
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        if (!queue_of(object).task_done(mutation))
            throw Refusal(Errc::invalid_argument, "all that was put into " + object.called() + " is done with already");
        call.record(mutation, *object.domain, proto::queue::TaskDone::Result{});
    }
    call.daemon.waiting.advance(object, joiners);
    return {};
}

void handle(Call& call, const proto::queue::Join& message) {
    const auto object = object_of(call, message.object);
    call.daemon.waiting.enter(call, object, call.claim(message.thread, message.where, join), message.timeout_ns);
}

proto::queue::Status::Result handle(Call& call, const proto::queue::Status& message) {
    const auto object = call.object(message.object, proto::ObjectType::queue, Access::read);
    const auto queue = queue_of(object);
    return {.size = queue.size(),
            .max_size = max_size_of(object),
            .taken = queue.taken(),
            .unfinished = queue.unfinished()};
}

}  // namespace steward::daemon
