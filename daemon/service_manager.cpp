#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <systemd/sd-daemon.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include "daemon/daemon.hpp"

namespace steward::daemon {
namespace {

constexpr std::string_view socket_name = "steward";
constexpr bool keep_environment = false;
constexpr bool forget_environment = true;  ///< it is not for the processes that the daemon knows nothing of

[[noreturn]] void refuse(int fd, const std::string& why) {
    throw WrongSocket("the service manager has handed over descriptor " + std::to_string(fd) + ", which " + why);
}

struct FreeNames {
    void operator()(char** names) const noexcept {
        for (char** name = names; name != nullptr && *name != nullptr; ++name)
            std::free(*name);
        std::free(static_cast<void*>(names));
    }
};

/// Owns all that were handed over, so that those which are not used are closed.
struct HandedOver {
    std::vector<shared::UniqueFd> descriptors;
    std::vector<std::string> names;
};

HandedOver take_handed_over() {
    char** raw = nullptr;
    const int count = sd_listen_fds_with_names(forget_environment, &raw);
    const std::unique_ptr<char*, FreeNames> names(raw);
    if (count < 0)
        throw std::system_error(-count, std::generic_category(), "$LISTEN_FDS");
    HandedOver all;
    for (int i = 0; i < count; ++i) {
        all.descriptors.emplace_back(SD_LISTEN_FDS_START + i);
        all.names.emplace_back(raw[i]);
    }
    return all;
}

std::filesystem::path path_of(int fd) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        refuse(fd, "has no address: " + std::generic_category().message(errno));
    const auto bytes = size - offsetof(sockaddr_un, sun_path);
    if (bytes == 0 || address.sun_path[0] == '\0')
        refuse(fd, "has no path; the memory of an instance is found beside it");
    return std::string(address.sun_path, ::strnlen(address.sun_path, bytes));
}

InheritedSocket checked(shared::UniqueFd fd) {
    constexpr int listening = 1;
    if (sd_is_socket(fd.get(), AF_UNIX, SOCK_STREAM, listening) <= 0)
        refuse(fd.get(), "is no Unix stream socket that listens (ListenStream=)");
    auto path = path_of(fd.get());
    if (!std::filesystem::is_socket(path))
        throw WrongSocket("the service manager listens at " + path.string() +
                          ", where this process sees no socket, and so could not keep beside it which memory is its "
                          "own; the service has a root of its own, so add the folder to its unit: BindPaths=" +
                          path.parent_path().string());
    return {.fd = std::move(fd), .path = std::move(path)};
}

}  // namespace

std::optional<InheritedSocket> take_inherited_socket() {
    auto all = take_handed_over();
    if (all.descriptors.empty())
        return std::nullopt;
    for (std::size_t i = 0; i < all.names.size(); ++i)
        if (all.names[i] == socket_name || all.names.size() == 1)
            return checked(std::move(all.descriptors[i]));
    throw WrongSocket("the service manager has handed over " + std::to_string(all.names.size()) +
                      " sockets, none of them called " + std::string(socket_name) + " (FileDescriptorName=)");
}

void ServiceManager::tell(const std::string& state) const {
    if (serves_)
        sd_notify(keep_environment, state.c_str());
}

void ServiceManager::ready(const std::string& status) {
    tell("READY=1\nSTATUS=" + status);
    std::uint64_t timeout_us = 0;
    if (!serves_ || watchdog_interval_.count() != 0 || sd_watchdog_enabled(keep_environment, &timeout_us) <= 0)
        return;
    watchdog_interval_ = std::chrono::microseconds(timeout_us / 2);  // as sd_watchdog_enabled(3) says
    feed_watchdog();
}

void ServiceManager::reloading() {
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_now_ns() / 1'000));
}

void ServiceManager::stopping(const std::string& why) {
    tell("STOPPING=1\nSTATUS=stopping: " + why);
}

void ServiceManager::feed_watchdog() {
    tell("WATCHDOG=1");
    timer_.expires_after(watchdog_interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            feed_watchdog();
    });
}

}  // namespace steward::daemon
