#include "daemon/dispatcher.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include <spdlog/spdlog.h>

#include "daemon/call.hpp"
#include "daemon/daemon_requests.hpp"
#include "daemon/dumps.hpp"
#include "daemon/object_requests.hpp"
#include "daemon/objects.hpp"
#include "daemon/recent_requests.hpp"
#include "daemon/session_requests.hpp"
#include "daemon/several.hpp"
#include "daemon/stored_references.hpp"
#include "daemon/transactions.hpp"
#include "proto/catalogue.hpp"
#include "proto/read_only.hpp"
#include "proto/reference.hpp"
#include "shared/kill_point.hpp"

namespace steward::daemon {
namespace {

using Handler = Dispatcher::Handler;
using Methods = std::unordered_map<std::string_view, Handler>;

/// A preparation that has become void so often is done in one go.
constexpr unsigned most_beginnings = 3;

template <proto::Message M>
void check_references(Call& call, const M& message, proto::Packed params) {
    if constexpr (requires { message.object; }) {
        const auto object = call.daemon.registry.find(message.object);
        check_stored_references<M>(call, object ? &*object : nullptr, params);
    } else if constexpr (!std::is_same_v<M, proto::transaction::Commit>) {  // whose operations are checked one by one
        check_stored_references<M>(call, nullptr, params);
    }
}

template <proto::Message M>
void answer(Call& call, const M& message) {
    if constexpr (std::is_void_v<decltype(handle(call, message))>) {
        handle(call, message);  // has answered, or waits
    } else {
        const auto& result = handle(call, message);
        if (!call.answered)
            return;
        auto& outbox = call.daemon.outbox_of(call.session);
        const auto before = outbox.size();
        proto::encode_result(outbox, call.request, result);
        call.session.answered_bytes += outbox.size() - before;
    }
}

template <class M, class Messages>
inline constexpr bool is_among = false;
template <class M, class... Each>
inline constexpr bool is_among<M, proto::MessageList<Each...>> = (std::is_same_v<M, Each> || ...);

/// What changes nothing but the memory of a container is recorded here, as one Mutation with the change; all else
/// records what comes of it where it changes something.
template <proto::Message M>
void record_and_answer(Call& call, const M& message) {
    if constexpr (proto::is_read_only<M> || !requires { message.object; }) {
        answer(call, message);
    } else {
        const auto object = call.recorded ? call.daemon.registry.find(message.object) : std::nullopt;
        if (!object) {
            answer(call, message);
            return;
        }
        call.prepare(*object->domain);
        if constexpr (is_among<M, proto::ContainerMessages>) {
            const shared::Transaction transaction(object->heap());
            const auto before = call.session.outbox.size();
            answer(call, message);
            shared::Mutation mutation(object->heap());
            Results::record(mutation, call.session, *object->domain, call.request,
                            std::string_view(call.session.outbox).substr(before));
        } else {
            answer(call, message);
        }
    }
}

template <proto::Message M>
void decode_and_handle(Call& call, proto::Packed params) {
    const auto message = proto::decode_params<M>(params);
    if constexpr (!requires { message.timeout_ns; })
        if (call.withdrawn)
            return;  // what does not wait is not undone
    if constexpr (requires { message.object; }) {
        recent_requests.note_object(message.object);
        call.await_turn(message.object);
    }
    shared::kill_point(shared::KillPoint::request_is_decoded);
    if (proto::may_refer(params.bytes))
        check_references(call, message, params);
    auto& watches = call.daemon.watches;
    if (watches.empty()) {
        record_and_answer(call, message);
        return;
    }
    if constexpr (requires { message.object; }) {
        const auto object = call.daemon.registry.find(message.object);
        noting(watches, object ? &*object : nullptr, message, [&] { record_and_answer(call, message); });
    } else {
        record_and_answer(call, message);
    }
    watches.settle();
}

template <class... M>
Methods methods_of(proto::MessageList<M...>) {
    return {{M::method, &decode_and_handle<M>}...};
}

template <class... M>
Methods one_way_methods_of(proto::MessageList<M...>) {
    Methods methods;
    const auto add = [&]<class Each>(std::type_identity<Each>) {
        if constexpr (proto::OneWay<Each>)
            methods.emplace(Each::method, &decode_and_handle<Each>);
    };
    (add(std::type_identity<M>{}), ...);
    return methods;
}

const Methods& methods() {
    static const auto table = methods_of(proto::Messages{});
    return table;
}

const Methods& one_way_methods() {
    static const auto table = one_way_methods_of(proto::Messages{});
    return table;
}

}  // namespace

void Dispatcher::dispatch(Session& session, std::string_view frame) {
    if (proto::kind_of(frame) == proto::EnvelopeKind::notification) {
        take_note(session, proto::decode_notification(frame));
        return;
    }
    ++daemon_.requests;
    ++session.requests;
    carry_out(session, frame, {.session = session.number});
}

std::optional<std::uint32_t> Dispatcher::go_on() {
    auto ready = daemon_.preparations.go_on(daemon_.registry);
    if (!ready)
        return std::nullopt;
    const auto [number, object] = std::pair(ready->session, ready->turn_of);
    const auto frame = std::exchange(ready->frame, {});
    carry_out(*daemon_.sessions.find(number), frame, std::move(*ready));
    daemon_.preparations.settle(object);
    return number;
}

void Dispatcher::carry_out(Session& session, std::string_view frame, PostponedRequest&& before) {
    const auto request = proto::decode_request(frame);
    const auto outbox_size = session.outbox.size();
    Call call{.daemon = daemon_, .session = session, .request = request.id};
    call.preparation = std::move(before.preparation);
    call.in_one_go = before.beginnings >= most_beginnings;
    call.turn_of = before.turn_of;
    try {
        if (before.refusal)
            std::rethrow_exception(before.refusal);
        handle(session, request, call);
    } catch (const Postponed& postponed) {
        daemon_.preparations.postpone({.session = session.number,
                                       .frame = std::string(frame),
                                       .turn_of = postponed.object,
                                       .preparation = std::move(call.preparation),
                                       .version = postponed.version,
                                       .beginnings = before.beginnings + 1});
    } catch (const proto::Refusal& refusal) {
        refuse(session, request.id, outbox_size, refusal.code(), refusal.what(), refusal.data());
    } catch (const proto::Malformed& malformed) {
        refuse(session, request.id, outbox_size, proto::Errc::invalid_argument,
               std::string(request.method) + ": " + malformed.what());
    } catch (const shared::WordChanged&) {
        refuse(session, request.id, outbox_size, proto::Errc::domain_damaged,
               std::string(request.method) +
                   ": a program of the object's user writes into its word what no client writes; end that program");
    } catch (const shared::NoMemory& error) {
        refuse(session, request.id, outbox_size, proto::Errc::no_memory, error.what());
    } catch (const std::bad_alloc&) {
        refuse(session, request.id, outbox_size, proto::Errc::no_memory, "the daemon has no memory for the reply");
    } catch (const std::exception& error) {
        spdlog::error("request {} of session {} failed: {}", request.method, session.number, error.what());
        refuse(session, request.id, outbox_size, proto::Errc::internal_error,
               std::string(request.method) + " failed in the daemon: " + error.what());
    }
}

void Dispatcher::take_note(Session& session, const proto::Notification& notification) {
    ++daemon_.requests;
    ++session.requests;
    const auto method = one_way_methods().find(notification.method);
    if (method == one_way_methods().end())
        return;  // of a newer client
    recent_requests.note(method->first, session.number, session.process->pid);
    Call call{.daemon = daemon_, .session = session, .request = 0, .answered = false};
    try {
        method->second(call, notification.params);
    } catch (const std::exception& error) {
        ++daemon_.refusals;
        spdlog::debug("notification {} of session {}: {}", notification.method, session.number, error.what());
    }
}

void Dispatcher::handle(Session& session, const proto::Request& request, Call& call) {
    const auto method = methods().find(request.method);
    if (method == methods().end())
        throw proto::Refusal(proto::Errc::unknown_method, "there is no method '" + std::string(request.method) + "'");
    recent_requests.note(method->first, session.number, session.process->pid);
    if (request.answered_below) {
        call.recorded = true;
        call.deadline_ns = request.deadline_ns;
        session.answered_below = std::max(session.answered_below, *request.answered_below);
        if (request.deadline_ns == proto::withdrawn) {
            withdraw(call, method->second, request.params);
            return;
        }
        if (session.resumed && is_answered_already(call))
            return;
    }
    method->second(call, request.params);
    shared::kill_point(shared::KillPoint::request_is_handled);
}

/// A request that is made again may still wait, and then its reply is yet to come; or it has been carried out.
bool Dispatcher::is_answered_already(Call& call) {
    call.session.unclaimed.erase(call.request);
    if (call.session.waits.contains(call.request))
        return true;
    const auto record = Results::find(call.session, call.request);
    if (!record)
        return false;
    call.happened = Results::number_in(*record);
    if (!call.happened)
        daemon_.outbox_of(call.session) += *record;
    return !call.happened;
}

/// The handler knows what the request wanted. What was undone before is not undone again.
void Dispatcher::withdraw(Call& call, Handler handler, proto::Packed params) {
    call.session.unclaimed.erase(call.request);
    if (daemon_.waiting.cancel(call.session, call.request))
        return;
    call.withdrawn = true;
    if (const auto record = Results::find(call.session, call.request)) {
        call.happened = Results::number_in(*record);
        if (!call.happened)
            call.recorded_reply = *record;
    }
    if (call.recorded_reply.empty() || !proto::decode_response(call.recorded_reply).refused)
        handler(call, params);
    proto::encode_refusal(daemon_.outbox_of(call.session), call.request, proto::Errc::cancelled, {});
}

void Dispatcher::refuse(Session& session, std::uint64_t request, std::size_t outbox_size, proto::Errc code,
                        std::string_view detail, std::string_view data) {
    ++daemon_.refusals;
    auto& outbox = daemon_.outbox_of(session);
    outbox.resize(outbox_size);  // nothing stays of a reply that was begun
    proto::encode_refusal(outbox, request, code, detail, data);
}

}  // namespace steward::daemon
