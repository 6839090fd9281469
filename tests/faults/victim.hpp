#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <concepts>
#include <csignal>
#include <cstddef>
#include <future>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <steward/steward.hpp>

#include "tests/support/background.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {

/// A client process that is to die. It does something by a session of its own and stays where that brings it: in a wait
/// or, when it is done, asleep. What the deed returns it keeps.
class Victim {
  public:
    template <std::invocable<Manager&> Deed>
    Victim(const std::string& socket, Deed deed)
        : process_([&]() -> int {
              Manager own({.socket = socket, .client_name = "victim"});
              if constexpr (std::is_void_v<std::invoke_result_t<Deed&, Manager&>>) {
                  deed(own);
                  stay();
              } else {
                  [[maybe_unused]] const auto kept = deed(own);
                  stay();
              }
          }) {}

    pid_t pid() const { return process_.pid(); }

    /// Waits until it has done what it does.
    void comes_to_its_end() const { done_.pass(); }

    /// Killed, and gone for the kernel. The daemon learns of it when it comes to that.
    void dies() { process_.kill(); }

    void stops() const { process_.send(SIGSTOP); }
    void goes_on() const { process_.send(SIGCONT); }

  private:
    [[noreturn]] void stay() const {
        done_.open();
        for (;;)
            ::pause();
    }

    Gate done_;
    ChildProcess process_;
};

/// A thread that waits for something, and what it gets. Where that does not come, the daemon is killed for it, so that
/// the test fails and ends.
template <class T>
class Survivor {
  public:
    Survivor(std::future<T> outcome, DaemonProcess& daemon) : outcome_(std::move(outcome)), daemon_(&daemon) {}
    Survivor(Survivor&&) noexcept = default;
    Survivor& operator=(Survivor&&) = delete;
    ~Survivor() { wait(); }

    /// Throws where the watchdog barks first.
    T get() {
        wait();
        return outcome_.get();
    }

  private:
    void wait() {
        if (!outcome_.valid() || outcome_.wait_for(watchdog) == std::future_status::ready)
            return;
        ADD_FAILURE() << "a survivor waits in vain";
        daemon_->kill();
    }

    std::future<T> outcome_;
    DaemonProcess* daemon_;
};

/// A real daemon with clients that die. `manager_` is the survivors', who look at what is left.
class Deaths : public testing::Test {
  protected:
    Manager connect() const { return Manager({.socket = daemon_.socket(), .client_name = "survivor"}); }

    static bool is_of(const std::vector<AgentInfo>& agents, pid_t pid) {
        return std::ranges::find(agents, pid, &AgentInfo::pid) != agents.end();
    }

    /// A process that has done something.
    template <class Deed>
    Victim victim_that_did(Deed deed) const {
        Victim victim(daemon_.socket(), std::move(deed));
        victim.comes_to_its_end();
        return victim;
    }

    /// A process that waits for the object.
    template <class Deed>
    Victim victim_that_waits(const Object& object, Deed deed) const {
        Victim victim(daemon_.socket(), std::move(deed));
        EXPECT_TRUE(eventually([&] { return is_of(object.info().waiters, victim.pid()); })) << object.name();
        return victim;
    }

    /// A thread of this process that waits for the object, by a session of its own, and what it gets.
    template <class Get>
    auto survivor_that_waits(const Object& object, Get get) {
        const auto before = object.info().waiters.size();
        Survivor survivor(in_background([this, get] {
                              auto own = connect();
                              return get(own);
                          }),
                          daemon_);
        EXPECT_TRUE(waiters_become(object, before + 1));
        return survivor;
    }

    static bool waiters_become(const Object& object, std::size_t count) {
        return eventually([&] { return object.info().waiters.size() == count; });
    }

    /// The daemon has noticed a death and forgets the dead.
    bool is_forgotten(pid_t pid) const {
        return eventually([&] {
            return std::ranges::none_of(manager_.sessions(), [=](const auto& session) { return session.pid == pid; });
        });
    }

    /// Kills it and waits until the daemon has noticed. Nobody lists it any more.
    void die(Victim& victim) const {
        victim.dies();
        EXPECT_TRUE(is_forgotten(victim.pid()));
        expect_no_trace_of(victim.pid());
    }

    void expect_no_trace_of(pid_t pid) const {
        for (const auto& listed : manager_.objects()) {
            EXPECT_FALSE(is_of(listed.holders, pid)) << listed.name << " has a dead holder";
            EXPECT_FALSE(is_of(listed.waiters, pid)) << listed.name << " has a dead waiter";
        }
    }

    void expect_nobody_waits() const {
        for (const auto& listed : manager_.objects())
            EXPECT_TRUE(listed.waiters.empty()) << listed.name;
    }

    DaemonProcess daemon_;
    Manager manager_ = connect();
};

}  // namespace steward::tests
