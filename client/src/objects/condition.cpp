#include <steward/condition.hpp>

#include <utility>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/condition.hpp"

namespace steward {
namespace {

const Object& as_object(const std::variant<Lock, RLock>& lock) {
    return std::visit([](const Object& object) -> const Object& { return object; }, lock);
}

std::uint64_t times_held(const std::variant<Lock, RLock>& lock) {
    const auto* rlock = std::get_if<RLock>(&lock);
    return rlock != nullptr ? rlock->count() : 1;
}

/// The lock of a condition that was not opened, which the condition keeps.
std::variant<Lock, RLock> lock_of(const detail::ObjectState& condition, std::source_location where) {
    if (condition.type != ObjectType::condition)
        detail::throw_wrong_type(ObjectType::condition, condition.type);
    const auto reply = detail::ask(condition, proto::condition::Status{.object = condition.id});
    if (!reply->lock)
        throw Error(errc::no_such_object, "the lock of " + detail::called(condition) + " was removed");
    const auto type = static_cast<ObjectType>(reply->lock_type);
    const auto lock = detail::StateOf::refer(std::make_shared<const detail::ObjectState>(
        detail::ObjectState{condition.client, *reply->lock, type, condition.name}));
    return type == ObjectType::lock ? std::variant<Lock, RLock>(Lock(lock, where)) : RLock(lock, where);
}

}  // namespace

Condition::Opened Condition::open(const Manager& manager, ObjectName name, std::optional<ItsLock> lock,
                                  const ConditionOptions& options, std::source_location where) {
    if (lock && detail::StateOf(as_object(*lock)).state->client != manager.client())
        detail::throw_other_manager(*detail::StateOf(as_object(*lock)).state);
    detail::ObjectState state{manager.client(), 0, ObjectType::condition, std::string(name.text())};
    const auto lock_id = lock ? std::optional(as_object(*lock).id()) : std::nullopt;
    const auto reply = detail::ask(state, proto::condition::Open{detail::as_proto(name, options), lock_id});
    detail::note_opened(state, reply->object);
    if (!lock) {
        // Its errors name the condition: an anonymous lock has no other name to go by.
        detail::ObjectState own{manager.client(), reply->lock, ObjectType::rlock, state.name};
        detail::share_memory(own);
        detail::share_word(own, reply->lock_word);
        lock = RLock(std::make_shared<const detail::ObjectState>(std::move(own)), where);
    }
    return {std::make_shared<const detail::ObjectState>(std::move(state)), std::move(*lock)};
}

Condition::Condition(Opened opened, std::source_location where)
    : Object(std::move(opened.state)), TimedLockable(where), lock_(std::move(opened.lock)) {}

Condition::Condition(const Manager& manager, ObjectName name, const ConditionOptions& options,
                     std::source_location where)
    : Condition(open(manager, name, std::nullopt, options, where), where) {}

Condition::Condition(const Manager& manager, ObjectName name, const Lock& lock, const ConditionOptions& options,
                     std::source_location where)
    : Condition(open(manager, name, lock, options, where), where) {}

Condition::Condition(const Manager& manager, ObjectName name, const RLock& lock, const ConditionOptions& options,
                     std::source_location where)
    : Condition(open(manager, name, lock, options, where), where) {}

Condition::Condition(const Reference& reference, std::source_location where)
    : Condition(reference, lock_of(*detail::StateOf(reference).state, where), where) {}

Condition::Condition(const Reference& reference, ItsLock lock, std::source_location where)
    : Object(reference, ObjectType::condition), TimedLockable(where), lock_(std::move(lock)) {}

std::optional<Acquired> Condition::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                                  std::source_location where) {
    return std::visit(
        [&](auto& lock) -> std::optional<Acquired> {
            auto acquired = lock.acquire_within(timeout, where);
            if (!acquired)
                return std::nullopt;
            return Acquired{acquired->token, std::move(acquired->abandoned)};
        },
        lock_);
}

void Condition::release() {
    std::visit([](auto& lock) { lock.release(); }, lock_);
}

bool Condition::locked() const {
    return std::visit([](const auto& lock) { return lock.locked(); }, lock_);
}

bool Condition::held_by_me() const {
    return std::visit([](const auto& lock) { return lock.held_by_me(); }, lock_);
}

std::uint64_t Condition::token() const {
    return std::visit([](const auto& lock) { return lock.token(); }, lock_);
}

std::optional<Abandonment> Condition::abandoned() const {
    return std::visit([](const auto& lock) { return lock.abandoned(); }, lock_);
}

void Condition::check_guard(const Object* held) const {
    if (held == nullptr)
        throw Error(errc::not_owner, detail::called(state()) + ": the guard holds no lock");
    if (*held != *this && *held != as_object(lock_))
        throw Error(errc::invalid_argument, detail::called(state()) + ": the guard holds another lock");
}

bool Condition::wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) {
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), proto::condition::Wait{.object = id(),
                                                                   .thread = detail::thread_number(),
                                                                   .timeout_ns = detail::timeout_ns(timeout),
                                                                   .where = line});
    const auto& lock = *detail::StateOf(as_object(lock_)).state;
    if (reply->abandoned)
        detail::remember_acquisition(lock, detail::described(reply->abandoned), times_held(lock_));
    else
        detail::renew_acquisition(lock, std::nullopt);
    return reply->notified;
}

std::size_t Condition::notify(std::size_t count) {
    return detail::ask(state(),
                       proto::condition::Notify{.object = id(), .thread = detail::thread_number(), .count = count})
        ->woken;
}

std::size_t Condition::notify_all() {
    return detail::ask(state(), proto::condition::NotifyAll{.object = id(), .thread = detail::thread_number()})->woken;
}

}  // namespace steward
