#pragma once

#include <sys/types.h>

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <steward/error.hpp>
#include <steward/export.hpp>

#include "client/src/bells.hpp"
#include "client/src/exchange.hpp"
#include "client/src/lock_order.hpp"
#include "client/src/patience.hpp"
#include "client/src/pending_calls.hpp"
#include "client/src/reply.hpp"
#include "client/src/request_view.hpp"
#include "client/src/uses.hpp"
#include "client/src/word_map.hpp"
#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/session.hpp"
#include "shared/heap_view.hpp"
#include "shared/unique_fd.hpp"

namespace steward::detail {

/// The socket of one session, shared by any number of threads without a thread of its own: of the threads that wait for
/// replies one, the leader, reads for all (leader and followers).
///
///     auto reply = connection.call(proto::lock::Acquire{.object = id, .thread = thread_number()});
///     if (reply->acquired) ...
///
/// Once the connection is lost, by end of file or by a `connection.closing` of the daemon, every call under way fails
/// with the daemon's reason, every later one with not_connected, until Client::connection() has made another connection
/// on which the session goes on (take_over). What was mapped, and the numbers of requests, are as before then.
///
/// Thread-safe. Not for use across fork(): the child only closes the socket (see Client).
class Connection {
  public:
    struct Options {
        std::string_view client_name;
        std::chrono::nanoseconds timeout{};
        std::uint32_t in_name_of = 0;
        std::uint32_t resume = 0;  ///< a session of this process whose connection was lost; 0: a new one
        bool shared_words = false;
        bool shared_reads = false;
        LockOrderListener* lock_order = nullptr;  ///< the session asks for warnings; must outlive the connection
        std::shared_ptr<Uses> uses = nullptr;     ///< is told of references; without it receipts are kept to the end
    };

    /// Opens a session over a connected stream socket. Throws Error, also where the daemon does not answer in time.
    Connection(shared::UniqueFd socket, const Options&);

    /// Closes the session as far as that goes without waiting.
    ~Connection();

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Sends a request and blocks until its reply is there. Throws Error.
    template <proto::Message M>
    Reply<M> call(const M& message) {
        return Reply<M>(*this, message);
    }

    /// The same for a request that may be made again where its reply is lost with the connection, and then has to be
    /// made again or given up. `again`: the number of the one that is; 0: it is new. With a deadline, it is withdrawn
    /// where the daemon does not answer soon after: the result is that of a time-out then. Where it cannot be
    /// withdrawn, it throws not_connected.
    template <proto::Message M>
    Reply<M> call(const M& message, std::uint64_t again, Patience deadline = {}, const HearsBell* hears = nullptr) {
        return Reply<M>(*this, message, again, deadline, hears);
    }

    /// The daemon, or the next one, undoes what has come of a request that is not waited for any more. The request must
    /// not be pending. 0: it was not sent, and gets its number now.
    void withdraw(std::uint64_t number, const RequestView& request);

    /// The same for one of which nothing is under way: it was not sent, or over a connection that was lost. 0: it
    /// was not sent.
    void give_up_unsent(std::uint64_t number, const RequestView& request);

    /// Whether nothing comes of a request any more, whose patience is over, or that can be undone. 0: it was not sent.
    bool may_be_given_up(std::uint64_t number, const RequestView& request) const noexcept {
        return !request.stays() || number == 0 || has_not_happened(number, request.object());
    }

    /// It is not made again. What was withdrawn is without an answer until the daemon has heard of that.
    void give_up(std::uint64_t request) noexcept {
        const std::lock_guard lock(mutex_);
        if (!withdrawn_.contains(request))
            pending_.give_up(request);
    }

    /// Whether this process can find out by itself what has come of a request. Else only the daemon knows.
    bool knows_results() const noexcept {
        const std::lock_guard lock(mutex_);
        return heap_ != nullptr && has_the_same_clock_;
    }

    /// Whether calls fail now. Any thread may find it so.
    bool lost() const noexcept { return lost_.load(std::memory_order_acquire); }

    /// This session goes on over the socket of another connection, on which it has been resumed, and sends an
    /// object.use for each of the handles first. Only while it is lost, by one thread at a time.
    void take_over(Connection&& resumed, const std::vector<std::shared_ptr<Use>>& uses);

    /// The steps of a call, for those that do more between them. A call that was begun is pending until it is done.
    /// False: the patience was over before there was room for it on the socket. It has not begun then and, if it is
    /// made again, is so lost as before.
    bool send(Call& call, const RequestView& request, Patience patience = {});

    /// Begins a call whose request() the caller sends by send_batch(). Until it is done, objects are not read from
    /// memory: the reader would overtake it. One that may be made again is, by take_over(), without its caller; whoever
    /// waits for it learns that the connection is lost and waits again. Returns how often it had been taken over then.
    std::uint64_t begin_pipelined(Call& call, const RequestView& request);
    const std::atomic<std::size_t>& pipelined() const noexcept { return pipelined_; }

    /// Requests that were begun after so many takeovers. Where there was another since, that has sent them.
    void send_batch(std::string_view requests, std::uint64_t takeovers) {
        const std::lock_guard sending(send_mutex_);
        if (takeovers == takeovers_)
            send_bytes(requests);
    }

    /// Sends an object.use for each of the handles, whose replies nobody waits for, ahead of every request of those who
    /// learn of this connection by `publish`.
    template <class F>
    void send_first(const std::vector<std::shared_ptr<Use>>& inherited, F&& publish) {
        const std::lock_guard sending(send_mutex_);
        const auto requests = requests_for(inherited);
        publish();
        send_bytes(requests);
    }

    /// Blocks until the call is done. Throws ConnectionLost where that needs another connection.
    void wait(Call& call) { wait(call, {}); }
    enum class Waited : std::uint8_t {
        done,
        over,  ///< the patience is, and the call is pending still
        rung   ///< the bell is, and the call is pending still
    };
    Waited wait(Call& call, Patience);

    /// Of one that listens: it does no longer.
    void end_to_listen(Call& call) noexcept {
        const std::lock_guard lock(mutex_);
        std::erase(listening_, &call);
    }

    /// Withdraws one for which the patience is over. False: it is done after all.
    bool withdraw(Call& call, const RequestView& request);

    /// The same, but the daemon is told with what is sent next, or by tell_what_is_due().
    bool withdraw_later(Call& call, const RequestView& request);

    /// What the daemon has not been told yet, in the way of end_thread().
    void tell_what_is_due() noexcept;

    /// Gives a call up: a reply that comes later is dropped. The call may be destroyed or used again. One that was
    /// pipelined is carried out all the same.
    void forget(Call& call) noexcept;

    /// Tells the daemon that a thread has ended (session.end_thread). Neither fails nor waits: what the socket has no
    /// room for goes out when it has, by whoever sends or reads.
    void end_thread(std::uint32_t thread) noexcept { tell(proto::session::EndThread{.thread = thread}); }

    /// Gives receipts for an object back to the daemon (object.drop), in the same way.
    void drop(std::uint64_t object, std::uint64_t receipts) noexcept {
        tell(proto::object::Drop{.object = object, .receipts = receipts});
    }

    /// Tells the daemon that something was given back by the object's word while somebody waits (object.notify), in the
    /// same way.
    void notify(std::uint64_t object) noexcept { tell(proto::object::Notify{.object = object}); }

    /// Wakes the first in line for a word (NextInLine), if that is not the calling thread. False: the daemon has to.
    bool wake(std::uint64_t next) noexcept;

    /// The calling thread as the first in line of words; 0: it is woken by the daemon.
    std::uint64_t listener() noexcept;

    /// Tells it for how long something was held by its word (object.held), in the same way.
    void tell_held(std::uint64_t object, std::uint64_t ns) noexcept {
        tell(proto::object::Held{.object = object, .held_ns = ns});
    }

    /// The daemon's number of a line of source; asks for it once. 0: it does not answer at once. Throws Error.
    std::uint32_t place_number(const std::source_location& where);

    /// The words of the user's domain; null where the daemon does not share them.
    const WordMap* words() const noexcept { return words_ ? &*words_ : nullptr; }

    /// The heap of the user's domain; null where the daemon does not let it be read.
    const shared::HeapView* heap() const noexcept { return heap_.get(); }

    /// The number that the daemon gave this session.
    std::uint32_t session() const noexcept { return session_; }

    /// Its own among all connections that this process, or one that it was forked from, ever made; not 0.
    std::uint64_t number() const noexcept { return number_; }

    /// Closes the socket and nothing else: for a forked child, in which the mutexes may be locked for ever.
    void abandon_after_fork() noexcept { close_socket(); }

  private:
    struct Loss {
        errc code;
        std::string reason;
    };

    /// That a request was withdrawn; its bytes are among the `withdrawn_`.
    struct Withdrawal {
        std::uint64_t request;
    };

    /// A session.bell, whose number is among the `asked_bells_`.
    struct BellWanted {
        std::uint64_t request;
    };

    /// What the daemon is told, for which nobody waits.
    using Notice = std::variant<proto::session::EndThread, proto::object::Drop, proto::object::Notify,
                                proto::object::Held, Withdrawal, BellWanted>;

    void encode(Call& call, const RequestView& request, std::string& out);
    /// Throws too_large. The daemon would end the connection, and with it the calls of other threads.
    void expect_to_fit(const RequestView& request, std::string_view bytes) const;
    Waited wait_until_done(Call& call, Patience);
    void ask_for_bell(std::uint32_t bell) noexcept;
    void take_replies() noexcept;
    void tell_warnings();
    enum class Sent : std::uint8_t {
        all,     ///< or what is left of it goes out before anything else
        closed,  ///< nothing of it, since the daemon has closed the connection
        over     ///< nothing of it, since the patience is over
    };
    Sent send_bytes(std::string_view bytes, Patience = {});
    /// Of a request of what stays, about an object, that is behind its patience: it is not recorded in the heap, and no
    /// daemon carries it out any more, since its time is over (Waiting::expect_in_time). False: it is, or that cannot
    /// be told now.
    bool has_not_happened(std::uint64_t request, std::uint64_t object) const noexcept;
    void take_back(Call& call, bool is_made_again);
    bool send_rest(Patience);  ///< false: the patience is over
    bool push_rest() noexcept;
    void leave_rest(std::string_view bytes) noexcept;
    void drop_rest() noexcept;
    std::unique_lock<std::timed_mutex> begin_to_send(Patience);  ///< none: the patience is over
    [[noreturn]] void throw_unsent(Call& call);
    bool wait_until_writable(Patience = {});  ///< false: the patience is over
    void tell(const Notice& notice) noexcept;
    bool send_notices() noexcept;
    bool sender_waits() noexcept;

    std::string requests_for(const std::vector<std::shared_ptr<Use>>& uses);
    void encode_without_call(std::string& out, const RequestView& request);

    // With mutex_ held:
    std::optional<std::uint64_t> begin(Call& call);  ///< which replies it has, where the daemon is to record
    void note_withdrawal(std::uint64_t number, const RequestView& request);
    std::uint32_t begin_to_listen(Call& call) noexcept;           ///< to which bell; 0: to none
    void hear_bell(std::unique_lock<std::mutex>& lock) noexcept;  ///< which it takes
    void note_wanted_bell(std::uint32_t bell);
    void take_bell(std::uint32_t asked, const proto::Response& response);
    void lead_until(const Call& call, Patience, std::unique_lock<std::mutex>& lock);
    void encode_notice(std::string& out, const Notice&) const;
    void step_down() noexcept;
    void hand_over() noexcept;
    void note_notice(const Notice& notice);
    bool send_notices_locked() noexcept;  ///< and with send_mutex_ held
    void read(std::unique_lock<std::mutex>& lock, int flags, Patience = {});
    ssize_t receive(std::span<char> room, int flags);
    void take_frames();
    void take_frame(std::string_view frame);
    void note_references(std::string_view frame, Call* call);
    void take_notification(std::string_view frame);
    void finish(Call& call) noexcept;
    void end_pipelined(Call& call) noexcept;
    void forget_pipelined(Call& call) noexcept;
    std::string requests_to_send_again() const;
    void lose(errc code, std::string_view reason);

    void receive_descriptors(msghdr&);
    void map_memory(std::uint64_t words_bytes, std::uint64_t heap_bytes);

    bool owns_descriptors() const noexcept;
    void disown_descriptors() noexcept;
    void take_socket_of(Connection& resumed);
    void close_socket() noexcept;
    void shut_down() noexcept;

    shared::UniqueFd socket_;
    std::optional<ino_t> inode_;  ///< of the socket
    const std::uint64_t number_;
    std::uint32_t session_ = 0;
    std::size_t max_request_bytes_ = proto::FrameLimits{}.bytes;
    LockOrderListener* const lock_order_;
    std::atomic<bool> warned_ = false;           ///< something may be in `warnings_`
    std::vector<shared::UniqueFd> descriptors_;  ///< that came with replies and have not been taken
    std::optional<WordMap> words_;
    std::unique_ptr<const shared::HeapView> heap_;
    Bells bells_;  ///< of others
    /// The session's own, with its number; 0: it has none. Under mutex_; the leader may listen to it without.
    shared::UniqueFd bell_;
    std::uint32_t bell_number_ = 0;
    bool bell_is_asked_for_ = false;

    std::atomic<std::size_t> pipelined_ = 0;
    const std::shared_ptr<Uses> uses_;

    using Place = std::pair<const char*, std::uint_least32_t>;  ///< file as the compiler names it, and line
    std::mutex places_mutex_;
    std::map<Place, std::uint32_t> places_;                 ///< under places_mutex_
    std::chrono::steady_clock::time_point ask_for_places_;  ///< not before; under places_mutex_

    std::timed_mutex send_mutex_;  ///< the order of bytes on the socket; taken before mutex_; after it only tried
    std::string outgoing_;         ///< under send_mutex_
    std::string rest_;             ///< of a message whose sender did not wait for room; under send_mutex_
    std::atomic<bool> notices_are_due_ = false;  ///< something may be in `notices_`
    shared::UniqueFd vacancy_;  ///< eventfd for the sender that waits for room while another leads; under send_mutex_

    mutable std::mutex mutex_;  ///< for all below
    PendingCalls pending_;
    WaitingCalls waiting_;
    bool led_ = false;                        ///< a thread reads; `frames_` is its own while it does
    bool leader_listens_ = false;             ///< to the bell too
    bool sender_is_blocked_ = false;          ///< a thread waits for room on the socket and for `vacancy_`
    bool sender_waits_ = false;               ///< a thread waits for room on the socket, be it the leader
    std::vector<Notice> notices_;             ///< the daemon has not been told of
    std::vector<LockOrderWarning> warnings_;  ///< not told yet
    /// Requests that were pipelined and that nobody waits for any more, without a reply yet, by their numbers.
    std::map<std::uint64_t, std::string> forgotten_;
    /// Requests that were withdrawn, without an answer to that yet, by their numbers.
    std::map<std::uint64_t, std::string> withdrawn_;
    std::map<std::uint64_t, std::uint32_t> asked_bells_;  ///< by the numbers of requests without a reply; 0: its own
    std::vector<Call*> listening_;                        ///< the calls of those who are woken by the bell too
    bool has_the_same_clock_ = false;                     ///< as the daemon
    std::uint64_t takeovers_ = 0;  ///< changed with send_mutex_ and mutex_ held, so one of them is enough to read it
    std::optional<Loss> loss_;
    std::condition_variable led_no_longer_;
    std::atomic<bool> lost_ = false;  ///< loss_ is set
    proto::FrameBuffer frames_;
};

}  // namespace steward::detail
