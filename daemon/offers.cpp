#include "daemon/offers.hpp"

#include <algorithm>

#include "daemon/daemon.hpp"
#include "daemon/retrying.hpp"
#include "shared/mutation.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {

void Offers::note(const Claim& claim) {
    const auto object = claim.object.value;
    const auto latest_ns = daemon_.now_ns + lifetime_ns;
    const auto deadline_ns = latest_ns - latest_ns % grain_ns;
    last_[object] = {.claim = claim, .deadline_ns = deadline_ns};
    deadlines_.emplace_back(deadline_ns, object);
}

void Offers::take_up(const Object& object, shared::Agent agent) {
    note({.agent = agent, .ticket = 1, .object = object.header->id.load()});
}

std::optional<std::uint64_t> Offers::next_deadline_ns() const {
    return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.front().first);
}

void Offers::expire() {
    while (!deadlines_.empty() && deadlines_.front().first <= daemon_.now_ns) {
        const auto [deadline_ns, id] = deadlines_.front();
        deadlines_.pop_front();
        const auto offered = last_.find(id);
        if (offered == last_.end() || offered->second.deadline_ns != deadline_ns)
            continue;  // there has been another one since
        const auto claim = offered->second.claim;
        last_.erase(offered);
        const auto object = daemon_.registry.find(id);
        if (!object || !withdraw(*object, claim.agent))
            continue;
        auto* session = daemon_.sessions.find(claim.agent.session);
        if (session != nullptr && session->connected && session->missed.size() < most_missed)
            session->missed[{claim.agent.thread, id}] = {.ticket = claim.ticket, .deadline_ns = claim.deadline_ns};
        daemon_.waiting.advance(*object);
    }
}

/// The very word in which the offer was seen is expected: one that is taken meanwhile must not be freed.
bool Offers::withdraw(const Object& object, shared::Agent agent) {
    const auto offered = shared::LockWord::held_by(agent) | shared::word_granted;
    constexpr auto other_flags = shared::word_flags & ~shared::word_granted;
    if (!object.has_flag(shared::word_granted))
        return false;
    try {
        return retrying([&] {
            shared::Mutation mutation(object.heap());
            auto& words = object.domain->words();
            const auto found = mutation.planned_or_found(words, object.word_index());
            if ((found & ~other_flags) != offered)
                return false;
            mutation.change(*object.header);
            // model: withdraw_offer
            mutation.plan_word(words, object.word_index(), found, found & other_flags);
            return true;
        });
    } catch (const shared::WordChanged&) {  // by something that does not keep the rules
        return false;
    }
}

void Offers::forget(Session& session, std::optional<std::uint32_t> thread) {
    std::erase_if(session.missed, [&](const auto& missed) { return !thread || missed.first.first == *thread; });
}

void Offers::take_up(Session& session, Claim& claim, bool says_deadline) {
    const auto found = session.missed.find({claim.agent.thread, claim.object.value});
    if (found == session.missed.end())
        return;
    const auto [ticket, deadline_ns] = found->second;
    session.missed.erase(found);
    const bool waits_for_ever = claim.deadline_ns == shared::no_deadline;
    const bool is_the_same =
        says_deadline ? claim.deadline_ns == deadline_ns : waits_for_ever == (deadline_ns == shared::no_deadline);
    if (!is_the_same)
        return;  // that one was given up
    claim.ticket = ticket;
    claim.deadline_ns = std::min(claim.deadline_ns, deadline_ns);
}

}  // namespace steward::daemon
