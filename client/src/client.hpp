#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "client/src/connection.hpp"
#include "client/src/uses.hpp"

namespace steward::detail {

/// What all copies of a Manager and all its proxies share: the way to the daemon, and this process's connection.
///
///     Connection& connection = manager.client()->connection();
///
/// Thread-safe, and safe across fork(): the child makes a connection of its own when it first asks for one, and never
/// touches its parent's but for closing the inherited descriptor.
class Client {
  public:
    struct Options {
        std::filesystem::path socket;
        std::string client_name;
        std::chrono::nanoseconds connect_timeout{};
        std::uint32_t in_name_of = 0;
        bool lock_order_warnings = false;
        bool shared_words = true;
        bool shared_reads = true;
    };

    /// Connects. Throws not_connected.
    explicit Client(Options options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The connection of this process. Throws not_connected in a forked child that cannot make one. The first thing
    /// that a child's session does is to use what the handles that it inherited keep in use.
    Connection& connection();

    Uses& uses() noexcept { return *uses_; }

    /// Tells the daemon that a thread of this process has ended; nothing where this process has no connection. Neither
    /// fails nor waits.
    void end_thread(std::uint32_t thread) noexcept;

    const std::filesystem::path& socket() const noexcept { return options_.socket; }
    const Options& options() const noexcept { return options_; }

    LockOrderListener& lock_order() noexcept { return lock_order_; }

    /// Keeps something alive for as long as the client: what a private daemon needs.
    void keep(std::shared_ptr<void> companion) { companion_ = std::move(companion); }

  private:
    struct Incarnation;

    Incarnation& incarnation();
    Connection* connection_if_any() noexcept;

    std::shared_ptr<void> companion_;
    Options options_;
    LockOrderListener lock_order_;
    const std::shared_ptr<Uses> uses_;
    std::atomic<Incarnation*> incarnation_;
};

}  // namespace steward::detail
