#include <steward/several.hpp>

#include <chrono>
#include <exception>
#include <source_location>
#include <string>
#include <utility>

#include <steward/manager.hpp>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/several.hpp"

namespace steward {
namespace {

/// What ends with a thread, which has to be told of.
bool is_lock(const detail::ObjectState& object) noexcept {
    return object.type == ObjectType::lock || object.type == ObjectType::rlock || object.type == ObjectType::rwlock;
}

void remember(const detail::ObjectState& object, const std::optional<Abandonment>& abandoned) noexcept {
    if (is_lock(object))
        detail::remember_acquisition(object, abandoned);
}

const std::shared_ptr<const detail::ObjectState>& state_of(const Object& object) {
    return detail::StateOf(object).state;
}

void check_manager(const detail::ObjectState& object, const std::shared_ptr<detail::Client>& client) {
    if (object.client != client)
        detail::throw_other_manager(object);
}

}  // namespace

Waitable::Waitable(const Lock& lock) : object_(state_of(lock)) {}
Waitable::Waitable(const RLock& lock) : object_(state_of(lock)) {}
Waitable::Waitable(const RWLock& lock) : object_(state_of(lock)) {}
Waitable::Waitable(const Semaphore& semaphore) : object_(state_of(semaphore)) {}
Waitable::Waitable(const BoundedSemaphore& semaphore) : object_(state_of(semaphore)) {}
Waitable::Waitable(const Event& event) : object_(state_of(event)) {}
Waitable::Waitable(const detail::QueueRequests& queue) : object_(state_of(queue)) {}
Waitable::Waitable(const Process& process) : object_(state_of(process)) {}

Part::Part(const Object& object, std::size_t permits, bool shared)
    : object_(state_of(object)), permits_(permits), shared_(shared) {}
Part::Part(const Lock& lock) : Part(static_cast<const Object&>(lock)) {}
Part::Part(const RLock& lock) : Part(static_cast<const Object&>(lock)) {}
Part::Part(const RWLock& lock) : Part(static_cast<const Object&>(lock)) {}
Part::Part(const Semaphore& semaphore, std::size_t permits) : Part(static_cast<const Object&>(semaphore), permits) {}
Part::Part(const BoundedSemaphore& semaphore, std::size_t permits)
    : Part(static_cast<const Object&>(semaphore), permits) {}

Part Part::shared(const RWLock& lock) {
    return Part(lock, 1, true);
}

AllAcquired::AllAcquired(std::vector<Part> parts, std::vector<Acquired> acquired)
    : parts_(std::move(parts)),
      acquired_(std::move(acquired)),
      thread_(detail::thread_number()),
      process_(detail::process_generation()) {}

AllAcquired::AllAcquired(AllAcquired&& other) noexcept
    : parts_(std::exchange(other.parts_, {})),
      acquired_(std::exchange(other.acquired_, {})),
      thread_(other.thread_),
      process_(other.process_) {}

AllAcquired& AllAcquired::operator=(AllAcquired&& other) noexcept {
    AllAcquired taken(std::move(other));
    std::swap(parts_, taken.parts_);
    std::swap(acquired_, taken.acquired_);
    std::swap(thread_, taken.thread_);
    std::swap(process_, taken.process_);
    return *this;
}

AllAcquired::~AllAcquired() {
    if (process_ != detail::process_generation())  // a forked child holds nothing
        return;
    try {
        release();
    } catch (const std::exception&) {
        return;  // lost before, or the daemon is gone and took the session with it
    }
}

void AllAcquired::release() {
    const auto parts = std::exchange(parts_, {});
    if (parts.empty())
        return;
    for (const auto& part : parts)
        if (is_lock(*part.object_) && thread_ == detail::thread_number())
            detail::forget_acquisition(*part.object_);
    try {
        give_back(parts);
    } catch (const Error&) {
        // One step gives back all or nothing; what is left must not stay held for ever.
        for (const auto& part : parts) {
            std::error_code lost;
            detail::without_exceptions(lost, [&] { give_back({part}); });
        }
        throw;
    }
}

void AllAcquired::give_back(const std::vector<Part>& parts) const {
    proto::object::ReleaseAll message{.parts = {}, .thread = thread_};
    message.parts.reserve(parts.size());
    for (const auto& part : parts)
        message.parts.push_back({.object = part.object_->id, .permits = part.permits_, .shared = part.shared_});
    parts.front().object_->client->call(message);
}

std::vector<std::uint64_t> AllAcquired::tokens() const {
    std::vector<std::uint64_t> tokens;
    tokens.reserve(acquired_.size());
    for (const auto& acquired : acquired_)
        tokens.push_back(acquired.token);
    return tokens;
}

std::optional<AnyAcquired> Manager::wait_any_within(const std::vector<Waitable>& objects,
                                                    std::optional<std::chrono::nanoseconds> timeout,
                                                    std::source_location where) const {
    const auto line = detail::source_line(where);
    proto::object::WaitAny message{
        .objects = {}, .thread = detail::thread_number(), .timeout_ns = detail::timeout_ns(timeout), .where = line};
    message.objects.reserve(objects.size());
    for (const auto& waitable : objects) {
        check_manager(*waitable.object_, client_);
        message.objects.push_back(waitable.object_->id);
    }
    const auto reply = client_->call(message);
    if (!reply->index)
        return std::nullopt;
    if (*reply->index >= objects.size())
        throw Error(errc::protocol_error, "wait_any of " + std::to_string(objects.size()) + " objects gave number " +
                                              std::to_string(*reply->index));
    AnyAcquired acquired{*reply->index, reply->token, detail::described(reply->abandoned)};
    remember(*objects[acquired.index].object_, acquired.abandoned);
    return acquired;
}

std::optional<AllAcquired> Manager::acquire_all_within(std::vector<Part> parts,
                                                       std::optional<std::chrono::nanoseconds> timeout,
                                                       std::source_location where) const {
    const auto line = detail::source_line(where);
    proto::object::AcquireAll message{
        .parts = {}, .thread = detail::thread_number(), .timeout_ns = detail::timeout_ns(timeout), .where = line};
    message.parts.reserve(parts.size());
    for (const auto& part : parts) {
        check_manager(*part.object_, client_);
        message.parts.push_back({.object = part.object_->id, .permits = part.permits_, .shared = part.shared_});
    }
    const auto reply = client_->call(message);
    if (!reply->acquired)
        return std::nullopt;
    AllAcquired all(std::move(parts), {});  // gives back what is held, whatever fails from here on
    all.acquired_.reserve(all.parts_.size());
    for (const auto& grant : reply->grants)
        all.acquired_.push_back({grant.token, detail::described(grant.abandoned)});
    all.acquired_.resize(all.parts_.size());
    for (std::size_t i = 0; i < all.parts_.size(); ++i)
        remember(*all.parts_[i].object_, all.acquired_[i].abandoned);
    return all;
}

}  // namespace steward
