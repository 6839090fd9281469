#include <sys/eventfd.h>
#include <sys/socket.h>

#include <mutex>
#include <new>
#include <utility>

#include "client/src/connection.hpp"
#include "client/src/process.hpp"
#include "client/src/uncancelled.hpp"
#include "shared/word_encodings.hpp"

// How threads that wait hear the bell of their session, and ring those of others; who reads is in leading.cpp.
namespace steward::detail {

// Who listens, and why no ring is lost
//
// A call listens from the moment its request is encoded, with the bell's number in it, until its thread has left: so
// whoever leads from then on listens too, and where somebody leads already who does not, the request says that its
// thread listens to none. A ring is kept by the eventfd until it is heard, and then by each call that listens, until
// its thread looks at the word.
std::uint32_t Connection::begin_to_listen(Call& call) noexcept {
    try {
        if (!std::exchange(bell_is_asked_for_, true))
            note_wanted_bell(0);
        if (!bell_ || (led_ && !leader_listens_))
            return 0;
        listening_.push_back(&call);
        return bell_number_;
    } catch (const std::bad_alloc&) {
        return 0;
    }
}

void Connection::hear_bell(std::unique_lock<std::mutex>& lock) noexcept {
    eventfd_t rings = 0;
    eventfd_read(bell_.get(), &rings);
    lock.lock();
    for (auto* call : listening_) {
        call->rung_ = true;
        if (call->waits_)
            call->progress_.notify_one();
    }
}

std::uint64_t Connection::listener() noexcept {
    const std::lock_guard lock(mutex_);
    return shared::NextInLine::listener(bell_number_, thread_number());
}

bool Connection::wake(std::uint64_t next) noexcept {
    const auto bell = shared::NextInLine::bell(next);
    if (bell == 0 || shared::NextInLine::listener(next) == listener())
        return false;
    const auto rung = bells_.ring(bell);
    if (rung == Bells::Ring::unknown)
        ask_for_bell(bell);
    else if (rung == Bells::Ring::missing)
        take_replies();
    return rung == Bells::Ring::done || (rung == Bells::Ring::missing && bells_.ring(bell) == Bells::Ring::done);
}

/// For the next time.
void Connection::ask_for_bell(std::uint32_t bell) noexcept {
    try {
        bells_.add(bell, {});
        const std::lock_guard lock(mutex_);
        if (!loss_)
            note_wanted_bell(bell);
    } catch (const std::bad_alloc&) {
        return;
    }
}

/// One that only ever lets go reads nothing, and so would never get the bell that it has asked for.
void Connection::take_replies() noexcept {
    const Uncancelled uncancelled;
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock() || led_ || loss_ || asked_bells_.empty())
        return;
    led_ = true;
    read(lock, MSG_DONTWAIT);
    step_down();
}

/// The reply is not waited for.
void Connection::note_wanted_bell(std::uint32_t bell) {
    const auto request = pending_.number_without_call();
    asked_bells_.emplace(request, bell);
    note_notice(BellWanted{request});
}

void Connection::take_bell(std::uint32_t asked, const proto::Response& response) {
    const auto bell = response.refused ? 0 : proto::decode_params<proto::session::Bell::Result>(response.result).bell;
    if (bell == 0 || descriptors_.empty()) {
        bell_is_asked_for_ = bell_is_asked_for_ && asked != 0;  // its own is asked for again
        return;
    }
    auto descriptor = std::move(descriptors_.front());  // those of several replies come in their order
    descriptors_.erase(descriptors_.begin());
    if (asked != 0)
        return bells_.add(bell, std::move(descriptor));
    bell_ = std::move(descriptor);
    bell_number_ = bell;
}

}  // namespace steward::detail
