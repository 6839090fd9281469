#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "daemon/object_class.hpp"
#include "daemon/offers.hpp"
#include "daemon/session.hpp"
#include "proto/errors.hpp"

namespace steward::daemon {

struct Call;

/// One of several objects that a request waits for.
struct WantedPart {
    Object object;
    Claim claim;
};

/// Thrown where something would be granted to one who may have given it up; see Waiting::expect_in_time.
struct Overdue {};

/// Waiting, written once for all types: lines in order of arrival, deadlines, cancelling, deadlocks, and what happens
/// when the waiter or the object goes. The lines themselves are state of the objects, in the heap.
///
/// A request for several objects has a place in the line of each; the places know each other. It is granted as a whole,
/// in one Mutation, and leaves all lines at once.
class Waiting {
  public:
    using Change = ObjectClass::Change;

    /// So many requests of one session may wait at the same time.
    static constexpr std::size_t most_waits_per_session = 16'384;
    /// So many objects may one request wait for.
    static constexpr std::size_t most_objects_at_once = shared::most_words;

    /// Who has waited longer does not see others slip in any more.
    static constexpr std::uint64_t longest_wait_behind_others_ns = 1'000'000;
    /// How late the daemon learns that something can be granted where a client died before it could tell.
    static constexpr std::uint64_t check_interval_ns = 10'000'000;

    explicit Waiting(Daemon& daemon) : daemon_(daemon), offers_(daemon) {}

    /// Answers the request: at once where the claim can be granted or `timeout_ns` is 0, else when it is granted or the
    /// time is over (no time-out: whenever that is). `brings` is the value of a claim that brings one. Throws Refusal:
    /// deadlock, busy.
    void enter(Call&, const Object&, Claim, std::optional<std::int64_t> timeout_ns, std::string_view brings = {});

    /// The same for any of several objects, or all of them, as the claims' mode says.
    void enter_several(Call&, std::vector<WantedPart>, std::optional<std::int64_t> timeout_ns);

    /// Grants from the head of the line as long as its head is ready. To be called after every change that may make it
    /// so; for the lanes that may be concerned.
    void advance(const Object&, ObjectClass::Lanes = ObjectClass::every_lane);

    /// Joins the line in any case, though its time be over, in one Mutation with `change`.
    void join_while(Call&, const Object&, Claim, std::optional<std::int64_t> timeout_ns, const Change& change);

    /// These waiters leave the condition's line for its lock's, where they wait as `returning`, without a deadline. One
    /// that closes a cycle by it is dealt with.
    void send_back(const Object& condition, std::span<const shared::Offset<shared::Waiter>>, const Object& lock,
                   bool notified, const Change& also = {});

    /// Everybody leaves the line of an object that cannot be one of several, in the caller's Mutation; in their order.
    /// After it each is told what it got.
    std::vector<Claim> leave_all(shared::Mutation&, const Object&);
    void granted(const Claim&, const Grant&);
    void refused(const Claim&, proto::Errc, const std::string& detail);

    /// Makes room for what all who wait for the object are told, with one that needs not wait any more, and records
    /// what one of them is told, or notes a number for its handler to answer from; see Results.
    void prepare_all(const Object&, const Claim* last = nullptr);
    void note(shared::Mutation&, const Object&, const Claim&, std::uint64_t number) const;
    void record(shared::Mutation& mutation, const Object& object, const Claim& claim, const Grant& grant) const {
        record(mutation, object, claim, std::span(&grant, 1));
    }

    /// Whoever gives up a claim of what stays (ObjectClass::stays) finds out first that it has not been granted; from
    /// then on it must not be. Throws Overdue where that may be so. To be called in the Mutation that grants it, behind
    /// its stores and before it is recorded.
    static void expect_in_time(std::uint64_t deadline_ns);
    /// After that: whoever waits for the object alone and is found so late first is told that his time is over. False:
    /// nobody is.
    bool time_out_overdue(const Object&);
    /// Until when whoever made the request waits for it; shared::no_deadline: he does not give it up by himself.
    std::uint64_t given_up_at(const Call&, std::optional<std::int64_t> timeout_ns) const;

    /// The request is made again and was granted: it is told once more what it got. Of any of several objects, all
    /// stand there.
    void grant_again(Call&, std::span<const WantedPart>);

    /// What a former daemon left: those whose sessions live keep their places and what they were offered. First of all
    /// objects, then take_up_lines().
    void take_up(const Object&);
    void take_up_offer(const Object& object, shared::Agent agent) { offers_.take_up(object, agent); }
    /// Those who do not come back leave all lines, and all of them go on.
    void take_up_lines();

    /// Whether a request that may wait has come too late for whoever made it: it is not tried any more.
    bool is_too_late(const Call&, std::optional<std::int64_t> timeout_ns) const;

    /// False: no such request of the session waits. True: it is answered with `cancelled`.
    bool cancel(Session&, std::uint64_t request);

    /// Forgets all waits of a session, or of one thread of it, without an answer.
    void forget(Session&, std::optional<std::uint32_t> thread = {});

    /// The same for those that are not made again when their session comes back.
    void forget_unrecorded(Session&);

    /// Answers all who wait for the object with an error; before the object goes.
    void refuse_all(const Object&, proto::Errc, const std::string& detail);

    /// Answers everybody who waits for anything, and would not come back for it, with an error; before the daemon goes.
    void refuse_everybody(proto::Errc, const std::string& detail);

    /// Answers those whose time is over.
    void expire();

    /// The same of those alone who wait until a deadline: before anything else happens, so that nobody who is served
    /// now finds one waiting who has given up meanwhile.
    void expire_deadlines();

    /// When expire() has to be called next; nothing: no wait has a deadline.
    std::optional<std::uint64_t> next_deadline_ns() const;

    /// Requests that wait.
    std::size_t size() const { return waiting_; }

    /// Whether any request waits for all of several objects.
    bool any_wants_all() const { return wanting_all_ != 0; }

    /// All places of the request that stands there.
    std::vector<WaitPlace> places_of(const WaitPlace&) const;

    shared::Wait wait_at(const WaitPlace&) const;

  private:
    using DeadlineKey = std::pair<std::uint64_t, std::uint64_t>;  ///< deadline, ticket

    /// True for a scope, however that ends.
    class During {
      public:
        explicit During(bool& flag) : flag_(flag) { flag_ = true; }
        ~During() { flag_ = false; }
        During(const During&) = delete;
        During& operator=(const During&) = delete;

      private:
        bool& flag_;
    };

    std::uint64_t deadline_of(const Call&, std::optional<std::int64_t> timeout_ns) const;
    /// What has been granted to the request is undone.
    void withdraw(Call&, std::span<const WantedPart>);
    /// An offer is recorded by its word alone, which does not say for which request of the agent it is: for the last.
    void withdraw_offer(const WantedPart&);
    static std::size_t granted_index(const Call&, std::size_t parts);
    bool nobody_before(const Object&, const Claim&) const;
    bool grant_at_once(Session&, const Object&, Claim, std::string_view brings, std::uint64_t given_up_ns);
    bool grant_several_at_once(Session&, std::span<const WantedPart>);
    void check_room(const Session&, std::uint64_t request) const;
    void join(Session&, std::span<const WantedPart>, std::string_view brings, const Change& change = {});
    void note_sent_back(const WaitPlace&, const shared::Wait& before);
    void remember(Session&, const WaitPlace&, const shared::Wait&);

    bool grant_next(const Object&, ObjectClass::Lanes);
    bool can_grant(const WaitPlace&, const shared::Wait&) const;
    bool stands_first(const WaitPlace&) const;
    void grant(Session&, const WaitPlace&, const shared::Wait&);
    std::vector<Grant> grant_places(std::span<const WaitPlace>, std::span<const WaitPlace> chosen);
    void note_held(Session&, const Object&, const Claim&);
    void record(shared::Mutation&, const Object&, const Claim&, std::span<const Grant>) const;
    bool offer_again(Session&, const Object&, const Claim&);
    bool comes_back(const shared::Wait&) const;

    void leave_line(shared::Mutation&, const WaitPlace&);
    void leave(std::span<const WaitPlace>);
    void forget_request(Session&, const shared::Wait&);
    bool has_taken(const Object&, const shared::Wait&) const;
    void note_taken(Session&, const Object&, const shared::Wait&);
    bool first_has_taken(const Object&);
    std::uint64_t next_in_line(const shared::Wait& first) const;
    /// Out of all lines without a grant, and the lines go on.
    void give_up(Session&, const WaitPlace&);
    void leave_without_grant(const WaitPlace&);
    void let_the_gone_leave(bool notified);
    void refuse(Session&, const WaitPlace&, proto::Errc, const std::string& detail, const std::string& data = {});
    void time_out(const WaitPlace&);
    void answer(Session&, const shared::Wait&, std::span<const Grant>);
    void write_reply(std::string& out, const shared::Wait&, std::span<const Grant>) const;
    void answer_time_out(Session&, const shared::Wait&);

    void break_cycle_of(shared::Agent);

    // Words that clients change without asking:
    static void say_that_somebody_waits(shared::Mutation&, const Object&);
    void watch_word(const Object&);
    void check_words();
    void advance_line(const Object&, ObjectClass::Lanes);
    bool leave_to_its_holder(const Object&) const;
    Grant grant_or_offer(shared::Mutation&, const Object&, const Claim&) const;
    Grant grant_waiter(shared::Mutation&, const Object&, const Claim&) const;

    Daemon& daemon_;
    Offers offers_;
    std::map<DeadlineKey, WaitPlace> deadlines_;
    std::deque<std::pair<std::uint64_t, ObjectClass::Lanes>> stirred_;  ///< ids of objects whose lines may go on
    bool advancing_ = false;
    std::unordered_set<std::uint64_t> watched_words_;  ///< ids of objects with a line whose words clients change
    std::uint64_t next_check_ns_ = 0;                  ///< of these
    std::size_t waiting_ = 0;
    std::size_t wanting_all_ = 0;
    std::uint64_t last_ticket_ = 0;
};

}  // namespace steward::daemon
