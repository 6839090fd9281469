#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "daemon/ownership.hpp"
#include "daemon/results.hpp"
#include "daemon/retrying.hpp"
#include "daemon/several.hpp"
#include "daemon/waiting.hpp"
#include "proto/envelope.hpp"

// Of Waiting: what is recorded of a grant, for a request that is made again or withdrawn.
namespace steward::daemon {
namespace {

using proto::Errc;
using shared::WaitMode;

/// What is noted of a grant, in the bits of a number: of which objects a death was told; of one object also whether a
/// condition's waiter was notified, and which of several it is.
class GrantNote {
  public:
    explicit GrantNote(std::uint64_t bits) : bits_(bits) {}
    GrantNote(const Claim& claim, std::span<const Grant> grants) {
        for (std::size_t i = 0; i < grants.size(); ++i)
            bits_ |= std::uint64_t{grants[i].abandoned ? 1U : 0U} << i;
        if (claim.mode != WaitMode::all)
            bits_ |= std::uint64_t{claim.index} << 2 | (claim.notified ? 2U : 0U);
    }

    std::uint64_t bits() const { return bits_; }
    bool tells_death(std::size_t grant) const { return (bits_ >> grant & 1) != 0; }
    bool is_notified() const { return (bits_ & 2) != 0; }
    std::size_t index() const { return static_cast<std::size_t>(bits_ >> 2); }

  private:
    std::uint64_t bits_ = 0;
};
static_assert(Waiting::most_objects_at_once <= 64);

std::uint64_t deadline_after(std::uint64_t now_ns, std::optional<std::int64_t> timeout_ns) {
    if (!timeout_ns)
        return shared::no_deadline;
    const auto left = static_cast<std::uint64_t>(std::max<std::int64_t>(0, *timeout_ns));
    return left >= shared::no_deadline - now_ns ? shared::no_deadline : now_ns + left;
}

bool is_overdue(std::uint64_t deadline_ns) {
    const auto now_ns = monotonic_now_ns();
    return now_ns > deadline_ns && now_ns - deadline_ns > proto::most_delay_ns;
}

}  // namespace

bool Waiting::is_too_late(const Call& call, std::optional<std::int64_t> timeout_ns) const {
    const auto deadline_ns = deadline_of(call, timeout_ns);
    return timeout_ns && *timeout_ns > 0 && deadline_ns < daemon_.now_ns &&
           daemon_.now_ns - deadline_ns > proto::most_delay_ns;
}

/// A clock on which the request would have been made after now is another one.
std::uint64_t Waiting::deadline_of(const Call& call, std::optional<std::int64_t> timeout_ns) const {
    const auto latest = deadline_after(daemon_.now_ns, timeout_ns);
    return std::min(latest, call.deadline_ns.value_or(latest));
}

std::uint64_t Waiting::given_up_at(const Call& call, std::optional<std::int64_t> timeout_ns) const {
    return call.deadline_ns ? deadline_of(call, timeout_ns) : shared::no_deadline;
}

void Waiting::withdraw(Call& call, std::span<const WantedPart> parts) {
    if (!call.was_recorded()) {
        withdraw_offer(parts.front());
        return;
    }
    if (parts.front().claim.mode == WaitMode::any)
        parts = parts.subspan(granted_index(call, parts.size()), 1);
    const auto now_ns = daemon_.now_ns;
    std::string told;
    proto::encode_refusal(told, call.request, Errc::cancelled, {});
    retrying([&] {
        shared::Mutation mutation(parts.front().object.heap());
        for (const auto& [object, claim] : parts) {
            object.begin_change(mutation);
            class_of(object.type()).undo(mutation, object, call.session, claim, call.recorded_reply, now_ns);
        }
        Results::record(mutation, call.session, *parts.front().object.domain, call.request, told);
    });
    for (const auto& part : parts) {
        const auto holders = class_of(part.object.type()).holders(part.object);
        if (std::ranges::find(holders, call.session.number, &shared::Agent::session) == holders.end())
            call.session.held.erase(part.object.id());
        advance(part.object);
    }
}

void Waiting::withdraw_offer(const WantedPart& part) {
    if (part.claim.by_word && Offers::withdraw(part.object, part.claim.agent))
        advance(part.object);
}

void Waiting::prepare_all(const Object& object, const Claim* last) {
    std::map<std::uint32_t, std::vector<std::uint64_t>> requests;
    const auto add = [&](const shared::Wait& wait) {
        if (comes_back(wait))
            requests[wait.agent.session].push_back(wait.request);
    };
    const auto line = object.line();
    for (auto waiter = line.first(); waiter; waiter = line.next(waiter))
        add(line.get(waiter));
    if (last != nullptr)
        add(*last);
    for (const auto& [session, of_session] : requests)
        Results::prepare(*daemon_.sessions.find(session), *object.domain, of_session);
}

/// A token is known only when the Mutation has happened; so the fact alone is noted, and a token drawn when it is told
/// again. An offer is in the word.
void Waiting::record(shared::Mutation& mutation, const Object& object, const Claim& claim,
                     std::span<const Grant> grants) const {
    if (!claim.recorded || grants.front().is_offer)
        return;
    auto& session = *daemon_.sessions.find(claim.agent.session);
    if (std::ranges::any_of(grants, &Grant::draws_token)) {
        Results::note(mutation, session, *object.domain, claim.request, GrantNote(claim, grants).bits());
    } else {
        std::string reply;
        write_reply(reply, claim, grants);
        Results::record(mutation, session, *object.domain, claim.request, reply);
    }
}

void Waiting::note(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t number) const {
    if (comes_back(claim))
        Results::note(mutation, *daemon_.sessions.find(claim.agent.session), *object.domain, claim.request, number);
}

// A client that gives up looks, behind the deadline and most_delay_ns more, whether the log is empty and nothing is
// recorded (ResultReader); then the request must not happen any more. The log of this Mutation is not empty, and the
// clock is read behind that: the fence (sequentially consistent) lets no load pass the stores before it. So either the
// client found the log not empty, and looked again, or it looked before, when its time was over, and so is the time
// read here. That it waits for a millisecond longer than is asked for here covers clocks of processors that differ.
void Waiting::expect_in_time(std::uint64_t deadline_ns) {
    if (deadline_ns == shared::no_deadline)
        return;
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (is_overdue(deadline_ns))
        throw Overdue();
}

/// The turn's time does not tell: the daemon may have been stopped since.
bool Waiting::time_out_overdue(const Object& object) {
    const auto line = object.line();
    for (auto waiter = line.first(); waiter; waiter = line.next(waiter))
        if (is_overdue(line.get(waiter).deadline_ns)) {
            time_out({.object = object, .waiter = waiter});
            return true;
        }
    return false;
}

/// Which of several was granted to a request that is made again.
std::size_t Waiting::granted_index(const Call& call, std::size_t parts) {
    const auto index = call.happened ? GrantNote(*call.happened).index() : index_in_reply_any(call.recorded_reply);
    return std::min(index, parts - 1);
}

void Waiting::grant_again(Call& call, std::span<const WantedPart> parts) {
    const GrantNote note(*call.happened);
    if (parts.front().claim.mode == WaitMode::any)
        parts = parts.subspan(granted_index(call, parts.size()), 1);
    std::vector<Grant> grants;
    for (const auto& [object, claim] : parts) {
        const bool tells_death = note.tells_death(grants.size());
        auto& grant = grants.emplace_back(Grant{.number = claim.amount, .draws_token = true});
        if (tells_death)
            grant.abandoned = Ownership::last_abandonment_of(object);
        class_of(object.type()).finish_grant(object, claim, grant, daemon_.now_ns);
    }
    auto claim = parts.front().claim;
    claim.request = call.request;
    claim.object = parts.front().object.header->id.load();
    claim.notified = note.is_notified();
    answer(call.session, claim, grants);
}

/// Whose offer still stands was told of it, or would have been.
bool Waiting::offer_again(Session& session, const Object& object, const Claim& claim) {
    if (!session.resumed || !claim.by_word)
        return false;
    const auto offer = class_of(object.type()).offered(object, claim);
    if (offer)
        answer(session, claim, {&*offer, 1});
    return offer.has_value();
}

}  // namespace steward::daemon
