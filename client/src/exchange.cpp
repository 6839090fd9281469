#include "client/src/exchange.hpp"

#include <chrono>
#include <new>
#include <string>

#include <steward/error.hpp>

#include "client/src/connection.hpp"

namespace steward::detail {
namespace {

/// A call hears the bell no longer than its thread waits.
class Listening {
  public:
    Listening(Connection& connection, Call& call) noexcept : connection_(connection), call_(call) {}
    ~Listening() {
        if (call_.wants_to_listen())
            connection_.end_to_listen(call_);
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

  private:
    Connection& connection_;
    Call& call_;
};

Patience after_a_pause() {
    return std::chrono::steady_clock::now() + pause_before_another_look;
}

}  // namespace

Exchange::Exchange(std::uint64_t again, Patience deadline, const HearsBell* hears) noexcept : hears_(hears) {
    call_.make_repeatable(again);
    call_.make_impatient(deadline);
    if (hears != nullptr)
        call_.listen();
}

bool Exchange::take_place(Connection& connection, const RequestView& request) {
    const Listening listening(connection, call_);
    auto patience = patience_until(call_.deadline());
    if (request.stays() && patience && !connection.knows_results())
        patience = {};
    const auto again = call_.id();
    while (!connection.send(call_, request, patience)) {
        if (connection.may_be_given_up(again, request)) {
            connection.give_up_unsent(again, request);
            return false;
        }
        patience = after_a_pause();
    }
    for (;;) {
        switch (connection.wait(call_, patience)) {
            case Connection::Waited::rung:
                if (!(*hears_)())
                    continue;
                withdraw(connection, request);
                is_needless_ = true;
                return false;
            case Connection::Waited::over:
                if (!connection.may_be_given_up(call_.id(), request)) {
                    connection.tell_what_is_due();  // the rest of it may be
                    patience = after_a_pause();
                    continue;
                }
                return !give_up(connection, request);
            case Connection::Waited::done: return true;
        }
    }
}

bool Exchange::take_place(Connection& connection, const RequestView& request, Patience patience) {
    if (!connection.send(call_, request, patience))
        return false;
    if (connection.wait(call_, patience) != Connection::Waited::done)
        connection.forget(call_);
    return call_.done();
}

/// What it wanted is there, and the daemon finds out by itself. It is told when that is given back, at the latest.
void Exchange::withdraw(Connection& connection, const RequestView& request) noexcept {
    try {
        connection.withdraw_later(call_, request);
    } catch (const std::bad_alloc&) {
        connection.forget(call_);  // the daemon offers it in vain, once
    }
}

/// False: the reply is there after all.
bool Exchange::give_up(Connection& connection, const RequestView& request) {
    if (!request.is_withdrawn()) {
        connection.forget(call_);
        return !call_.done();
    }
    try {
        return connection.withdraw(call_, request);
    } catch (...) {
        connection.forget(call_);
        throw;
    }
}

void Exchange::throw_malformed(std::string_view method, const proto::Malformed& malformed) {
    throw Error(errc::protocol_error, std::string(method) + ": " + malformed.what());
}

}  // namespace steward::detail
