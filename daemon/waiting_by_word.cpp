#include <algorithm>
#include <atomic>
#include <span>
#include <vector>

#include "daemon/daemon.hpp"
#include "daemon/damage.hpp"
#include "daemon/waiting.hpp"
#include "shared/statistics.hpp"
#include "shared/word_encodings.hpp"

// Of Waiting: lines of objects whose words clients change without asking.
namespace steward::daemon {

void Waiting::say_that_somebody_waits(shared::Mutation& mutation, const Object& object) {
    const auto& type = class_of(object.type());
    if (!type.is_acquired_by_word(object))
        return;
    // model: set_waiters
    object.set_flags(mutation, shared::word_waiters | (type.is_fair(object) ? shared::word_fair : 0));
    // A hint, from here on.
    object.word_line().next.fetch_or(shared::NextInLine::somebody_has_waited, std::memory_order_relaxed);
}

/// Whoever had it may have let it go before the word said that somebody waits.
void Waiting::watch_word(const Object& object) {
    if (!daemon_.shared_words.is_shared(object) || !class_of(object.type()).is_acquired_by_word(object))
        return;
    if (watched_words_.empty())
        next_check_ns_ = daemon_.now_ns + check_interval_ns;
    watched_words_.insert(object.id());
    advance(object);
}

/// A releaser that died, or was stopped, before it could tell.
void Waiting::check_words() {
    if (watched_words_.empty() || daemon_.now_ns < next_check_ns_)
        return;
    next_check_ns_ = daemon_.now_ns + check_interval_ns;
    for (const auto id : std::vector(watched_words_.begin(), watched_words_.end())) {
        const auto object = daemon_.registry.find(id);
        if (!object || object->line().empty())
            watched_words_.erase(id);
        else
            advance(*object);
    }
}

/// Nothing can be granted, so whoever holds the word is to tell when he lets it go, and leaves it to the daemon where
/// the first in line has waited long. False: he has let it go before he could know.
bool Waiting::leave_to_its_holder(const Object& object) const {
    const auto line = object.line();
    if (line.empty() || !class_of(object.type()).is_acquired_by_word(object))
        return true;
    const WaitPlace first{.object = object, .waiter = line.first()};
    const auto wait = wait_at(first);
    auto& word = object.word_line().word;
    // Sequentially consistent, as the release by its holder and his load of `next`: where this load does not see the
    // release, that one sees this store. Who is woken by him is the first in line, or has left it, of which the daemon
    // will hear yet, and goes on then.
    // model: set_next
    object.word_line().next.store(next_in_line(wait), std::memory_order_seq_cst);
    auto found = word.load(std::memory_order_seq_cst);
    if (can_grant(first, wait))
        return false;
    const bool waited_long = daemon_.now_ns - wait.since_ns >= longest_wait_behind_others_ns;
    const auto desired =
        (found & ~shared::word_notified) | shared::word_waiters | (waited_long ? shared::word_fair : 0);
    // model: leave_to_its_holder
    if (found != desired && !word.compare_exchange_strong(found, desired))
        return false;
    // From here on whoever lets it go tells. Before, it may have been taken and let go again unseen.
    return !can_grant(first, wait);
}

/// The first in line, as the line of a word says it: whoever releases it wakes him.
std::uint64_t Waiting::next_in_line(const shared::Wait& first) const {
    const auto* session = daemon_.sessions.find(first.agent.session);
    const bool listens = session != nullptr && session->listening.contains(first.request);
    return shared::NextInLine::somebody_has_waited |
           (listens ? shared::NextInLine::listener(session->bell, first.agent.thread) : 0);
}

/// Whether the first in line has got it by its word; it leaves the line then. Nobody is told: it knows.
bool Waiting::first_has_taken(const Object& object) {
    const auto line = object.line();
    if (line.empty())
        return false;
    const WaitPlace first{.object = object, .waiter = line.first()};
    const auto wait = wait_at(first);
    if (!has_taken(object, wait))
        return false;
    auto& session = *daemon_.sessions.find(wait.agent.session);
    forget_request(session, wait);
    session.unclaimed.erase(wait.request);
    leave(std::span(&first, 1));
    note_taken(session, object, wait);
    return true;
}

/// Whether who waits has got it by its word, since he was woken by whoever released it. He may have held it before, and
/// waits for somebody else to release it, or for his time to be over: then nobody has acquired it since.
bool Waiting::has_taken(const Object& object, const shared::Wait& wait) const {
    const auto* session = daemon_.sessions.find(wait.agent.session);
    if (session == nullptr || has_lost_its_word(object))
        return false;
    const auto listening = session->listening.find(wait.request);
    if (listening == session->listening.end())
        return false;
    const bool is_owner =
        (object.word() & ~(shared::word_flags & ~shared::word_granted)) == shared::LockWord::held_by(wait.agent);
    return is_owner && object.word_line().token.load(std::memory_order_relaxed) != listening->second;
}

void Waiting::note_taken(Session& session, const Object& object, const shared::Wait& wait) {
    const auto until_ns = object.word_line().since_ns.load(std::memory_order_relaxed);
    const auto waited_ns = std::clamp(until_ns, wait.since_ns, daemon_.now_ns) - wait.since_ns;
    shared::note_waited(object.heap(), *object.header, waited_ns);
    note_held(session, object, wait);
    daemon_.watches.note_later(object, class_of(object.type()).verb_of(wait));
}

}  // namespace steward::daemon
