#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <steward/error.hpp>

#include "client/src/patience.hpp"
#include "client/src/uses.hpp"
#include "proto/errors.hpp"
#include "proto/packed.hpp"

namespace steward::detail {

/// The connection was lost before the reply was there.
class ConnectionLost : public Error {
  public:
    /// `request`: its number, by which it may be made again; 0: it has not got one yet.
    ConnectionLost(errc code, std::string_view reason, std::uint64_t request)
        : Error(code, reason), request_(request) {}

    std::uint64_t request() const noexcept { return request_; }

  private:
    std::uint64_t request_;
};

/// One request under way and what came back. Everything but done() belongs to the Connection until it is done, and to
/// whoever waits for it from then on. It must live until it is done.
class Call {
  public:
    Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// The acquire pairs with the release that publishes the reply, so that a thread that sees it done may read it
    /// without the connection's mutex.
    bool done() const noexcept { return done_.load(std::memory_order_acquire); }

    std::uint64_t id() const noexcept { return id_; }
    Patience deadline() const noexcept { return deadline_; }

    /// The bytes of one that was pipelined.
    const std::string& request() const noexcept { return request_; }

    /// The request may be made again, by the same number, where its reply is lost with the connection: the daemon is
    /// to record what comes of it. `request`: the number of one that is made again; 0: it is new.
    void make_repeatable(std::uint64_t request = 0) noexcept {
        repeatable_ = true;
        id_ = request;
    }

    /// The daemon is not to carry it out later, and whoever waits gives it up soon after.
    void make_impatient(Patience deadline) noexcept { deadline_ = deadline; }

    /// Whoever waits for it is woken by the session's bell too.
    void listen() noexcept { wants_to_listen_ = true; }
    bool wants_to_listen() const noexcept { return wants_to_listen_; }

    /// Makes it ready for another request; keeps the memory.
    void reset() noexcept {
        wants_to_listen_ = false;
        done_.store(false, std::memory_order_relaxed);
        id_ = 0;
        refused_ = false;
        lost_ = false;
        repeatable_ = false;
        deadline_ = {};
        request_.clear();
        body_.clear();
        data_.clear();
        uses_.clear();
    }

    /// The result's bytes. Throws Error where the request was refused or the connection lost, and DeadlockError where
    /// the daemon refused it with `deadlock`.
    proto::Packed result() const;

  private:
    friend class Connection;
    friend class PendingCalls;
    friend class WaitingCalls;

    /// Nobody has to ask for it again where its connection is lost: the next one does.
    bool is_sent_again() const noexcept { return pipelined_ && repeatable_; }

    [[noreturn]] void throw_refusal() const;
    void finish() noexcept { done_.store(true, std::memory_order_release); }

    std::uint64_t id_ = 0;
    std::atomic<bool> done_{false};
    bool refused_ = false;
    bool lost_ = false;  ///< with the connection
    bool repeatable_ = false;
    bool wants_to_listen_ = false;
    bool rung_ = false;  ///< the bell, since its thread looked
    Patience deadline_;
    proto::Errc code_ = proto::Errc::internal_error;
    std::string body_;                        ///< the result, or why it was refused
    std::string data_;                        ///< what is known of a refusal beyond that, one MessagePack value
    std::vector<std::shared_ptr<Use>> uses_;  ///< of the objects that the result refers to
    std::condition_variable progress_;        ///< its reply is there, or nobody reads
    bool pipelined_ = false;                  ///< whoever reads from memory must not overtake it
    std::string request_;
    bool waits_ = false;  ///< is among the WaitingCalls, by these links
    Call* previous_ = nullptr;
    Call* next_ = nullptr;
};

/// The requests without a reply, by number. The numbers grow; a place that a request of long ago still holds is passed
/// over, so that finding one is one look, whatever waits.
///
/// The life of a request, by what stands for it. All but the last hold answered_below() back:
///
///     pending    a Call, whose thread waits for the reply or, where it is pipelined, will
///     lost       its number: the connection went before the reply. Its thread makes it again over the next one; one
///                that was pipelined the connection makes again; of any other the number is given up
///     withdrawn  its number, and the request with the deadline 0 (Connection::withdraw): its time was over before the
///                reply. That is sent, over the next connection too, until the daemon has answered it
///     forgotten  its number, and its bytes (Connection::forget_pipelined): nobody asks for its Future any more. It is
///                made again all the same, and its reply is thrown away
///     answered   nothing
class PendingCalls {
  public:
    PendingCalls() : places_(64) {}

    /// Gives it the next number, but for one that is made again.
    void add(Call& call);

    /// All requests with smaller numbers have been answered, or are given up.
    std::uint64_t answered_below() noexcept;

    /// The call is no longer pending, since its connection was lost; a request that may be made again is without an
    /// answer all the same.
    void lose(Call& call);

    /// The same for a request that is given up, until the daemon knows of that.
    void keep(std::uint64_t request) { lost_.insert(request); }

    /// A request whose reply was lost is not made again.
    void give_up(std::uint64_t request) noexcept { lost_.erase(request); }

    /// So many requests have been made since that one.
    std::uint64_t made_since(std::uint64_t request) const noexcept { return last_id_ - request; }

    /// A number for a request whose reply nobody waits for.
    std::uint64_t number_without_call() noexcept { return ++last_id_; }

    /// The call of this number; nullptr if there is none.
    Call* find(std::uint64_t id) noexcept;

    /// The call is no longer pending.
    void remove(Call& call) noexcept;

    /// All of them, which are then no longer pending, but for those that are sent again over another connection.
    /// Those that may be made again are without an answer all the same.
    std::vector<Call*> take_lost(bool there_may_be_another);

    /// In the order of their numbers.
    std::vector<Call*> all() const;

  private:
    Call*& place(std::uint64_t id) noexcept { return places_[id & (places_.size() - 1)]; }
    void grow();

    std::vector<Call*> places_;  ///< a power of two, at most half of them in use
    std::size_t count_ = 0;
    std::uint64_t last_id_ = 0;
    std::uint64_t answered_below_ = 1;
    std::set<std::uint64_t> lost_;  ///< numbers of requests that may be made again
};

/// The calls whose threads sleep until their reply is there or nobody reads for them. None of them is done.
class WaitingCalls {
  public:
    void add(Call& call) noexcept;
    void remove(Call& call) noexcept;  ///< does nothing to a call that does not wait
    Call* first() const noexcept { return first_; }

  private:
    Call* first_ = nullptr;
};

}  // namespace steward::detail
