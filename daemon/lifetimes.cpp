#include "daemon/lifetimes.hpp"

#include <algorithm>
#include <string>

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "proto/errors.hpp"
#include "proto/reference.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Reference;
using proto::Refusal;

Object referred(const Call& call, const Reference& reference) {
    const auto found = call.daemon.registry.find(reference.object);
    // Whoever may use an object in any way may refer to it.
    const bool readable = found && found->allows(call.session, Access::read);
    return call.object(reference.object, reference.type, readable ? Access::read : Access::write);
}

std::uint32_t references_to(const Object& object) {
    return object.header->traits.load().references;
}

}  // namespace

void Lifetimes::use(Session& session, const Object& object) {
    if (!object.ephemeral())
        return;
    if (session.receipts[object.id()]++ == 0)
        ++users_[object.id()];
    sweep_.touched(object.id());
}

void Lifetimes::drop(Session& session, std::uint64_t id, std::uint64_t receipts) {
    const auto held = session.receipts.find(id);
    if (held == session.receipts.end())
        return;
    held->second -= std::min(held->second, receipts);
    if (held->second > 0)
        return;
    session.receipts.erase(held);
    const auto users = users_.find(id);
    if (users == users_.end() || --users->second > 0)
        return;
    users_.erase(users);
    if (const auto object = daemon_.registry.find(id))
        lost_a_keeper(*object);
}

void Lifetimes::close(Session& session) {
    while (!session.receipts.empty()) {
        const auto [id, receipts] = *session.receipts.begin();
        drop(session, id, receipts);
    }
}

void Lifetimes::forget(std::uint64_t object) {
    users_.erase(object);
}

std::size_t Lifetimes::users_of(std::uint64_t object) const {
    const auto users = users_.find(object);
    return users == users_.end() ? 0 : users->second;
}

void Lifetimes::check_references(Call& call, const Object* container, proto::Packed value) {
    proto::each_reference(value.bytes, [&](const Reference& reference) {
        const auto object = referred(call, reference);
        const auto uid = container != nullptr ? container->owner() : call.session.uid;
        if (object.owner() != uid)
            throw Refusal(Errc::other_domain, object.called() + " belongs to uid " + std::to_string(object.owner()) +
                                                  ", and an object of uid " + std::to_string(uid) +
                                                  " cannot refer to it");
        sweep_.touched(object.id());
        call.refers = true;
    });
    if (call.refers && container != nullptr)
        note_refers(*container);
}

void Lifetimes::note_refers(const Object& container) {
    auto kind = container.header->kind.load();
    if ((kind.flags & shared::ObjectKind::refers) != 0)
        return;
    kind.flags |= shared::ObjectKind::refers;
    shared::Mutation mutation(container.heap());
    mutation.store(container.header->kind, kind);
}

void Lifetimes::note_replies(Session& session) {
    proto::each_reference(session.outbox, [&](const Reference& reference) {
        if (const auto object = daemon_.registry.find(reference.object))
            use(session, *object);
    });
}

void Lifetimes::take_up(const Object& object) {
    if (daemon_.sessions.all().empty())
        lost_a_keeper(object);
    else if (object.ephemeral())
        await_former_users(object);
}

void Lifetimes::await_former_users(const Object& object) {
    former_.push_back(object.id());
    former_until_ns_ = daemon_.now_ns + daemon_.absences.grace_ns();
}

void Lifetimes::restored(Session* session, const Object& object) {
    const bool awaits_users = object.ephemeral() && !object.anonymous();
    if (awaits_users)
        await_former_users(object);
    if (session != nullptr && session->receipts.erase(object.id()) > 0)
        if (const auto users = users_.find(object.id()); users != users_.end() && --users->second == 0)
            users_.erase(users);
    if (!awaits_users)
        lost_a_keeper(object);
}

std::optional<std::uint64_t> Lifetimes::next_sweep_ns() const {
    const auto sweep_ns = sweep_.next_ns();
    if (former_.empty())
        return sweep_ns;
    return sweep_ns ? std::min(*sweep_ns, former_until_ns_) : former_until_ns_;
}

bool Lifetimes::settle_former() {
    constexpr int at_a_time = 64;
    if (daemon_.now_ns < former_until_ns_)
        return false;
    for (int i = 0; i < at_a_time && !former_.empty(); ++i) {
        const auto object = daemon_.registry.find(former_.back());
        former_.pop_back();
        if (object)
            lost_a_keeper(*object);
    }
    return !former_.empty();
}

bool Lifetimes::lost_a_keeper(const Object& object) {
    if (!object.ephemeral() || users_of(object.id()) > 0)
        return false;
    if (references_to(object) > 0) {
        sweep_.suspect(object);
        return false;
    }
    daemon_.registry.remove(object);
    return true;
}

bool Lifetimes::settle() {
    bool removed = false;
    for (const auto& domain : daemon_.domains.all())
        for (const auto id : domain->heap().take_dropped())
            if (const auto object = daemon_.registry.find(id.value))
                removed |= lost_a_keeper(*object);
    const bool more = settle_former();
    return sweep_.go_on() || removed || more;
}

}  // namespace steward::daemon
