#include "daemon/objects/condition.hpp"

#include <array>
#include <cstddef>
#include <limits>

#include "daemon/objects/lock.hpp"
#include "daemon/objects/rlock.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/object_state.hpp"
#include "shared/references.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::ObjectType;
using proto::Refusal;

/// What a Condition keeps in its header.
struct ConditionState {
    shared::Field<std::uint64_t> lock;      ///< its id
    shared::Field<std::uint64_t> lock_own;  ///< 1: an rlock without a name that goes with the condition
};

static_assert(offsetof(ConditionState, lock) == offsetof(shared::ReferringState, object) &&
              offsetof(ConditionState, lock_own) == offsetof(shared::ReferringState, owned));

ConditionState& condition_state(const Object& object) {
    return object.header->state_as<ConditionState>();
}

/// The lock that a new condition is to use. Throws Refusal.
Object given_lock(const Call& call, std::uint64_t id) {
    const auto found = call.daemon.registry.find(id);
    const bool fits = found && (found->type() == ObjectType::lock || found->type() == ObjectType::rlock);
    if (found && !fits)
        throw Refusal(Errc::wrong_type, "a condition needs a lock or rlock, and " + found->called() + " is none");
    const auto lock = call.object(id, found ? found->type() : ObjectType::lock, Access::write);
    if (const auto owner = lock.owner(); owner != call.session.uid)
        throw Refusal(Errc::other_domain, lock.called() + " belongs to uid " + std::to_string(owner) +
                                              ", and a condition of uid " + std::to_string(call.session.uid) +
                                              " cannot use it");
    return lock;
}

void use(shared::Mutation& mutation, const Object& condition, const Object& lock) {
    mutation.store(condition_state(condition).lock, lock.id());
    shared::add_reference(mutation, {lock.id()});
}

/// A lock without a name, which goes with the condition from now on and with nothing else.
void adopt(shared::Mutation& mutation, const Object& condition, const Object& lock) {
    auto kind = lock.header->kind.load();
    kind.flags = shared::ObjectKind::anonymous;
    mutation.change(*lock.header);
    mutation.store(lock.header->kind, kind);
    mutation.store(condition_state(condition).lock, lock.id());
    mutation.store(condition_state(condition).lock_own, 1);
}

/// The lock that a dump says a condition has. Throws Refusal.
void check_restored_lock(const Restore& restore, const Object& lock, const proto::dumped::Condition& former) {
    const bool fits = former.own ? lock.type() == ObjectType::rlock && restore.is_spare(former.lock)
                                 : lock.type() == ObjectType::rlock || lock.type() == ObjectType::lock;
    if (!fits)
        throw Refusal(Errc::wrong_type, "the dump has a condition that cannot have " + lock.called() + " for its lock");
    restore.check_same_owner(lock);
}

std::optional<Object> lock_of(const Daemon& daemon, const Object& condition) {
    return daemon.registry.find(condition_state(condition).lock.load());
}

/// The lock, held by the agent or, where anyone may release it, by anybody. Throws Refusal.
Object held_lock(const Call& call, const Object& condition, shared::Agent agent) {
    const auto lock = lock_of(call.daemon, condition);
    if (!lock)
        throw Refusal(Errc::no_such_object, "the lock of " + condition.called() + " was removed");
    const bool anyones = lock->type() == ObjectType::lock && Lock::is_transferable(*lock);
    if (!anyones || !Ownership::owner_of(*lock))
        Ownership::check_owner(call.daemon, *lock, agent);
    return *lock;
}

/// Wakes up to `most` of those who wait, each of whom goes on when he has the lock back. R: how many, as told.
template <class R>
R wake(Call& call, std::uint64_t id, std::uint32_t thread, std::uint64_t most) {
    const auto object = call.object(id, ObjectType::condition, Access::write);
    const auto lock = held_lock(call, object, call.agent(thread));
    std::vector<shared::Offset<shared::Waiter>> waiters;
    const auto line = object.line();
    for (auto waiter = line.first(); waiter && waiters.size() < most; waiter = line.next(waiter))
        waiters.push_back(waiter);
    const R result{.woken = waiters.size()};
    if (!waiters.empty())
        call.daemon.waiting.send_back(object, waiters, lock, true, [&](shared::Mutation& mutation) {
            call.record(mutation, *object.domain, result);
        });
    return result;
}

}  // namespace

void Condition::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::condition::Wait::Result result{.notified = claim.notified};
    if (grant) {
        result.token = grant->token;
        result.abandoned = grant->abandoned;
    }
    proto::encode_result(out, claim.request, result);
}

bool Condition::outlasts_its_time(Daemon& daemon, const Object& object, shared::Offset<shared::Waiter> waiter) const {
    const auto lock = lock_of(daemon, object);
    if (lock)
        daemon.waiting.send_back(object, std::array{waiter}, *lock, false);
    return lock.has_value();
}

/// One that was notified and does not come back has not used the notification up: the next one gets it.
bool Condition::gives_up(Daemon& daemon, const Object& object, const Claim& claim, const Change& leaves) const {
    const auto next = object.line().first();
    const auto lock = lock_of(daemon, object);
    if (!claim.notified || !next || !lock)
        return false;
    daemon.waiting.send_back(object, std::array{next}, *lock, true, leaves);
    return true;
}

std::optional<std::uint64_t> Condition::part_of(const Object& object) const {
    if (condition_state(object).lock_own.load() == 0)
        return std::nullopt;
    return condition_state(object).lock.load();
}

void Condition::discard_contents(shared::Mutation& mutation, const Object& object) const {
    const auto& state = condition_state(object);
    if (state.lock_own.load() == 0)
        shared::drop_reference(mutation, {state.lock.load()});
}

void Condition::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    info.count = object.line().size();
    info.state = std::to_string(info.count) + " waiting";
    if (const auto lock = lock_of(daemon, object); lock && !lock->anonymous())
        info.state += " with " + lock->called();
}

std::string Condition::dumped_state(const Object& object) const {
    const auto& state = condition_state(object);
    return packed_state(proto::dumped::Condition{.lock = state.lock.load(), .own = state.lock_own.load() != 0});
}

Object Condition::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Condition>(state);
    const auto lock = restore.restored(former.lock);
    if (lock)
        check_restored_lock(restore, *lock, former);
    return restore.make({.type = ObjectType::condition}, [&](shared::Mutation& mutation, const Object& object) {
        if (lock)
            former.own ? adopt(mutation, object, *lock) : use(mutation, object, *lock);
    });
}

proto::condition::Open::Result handle(Call& call, const proto::condition::Open& message) {
    const auto given = message.lock ? std::optional(given_lock(call, *message.lock)) : std::nullopt;
    const std::array fixed{FixedOption{"lock (0: its own)", static_cast<std::int64_t>(message.lock.value_or(0)),
                                       [](const Object& object) -> std::int64_t {
                                           const auto& state = condition_state(object);
                                           return state.lock_own.load() != 0
                                                      ? 0
                                                      : static_cast<std::int64_t>(state.lock.load());
                                       }}};
    const auto opened = call.daemon.registry.open(
        call, message.open, {.type = ObjectType::condition, .fixed = fixed},
        [&](shared::Mutation& mutation, const Object& object) {
            if (given)
                use(mutation, object, *given);
            else
                adopt(mutation, object,
                      Registry::make_part(
                          mutation, object, {.type = ObjectType::rlock},
                          [&](shared::Mutation&, const Object& part) { begin_tokens(call.daemon, part); }));
        });
    const auto lock = lock_of(call.daemon, call.daemon.registry.find(opened.object).value());
    return {.object = opened.object,
            .created = opened.created,
            .lock = lock ? lock->id() : 0,
            .lock_type = lock ? lock->type() : ObjectType::rlock,
            .lock_word = lock ? call.daemon.shared_words.share(call.session, *lock) : 0};
}

void handle(Call& call, const proto::condition::Wait& message) {
    const auto object = call.object(message.object, ObjectType::condition, Access::write);
    auto claim = call.claim(message.thread, message.where);
    const auto lock = held_lock(call, object, claim.agent);
    claim.amount = lock.type() == ObjectType::rlock ? RLock::count_of(lock) : 1;  // all its levels come back
    if (call.happened) {
        claim.mode = shared::WaitMode::returning;
        call.daemon.waiting.grant_again(call, std::vector{WantedPart{.object = lock, .claim = claim}});
        return;
    }
    const Claim held{.agent = Ownership::owner_of(lock), .amount = claim.amount};
    call.daemon.waiting.join_while(call, object, claim, message.timeout_ns, [&](shared::Mutation& mutation) {
        lock.begin_change(mutation);
        class_of(lock.type()).give_back(mutation, lock, held, call.daemon.now_ns);
    });
    call.daemon.waiting.advance(lock);
}

proto::condition::Notify::Result handle(Call& call, const proto::condition::Notify& message) {
    return wake<proto::condition::Notify::Result>(call, message.object, message.thread, message.count);
}

proto::condition::NotifyAll::Result handle(Call& call, const proto::condition::NotifyAll& message) {
    return wake<proto::condition::NotifyAll::Result>(call, message.object, message.thread,
                                                     std::numeric_limits<std::uint64_t>::max());
}

proto::condition::Status::Result handle(Call& call, const proto::condition::Status& message) {
    const auto object = call.object(message.object, ObjectType::condition, Access::read);
    const auto lock = lock_of(call.daemon, object);
    return {.lock = lock ? std::optional(lock->id()) : std::nullopt,
            .lock_type = lock ? lock->type() : ObjectType::rlock,
            .own = condition_state(object).lock_own.load() != 0};
}

}  // namespace steward::daemon
