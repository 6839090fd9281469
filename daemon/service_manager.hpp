#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// A socket that a service manager listens at and hands over when the daemon starts (sd_listen_fds(3)).
struct InheritedSocket {
    shared::UniqueFd fd;
    std::filesystem::path path;
};

/// What was handed over is no socket to serve at; the units have to be changed.
class WrongSocket : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The one that is called `steward` (FileDescriptorName=), or the only one. Nothing: the daemon was started otherwise.
/// To be called once. Throws WrongSocket where it is no listening Unix stream socket with a path that this process
/// sees.
std::optional<InheritedSocket> take_inherited_socket();

/// Tells the service manager that has started the daemon how it does (sd_notify(3)); nothing where none has. While the
/// event loop runs it feeds the manager's watchdog: a loop that hangs is killed, and the next daemon goes on from the
/// memory.
class ServiceManager {
  public:
    /// `serves`: false: a program has started the daemon for itself, and the manager's environment is that program's.
    ServiceManager(boost::asio::io_context& loop, bool serves) : serves_(serves), timer_(loop) {}

    void ready(const std::string& status);
    void reloading();  ///< until it is ready() again
    void stopping(const std::string& why);

  private:
    void tell(const std::string& state) const;
    void feed_watchdog();

    bool serves_;
    boost::asio::steady_timer timer_;
    std::chrono::microseconds watchdog_interval_{};  ///< 0: there is none, or it is not fed yet
};

}  // namespace steward::daemon
