#include "daemon/daemon_requests.hpp"

#include <unistd.h>

#include <string>

#include "daemon/version.hpp"

namespace steward::daemon {

proto::daemon::Status::Result handle(Call& call, const proto::daemon::Status&) {
    const auto& daemon = call.daemon;
    proto::daemon::Status::Result status;
    status.version = version;
    status.pid = ::getpid();
    status.instance = daemon.instance();
    status.uptime_ms = static_cast<std::int64_t>((daemon.now_ns - daemon.started_ns) / 1'000'000);
    status.sessions = daemon.sessions.all().size();
    status.objects = daemon.registry.size();
    status.waiters = daemon.waiting.size();
    status.requests = daemon.requests;
    status.refusals = daemon.refusals;
    status.domains = daemon.domains.all().size();
    for (const auto& domain : daemon.domains.all()) {
        const auto usage = domain->heap().usage();
        status.memory_used_bytes += usage.obtained_bytes - usage.free_bytes;
    }
    status.memory_obtained_bytes = daemon.domains.budget().used_bytes();
    status.memory_limit_bytes = daemon.domains.budget().limit_bytes();
    return status;
}

proto::daemon::Reload::Result handle(Call& call, const proto::daemon::Reload&) {
    if (call.session.uid != 0 && call.session.uid != ::geteuid())
        throw proto::Refusal(proto::Errc::no_permission,
                             "uid " + std::to_string(call.session.uid) +
                                 " may not have the daemon read its configuration again; root and uid " +
                                 std::to_string(::geteuid()) + " may");
    return call.daemon.reload();
}

}  // namespace steward::daemon
