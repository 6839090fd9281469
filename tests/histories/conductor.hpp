#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/histories/client.hpp"
#include "tests/histories/history.hpp"
#include "tests/histories/log.hpp"
#include "tests/histories/subjects.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/shared_memory.hpp"

namespace steward::tests::histories {

/// What was done and what it took.
struct Figures {
    std::size_t rounds = 0;
    std::size_t calls = 0;
    std::size_t lost = 0;  ///< calls of which nobody knows whether they were carried out
    std::size_t kills = 0;
    std::size_t kills_in_mid_call = 0;
    std::size_t daemon_kills = 0;
    std::size_t daemon_kills_in_mid_call = 0;
    std::size_t stops = 0;
    std::size_t cuts = 0;
    std::size_t half_messages = 0;
    std::size_t sessions_ended = 0;
    std::uint64_t steps = 0;
    std::uint64_t longest_search = 0;
    std::chrono::nanoseconds checking{};
};

std::ostream& operator<<(std::ostream& out, const Figures& figures);

struct Rules {
    std::uint64_t seed = 0;
    std::chrono::milliseconds round{1000};
    bool may_lose_replies = false;  ///< else a call that throws not_connected is wrong
};

/// Clients that play for a while while they and their daemon are killed, stopped, cut off and restarted; and then what
/// they wrote down is checked.
class Round {
  public:
    Round(DaemonProcess& daemon, const Rules& rules, std::size_t number, Figures& figures);
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;

    /// What is wrong, for people; empty: nothing is.
    std::vector<std::string> run();

  private:
    struct Player {
        Client client = 0;
        Nanoseconds born = 0;
        std::optional<ChildProcess> process;
    };

    void play();
    void begin_life(std::size_t place);
    void disturb_until_the_end();
    void disturb();
    void kill_client(std::size_t place);
    void stop_client(std::size_t place);
    void stop_daemon();
    void kill_daemon();
    void restart_daemon();
    void cut_connection(std::size_t place);
    void send_half_a_message();
    void look_after_the_daemon();
    void look_after_the_ended();
    Nanoseconds last_call_of(std::size_t place) const;
    void bury(std::size_t place, Nanoseconds since);
    void end();
    void complain_of_stuck_calls();
    void await_burials();
    void settle();
    void check();
    void keep(const Subject& subject, const History& history) const;
    std::vector<Loss> losses() const;
    void check_losses(const std::vector<Call>& calls);
    std::vector<Call> calls() const;
    void complain(std::string what) { complaints_.push_back(std::move(what)); }

    unsigned pick(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(randomness_); }
    void pause(unsigned most_us);
    bool is_anybody_in_mid_call() const;

    DaemonProcess& daemon_;
    Rules rules_;
    std::string name_;
    Figures& figures_;
    std::uint64_t seed_;
    std::mt19937_64 randomness_{seed_};
    Manager manager_;
    SharedMemory<Log> log_;
    std::array<Player, number_of_places> players_;
    Client last_client_ = 0;
    std::vector<Death> deaths_;
    std::vector<Loss> losses_of_all_;
    Nanoseconds burial_ = never;
    std::vector<std::string> complaints_;
};

}  // namespace steward::tests::histories
