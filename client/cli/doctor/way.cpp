#include "client/cli/doctor/way.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

#include "client/cli/display_text.hpp"
#include "client/cli/error_report.hpp"
#include "client/src/client.hpp"
#include "client/src/socket_path.hpp"
#include "shared/unique_fd.hpp"

namespace steward::cli::doctor {
namespace {

/// A daemon that is well answers within a millisecond, and one of a machine that is very busy within this.
constexpr auto longest_wait = std::chrono::seconds(1);

constexpr const char* start_it = "start one: `systemctl start stewardd.socket`, or `stewardd --socket PATH`";

std::string message_of(int code) {
    return std::generic_category().message(code);
}

std::string group_text(gid_t gid) {
    const auto* group = ::getgrgid(gid);
    return group == nullptr ? std::to_string(gid) : group->gr_name;
}

std::string permissions_text(const struct stat& status) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", status.st_mode & 07777U);
    return "mode " + std::string(mode) + " of " + user_text(status.st_uid) + ":" + group_text(status.st_gid);
}

std::string me() {
    return user_text(::geteuid());
}

/// Where the folder or file belongs to a group, one joins it; else only its owner can help.
std::string how_to_be_let_in(const struct stat& status, unsigned bits_of_group) {
    if ((status.st_mode & bits_of_group) == bits_of_group)
        return "join its group, `usermod --append --groups " + group_text(status.st_gid) + " " + me() +
               "` as root, and log in again";
    return "its owner has to let you in by its mode; or use a daemon of your own";
}

/// The first folder on the way that may not be entered.
Finding refused_on_the_way(const std::filesystem::path& path) {
    std::filesystem::path folder;
    for (const auto& part : std::filesystem::absolute(path).parent_path()) {
        folder /= part;
        struct stat status {};
        if (::stat(folder.c_str(), &status) == 0 && ::access(folder.c_str(), X_OK) != 0)
            return {"socket", Verdict::bad,
                    me() + " may not enter " + folder.string() + ", " + permissions_text(status),
                    how_to_be_let_in(status, S_IXGRP)};
    }
    return {"socket", Verdict::bad, path.string() + ": " + message_of(EACCES), "look at the folders above it"};
}

/// 0, or why it does not accept.
int connect_once(const std::filesystem::path& path, pid_t& listener) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path)
        return ENAMETOOLONG;
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    const shared::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return errno;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        listener = peer.pid;
    return 0;
}

Finding finding_of_connect(const std::filesystem::path& path, const struct stat& status, int failure) {
    const auto where = path.string() + ", " + permissions_text(status);
    switch (failure) {
        case 0: return {"socket", Verdict::good, where};
        case EACCES:
            return {"socket", Verdict::bad, me() + " may not write to " + where, how_to_be_let_in(status, S_IWGRP)};
        case ECONNREFUSED:
            return {"socket", Verdict::bad,
                    "nobody listens at " + path.string() + ": it was left by a daemon that ended",
                    "start the daemon again, which takes its place and goes on with its objects"};
        case EAGAIN:
            return {"socket", Verdict::bad,
                    "nobody accepts at " + path.string() + ", where as many wait as there is room for",
                    "its daemon hangs or is stopped: `ps -o pid,stat,cmd -C stewardd`"};
        default:
            return {"socket", Verdict::bad, path.string() + ": " + message_of(failure),
                    "name the socket of a daemon by --socket"};
    }
}

/// The letter that ps(1) shows; '?' where there is no such process to be seen.
char state_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(") ");
    return name_end == std::string::npos ? '?' : text[name_end + 2];
}

Finding does_not_answer(const Socket& socket, const std::string& what) {
    const auto pid = std::to_string(socket.listener);
    if (socket.listener > 1 && state_of(socket.listener) == 'T')
        return {"daemon", Verdict::bad,
                "process " + pid + ", which listens at " + socket.path.string() + ", is stopped",
                "let it go on: `kill -CONT " + pid + "`"};
    return {"daemon", Verdict::bad, "connections are accepted at " + socket.path.string() + ", but " + what,
            "see its log (`journalctl -u stewardd`); `kill -ABRT` of its process leaves a report there"};
}

Finding cannot_be_used(const Error& error, const Socket& socket) {
    if (error.code() == errc::not_connected)
        return does_not_answer(socket, error.detail());
    return {"daemon", Verdict::bad, report(error).sentence, advice_for(error)};
}

}  // namespace

std::string advice_for(const Error& error) {
    if (error.code() == errc::version_mismatch)
        return "install the same version of daemon, command and library";
    if (error.code() == errc::no_memory)
        return "`steward ls`, as root, shows what is there; or raise `memory-limit` in the configuration and `steward reload`";
    return "see its log (`journalctl -u stewardd`)";
}

Socket look_at_socket(const std::string& given) {
    Socket socket;
    try {
        socket.path = detail::find_socket(given);
    } catch (const Error& error) {
        socket.finding = {"socket", Verdict::bad, error.detail(), std::string(start_it) + "; or name it by --socket"};
        return socket;
    }
    struct stat status {};
    if (::lstat(socket.path.c_str(), &status) != 0) {
        socket.finding = errno == EACCES ? refused_on_the_way(socket.path)
                                         : Finding{"socket", Verdict::bad,
                                                   socket.path.string() + ": " + message_of(errno), start_it};
    } else if (!S_ISSOCK(status.st_mode)) {
        socket.finding = {"socket", Verdict::bad, socket.path.string() + " is no socket",
                          "name the socket of a daemon by --socket"};
    } else {
        const int failure = connect_once(socket.path, socket.listener);
        socket.accepts = failure == 0;
        socket.finding = finding_of_connect(socket.path, status, failure);
    }
    return socket;
}

Finding judge(const proto::daemon::Status::Result& status) {
    const std::string ours = STEWARD_VERSION;
    const auto theirs = "version " + status.version + ", process " + std::to_string(status.pid) + ", instance " +
                        status.instance + ", up for " + age_text(std::chrono::milliseconds(status.uptime_ms));
    if (status.version == ours)
        return {"daemon", Verdict::good, theirs};
    return {"daemon", Verdict::warning, theirs + "; this command is of version " + ours,
            "install the same version of both, and restart the daemon: objects and what is held outlive that"};
}

proto::daemon::Status::Result status_of(const Manager& manager) {
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    return *detail::Reply<proto::daemon::Status>(manager.client()->connection(), {}, detail::Patience(deadline));
}

Session open_session(const Socket& socket) {
    Session session;
    try {
        session.manager.emplace(ManagerOptions{.socket = socket.path,
                                               .client_name = "steward doctor",
                                               .connect_timeout = longest_wait,
                                               .reconnect_timeout = std::chrono::seconds(0)});
        session.status = status_of(*session.manager);
        session.finding = judge(session.status);
        if (session.status.version.empty()) {
            session.manager.reset();
            session.finding = does_not_answer(
                socket, "the daemon does not answer within " + std::to_string(longest_wait.count()) + " s");
        }
    } catch (const Error& error) {
        session.manager.reset();
        session.finding = cannot_be_used(error, socket);
    }
    return session;
}

}  // namespace steward::cli::doctor
