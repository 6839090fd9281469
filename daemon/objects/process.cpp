#include "daemon/objects/process.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "daemon/registry.hpp"
#include "proto/envelope.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

/// What a process keeps in its header.
struct ProcessState {
    shared::Field<std::uint64_t> pid;
    shared::Field<std::uint64_t> ended;       ///< 1: it has
    shared::Field<std::uint64_t> start_time;  ///< by which it is told from others that get its pid
};

ProcessState& process_state(const Object& object) {
    return object.header->state_as<ProcessState>();
}

std::int32_t pid_of(const Object& object) {
    return static_cast<std::int32_t>(process_state(object).pid.load());
}

bool has_ended(const Object& object) {
    return process_state(object).ended.load() != 0;
}

shared::UniqueFd opened(std::int32_t pid) {
    auto pidfd = pid > 0 ? pidfd_of(pid) : shared::UniqueFd();
    if (!pidfd && (pid <= 0 || errno == ESRCH || errno == EINVAL))
        throw Refusal(Errc::no_such_object, "there is no process " + std::to_string(pid));
    if (!pidfd)
        throw Refusal(Errc::busy, "process " + std::to_string(pid) +
                                      " cannot be watched: " + std::generic_category().message(errno));
    return pidfd;
}

}  // namespace

bool ProcessEnd::ready_for(const Object& object, const Claim&) const {
    return has_ended(object);
}

std::optional<std::uint8_t> ProcessEnd::want_among_several(shared::WaitMode mode, bool shared) const {
    return mode == shared::WaitMode::any && !shared ? std::optional<std::uint8_t>(0) : std::nullopt;
}

void ProcessEnd::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::encode_result(out, claim.request, proto::process::Wait::Result{.ended = grant.has_value()});
}

void ProcessEnd::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    const bool ended = has_ended(object);
    info.count = ended ? 1 : 0;
    info.state = "pid " + std::to_string(pid_of(object)) + (ended ? " has ended" : " lives");
}

/// It may have ended while nobody watched.
void ProcessEnd::taken_up(Daemon& daemon, const Object& object) const {
    if (has_ended(object))
        return;
    const auto pid = pid_of(object);
    const auto start_time = process_state(object).start_time.load();
    auto pidfd = pidfd_of(pid);
    if (pidfd && start_time_of(pid) == start_time)
        daemon.watched_processes.add(object.id(), {.uid = object.owner(), .pid = pid, .start_time = start_time},
                                     std::move(pidfd));
    else
        note_end_of_process(daemon, object);
}

void note_end_of_process(Daemon& daemon, const Object& object) {
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        mutation.store(process_state(object).ended, 1);
    }
    daemon.watches.note_later(object, "ended");
    daemon.waiting.advance(object);
    daemon.watches.settle();
}

std::string ProcessEnd::dumped_state(const Object&) const {
    throw std::logic_error("the end of a process is not dumped");
}

Object ProcessEnd::restore(const Restore&, proto::Packed) const {
    throw Refusal(Errc::invalid_argument, "the end of a process cannot be restored");
}

proto::process::Open::Result handle(Call& call, const proto::process::Open& message) {
    auto pidfd = opened(message.pid);
    auto& watched = call.daemon.watched_processes;
    const auto start_time = start_time_of(message.pid);
    const WatchedProcesses::Identity identity{.uid = call.session.uid, .pid = message.pid, .start_time = start_time};
    if (const auto known = watched.find(identity)) {
        const auto object = call.daemon.registry.find(*known).value();
        call.daemon.lifetimes.use(call.session, object);
        return {.object = object.id(), .created = call.happened.has_value()};
    }
    const auto object = call.daemon.registry.make_for_session(
        call, {.type = proto::ObjectType::process}, [&](shared::Mutation& mutation, const Object& made) {
            mutation.store(process_state(made).pid, static_cast<std::uint64_t>(message.pid));
            mutation.store(process_state(made).start_time, start_time);
        });
    watched.add(object.id(), identity, std::move(pidfd));
    return {.object = object.id(), .created = true};
}

void handle(Call& call, const proto::process::Wait& message) {
    const auto object = call.object(message.object, proto::ObjectType::process, Access::read);
    call.daemon.waiting.enter(call, object, call.claim(message.thread, message.where), message.timeout_ns);
}

proto::process::Status::Result handle(Call& call, const proto::process::Status& message) {
    const auto object = call.object(message.object, proto::ObjectType::process, Access::read);
    return {.pid = pid_of(object), .ended = has_ended(object)};
}

}  // namespace steward::daemon
