#include "tests/conformance/proxies.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"

namespace steward::tests::conformance {
namespace {

std::optional<proto::Abandonment> as_proto(const std::optional<Abandonment>& abandoned) {
    if (!abandoned)
        return std::nullopt;
    const auto when = std::chrono::duration_cast<std::chrono::nanoseconds>(abandoned->when.time_since_epoch());
    return proto::Abandonment{.pid = abandoned->pid,
                              .uid = abandoned->uid,
                              .command = abandoned->command,
                              .when_ns = when.count(),
                              .held_for_ns = abandoned->held_for.count()};
}

/// Takes a lock by the form that a program would use for such a time-out. `lock()` is the one for ever, since that has
/// a quicker way than acquire() has.
template <class L>
auto acquire(L& lock, std::optional<std::int64_t> timeout_ns) {
    if (timeout_ns == 0)
        return lock.try_acquire();
    if (timeout_ns)
        return lock.acquire_for(std::chrono::nanoseconds(*timeout_ns));
    lock.lock();
    auto acquired = decltype(lock.try_acquire())(std::in_place);
    acquired->token = lock.token();
    acquired->abandoned = lock.abandoned();
    return acquired;
}

template <class S>
bool take_permit(S& semaphore, std::optional<std::int64_t> timeout_ns) {
    if (timeout_ns == 0)
        return semaphore.try_acquire();
    if (timeout_ns)
        return semaphore.try_acquire_for(std::chrono::nanoseconds(*timeout_ns));
    semaphore.acquire();
    return true;
}

template <std::size_t... index>
AnyArray array_of(const Reference& reference, std::string_view typecode, std::index_sequence<index...>) {
    std::optional<AnyArray> made;
    const auto make_if = [&]<std::size_t i>() {
        using Candidate = std::variant_alternative_t<i, AnyArray>;
        if (typecode == std::string(1, Candidate::typecode()))
            made.emplace(Candidate(reference));
    };
    (make_if.template operator()<index>(), ...);
    return made.value();
}

AnyArray array_of(const Reference& reference, std::string_view typecode) {
    return array_of(reference, typecode, std::make_index_sequence<std::variant_size_v<AnyArray>>());
}

/// What is small and plain, the library reads in another way where it knows the type; both have to find the same.
template <class Read>
void expect_plain_too(const Any& found, Read read) {
    if (found.kind() == Any::Kind::integer && read() != found.get<std::int64_t>())
        throw std::logic_error("a typed proxy reads something else than one of any values");
}

}  // namespace

Reference Proxies::refer(proto::ObjectType type, const Opening& opening) const {
    detail::ObjectState state{manager_.client(), 0, static_cast<ObjectType>(type), std::string(opening.name)};
    detail::note_opened(state, opening.object);
    detail::share_memory(state);
    detail::share_word(state, opening.word);
    return detail::StateOf::refer(std::make_shared<const detail::ObjectState>(std::move(state)));
}

template <class P>
void Proxies::keep(const Opening& opening, P proxy) {
    const std::lock_guard lock(mutex_);
    known_.try_emplace(opening.object, Known<P>{std::move(proxy), opening.permits, opening.recover});
}

void Proxies::note(proto::ObjectType type, const Opening& opening) {
    const auto reference = refer(type, opening);
    switch (type) {
        case proto::ObjectType::lock: return keep(opening, Lock(reference));
        case proto::ObjectType::rlock: return keep(opening, RLock(reference));
        case proto::ObjectType::semaphore: return keep(opening, Semaphore(reference));
        case proto::ObjectType::bounded_semaphore: return keep(opening, BoundedSemaphore(reference));
        case proto::ObjectType::event: return keep(opening, Event(reference));
        case proto::ObjectType::value: return keep(opening, Value<>(reference));
        case proto::ObjectType::dict: return keep(opening, Dict<>(reference));
        case proto::ObjectType::list: return keep(opening, List<>(reference));
        case proto::ObjectType::set: return keep(opening, Set<>(reference));
        case proto::ObjectType::name_space: return keep(opening, Namespace(reference));
        case proto::ObjectType::array: return keep(opening, array_of(reference, opening.typecode));
        case proto::ObjectType::rwlock:
        case proto::ObjectType::condition:
        case proto::ObjectType::barrier:
        case proto::ObjectType::queue:
        case proto::ObjectType::process: return;  // of which everything is asked for
    }
}

Any Proxies::any(proto::Packed packed) const {
    return detail::unpack(manager_, packed);
}

proto::Packed Proxies::packed(const Any& any) {
    auto& bytes = kept_.emplace_back();
    detail::pack(bytes, manager_, any);
    return {bytes};
}

proto::lock::Acquire::Result Proxies::carry_out(Known<Lock>& lock, const proto::lock::Acquire& message) {
    const auto acquired = acquire(lock.proxy, message.timeout_ns);
    if (!acquired)
        return {};
    return {.acquired = true, .token = acquired->token, .abandoned = as_proto(acquired->abandoned)};
}

proto::Nothing Proxies::carry_out(Known<Lock>& lock, const proto::lock::Release&) {
    lock.proxy.release();
    return {};
}

proto::lock::Holding::Result Proxies::carry_out(Known<Lock>& lock, const proto::lock::Holding&) {
    proto::lock::Holding::Result holding{.locked = lock.proxy.locked(), .token = std::nullopt};
    if (lock.proxy.held_by_me())
        holding.token = lock.proxy.token();
    return holding;
}

proto::rlock::Acquire::Result Proxies::carry_out(Known<RLock>& lock, const proto::rlock::Acquire& message) {
    const auto acquired = acquire(lock.proxy, message.timeout_ns);
    if (!acquired)
        return {};
    return {.acquired = true,
            .token = acquired->token,
            .count = message.timeout_ns ? acquired->count : lock.proxy.count(),
            .abandoned = as_proto(acquired->abandoned)};
}

proto::rlock::Release::Result Proxies::carry_out(Known<RLock>& lock, const proto::rlock::Release&) {
    return {.count = lock.proxy.release()};
}

proto::rlock::Holding::Result Proxies::carry_out(Known<RLock>& lock, const proto::rlock::Holding&) {
    proto::rlock::Holding::Result holding{
        .locked = lock.proxy.locked(), .token = std::nullopt, .count = lock.proxy.count()};
    if (holding.count > 0)
        holding.token = lock.proxy.token();
    return holding;
}

proto::semaphore::Acquire::Result Proxies::carry_out(Known<Semaphore>& semaphore,
                                                     const proto::semaphore::Acquire& message) {
    return {.acquired = take_permit(semaphore.proxy, message.timeout_ns)};
}

proto::Nothing Proxies::carry_out(Known<Semaphore>& semaphore, const proto::semaphore::Release& message) {
    semaphore.proxy.release(message.permits);
    return {};
}

proto::semaphore::Value::Result Proxies::carry_out(Known<Semaphore>& semaphore, const proto::semaphore::Value&) {
    return {.permits = semaphore.proxy.value(), .recover = semaphore.recover};
}

proto::bounded_semaphore::Acquire::Result Proxies::carry_out(Known<BoundedSemaphore>& semaphore,
                                                             const proto::bounded_semaphore::Acquire& message) {
    return {.acquired = take_permit(semaphore.proxy, message.timeout_ns)};
}

proto::Nothing Proxies::carry_out(Known<BoundedSemaphore>& semaphore,
                                  const proto::bounded_semaphore::Release& message) {
    semaphore.proxy.release(message.permits);
    return {};
}

proto::bounded_semaphore::Value::Result Proxies::carry_out(Known<BoundedSemaphore>& semaphore,
                                                           const proto::bounded_semaphore::Value&) {
    return {.permits = semaphore.proxy.value(), .bound = semaphore.bound, .recover = semaphore.recover};
}

proto::event::IsSet::Result Proxies::carry_out(Known<Event>& event, const proto::event::IsSet&) {
    return {.set = event.proxy.is_set()};
}

proto::event::Wait::Result Proxies::carry_out(Known<Event>& event, const proto::event::Wait& message) {
    if (message.timeout_ns)
        return {.set = event.proxy.wait_for(std::chrono::nanoseconds(*message.timeout_ns))};
    event.proxy.wait();
    return {.set = true};
}

proto::ValueResult Proxies::carry_out(Known<Value<>>& value, const proto::value::Get&) {
    const auto found = value.proxy.get();
    expect_plain_too(found, [&] { return Value<std::int64_t>(Reference(value.proxy)).get(); });
    return {.value = packed(found)};
}

proto::dict::Get::Result Proxies::carry_out(Known<Dict<>>& dict, const proto::dict::Get& message) {
    const auto key = any(message.key);
    const auto found = dict.proxy.get(key);
    if (!found)
        return {};
    if (key.kind() == Any::Kind::string)
        expect_plain_too(
            *found, [&] { return Dict<std::string, std::int64_t>(Reference(dict.proxy)).at(key.get<std::string>()); });
    return {.found = true, .value = packed(*found), .version = dict.proxy.version(key)};
}

proto::dict::Items::Result Proxies::carry_out(Known<Dict<>>& dict, const proto::dict::Items&) {
    proto::dict::Items::Result result;
    for (const auto& [key, value] : dict.proxy.items())
        result.items.emplace_back(packed(key), packed(value));
    return result;
}

proto::dict::Contains::Result Proxies::carry_out(Known<Dict<>>& dict, const proto::dict::Contains& message) {
    return {.contains = dict.proxy.contains(any(message.key))};
}

proto::dict::Len::Result Proxies::carry_out(Known<Dict<>>& dict, const proto::dict::Len&) {
    return {.len = dict.proxy.size()};
}

proto::ValueResult Proxies::carry_out(Known<List<>>& list, const proto::list::Get& message) {
    const auto found = list.proxy.at(message.index);
    expect_plain_too(found, [&] { return List<std::int64_t>(Reference(list.proxy)).at(message.index); });
    return {.value = packed(found)};
}

proto::ValuesResult Proxies::carry_out(Known<List<>>& list, const proto::list::Copy&) {
    proto::ValuesResult result;
    for (const auto& item : list.proxy.copy())
        result.values.push_back(packed(item));
    return result;
}

proto::list::Len::Result Proxies::carry_out(Known<List<>>& list, const proto::list::Len&) {
    return {.len = list.proxy.size()};
}

proto::set::Contains::Result Proxies::carry_out(Known<Set<>>& set, const proto::set::Contains& message) {
    return {.contains = set.proxy.contains(any(message.value))};
}

proto::set::Len::Result Proxies::carry_out(Known<Set<>>& set, const proto::set::Len&) {
    return {.len = set.proxy.size()};
}

proto::ValueResult Proxies::carry_out(Known<Namespace>& name_space, const proto::name_space::Get& message) {
    return {.value = packed(name_space.proxy.get(message.attribute))};
}

proto::ValueResult Proxies::carry_out(Known<AnyArray>& array, const proto::array::Get& message) {
    return std::visit([&](const auto& typed) { return proto::ValueResult{packed(typed.at(message.index))}; },
                      array.proxy);
}

proto::ValuesResult Proxies::carry_out(Known<AnyArray>& array, const proto::array::GetSlice& message) {
    proto::ValuesResult result;
    const Slice slice{.start = message.start, .stop = message.stop, .step = message.step};
    std::visit(
        [&](const auto& typed) {
            for (const auto element : typed.get_slice(slice))
                result.values.push_back(packed(element));
        },
        array.proxy);
    return result;
}

proto::array::Len::Result Proxies::carry_out(Known<AnyArray>& array, const proto::array::Len&) {
    return std::visit(
        [&](const auto& typed) {
            const auto& typecode = kept_.emplace_back(1, typed.typecode());
            return proto::array::Len::Result{.len = typed.size(), .typecode = typecode};
        },
        array.proxy);
}

}  // namespace steward::tests::conformance
