#include "client/cli/daemon.hpp"

#include <algorithm>

#include "client/cli/outer_session.hpp"
#include "client/src/socket_path.hpp"

namespace steward::cli {
namespace {

/// In the name of the `run` that this process runs under. That may have ended, or the daemon have begun afresh: then in
/// its own name.
Manager connect(ManagerOptions options) {
    options.in_name_of = outer_session(options.socket);
    try {
        return Manager(options);
    } catch (const Error& error) {
        if (options.in_name_of == 0 || error.code() != errc::invalid_argument)
            throw;
    }
    options.in_name_of = 0;
    return Manager(options);
}

}  // namespace

Manager& Daemon::manager() {
    if (!manager_)
        manager_.emplace(connect({.socket = detail::find_socket(socket_), .client_name = "steward"}));
    return *manager_;
}

Watch Daemon::watch(const std::string& subject) {
    const auto objects = manager().objects(subject);
    const auto same = std::ranges::find(objects, subject, &ObjectInfo::name);
    return same == objects.end() ? manager().watch(subject) : manager().watch(same->id);
}

std::string Daemon::socket() {
    return manager().socket().string();
}

}  // namespace steward::cli
