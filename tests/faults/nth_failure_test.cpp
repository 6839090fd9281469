#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include <steward/steward.hpp>

#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests::nth_failure_test {
namespace {

using namespace std::chrono_literals;

/// What a user does with objects of all types. An Error is an answer; anything else that is thrown is not.
class Scenario {
  public:
    explicit Scenario(const std::string& socket) : socket_(socket) {}

    /// Returns how many steps were refused.
    int run() {
        refused_ = 0;
        attempt([&] {
            const Manager manager({.socket = socket_, .connect_timeout = 5s, .reconnect_timeout = 10s});
            use_locks(manager);
            use_others(manager);
            use_containers(manager);
        });
        return refused_;
    }
    const std::string& last_refusal() const { return last_; }

  private:
    template <class F>
    void attempt(F&& step) {
        try {
            step();
        } catch (const Error& error) {
            ++refused_;
            last_ = error.what();
        }
    }

    template <class L>
    void take(L lock) {
        attempt([&] {
            const bool taken = [&] {
                if constexpr (requires { lock.acquire_for(5s); })
                    return static_cast<bool>(lock.acquire_for(5s));
                else
                    return lock.try_acquire_for(5s);
            }();
            if (taken)
                lock.release();
        });
    }

    void use_locks(const Manager& manager) {
        attempt([&] { take(manager.lock("lock")); });
        attempt([&] { take(manager.rlock("rlock")); });
        attempt([&] { take(manager.rwlock("rwlock")); });
        attempt([&] { take(manager.semaphore("semaphore", 2)); });
        attempt([&] { take(manager.bounded_semaphore("bounded", 2)); });
    }

    void use_others(const Manager& manager) {
        attempt([&] {
            auto event = manager.event("event");
            event.set();
            event.wait();
            event.clear();
        });
        attempt([&] { manager.barrier("barrier", 1).wait(); });
        attempt([&] {
            auto condition = manager.condition("condition");
            condition.lock();
            condition.notify_all();
            condition.release();
        });
        attempt([&] {
            auto queue = manager.queue("queue");
            queue.put(std::string(20'000, 'q'));
            queue.get_for(5s);
        });
    }

    void use_containers(const Manager& manager) {
        const std::string large(100'000, 'x');  // for which memory has to be obtained
        attempt([&] { manager.list("list").append(large); });
        attempt([&] { manager.dict("dict").set("k", large); });
        attempt([&] { manager.set("set").add("v"); });
        attempt([&] { manager.name_space("namespace").set("k", 1); });
        attempt([&] { manager.value("value", Any(1)).set(large); });
        attempt([&] { manager.array<double>("array", 100).fill(1.0); });
        attempt([&] { manager.list("list").clear(); });
    }

    std::string socket_;
    std::string last_;
    int refused_ = 0;
};

/// As tests/failing_calls has it.
struct Countdown {
    std::atomic<std::uint64_t> left;
    std::atomic<std::uint64_t> calls;
};

/// One call of a function is to fail, in processes that load the library.
class FailingCall {
  public:
    explicit FailingCall(std::string name) : name_(std::move(name)) {
        const shared::UniqueFd file(::open(path().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!file || ::ftruncate(file.get(), sizeof(Countdown)) != 0)
            throw std::runtime_error("no file for the countdown");
        countdown_ = static_cast<Countdown*>(
            ::mmap(nullptr, sizeof(Countdown), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0));
    }
    FailingCall(const FailingCall&) = delete;
    FailingCall& operator=(const FailingCall&) = delete;
    ~FailingCall() { ::munmap(countdown_, sizeof(Countdown)); }

    /// In the child, before it becomes another program.
    void load() const {
        ::setenv("LD_PRELOAD", FAILING_CALLS_PATH, 1);
        ::setenv("STEWARD_FAILING_CALL", name_.c_str(), 1);
        ::setenv("STEWARD_FAILING_FILE", path().c_str(), 1);
    }
    void fail_at(std::uint64_t call) { countdown_->left = call; }
    bool has_failed() const { return countdown_->left == 0; }
    std::uint64_t calls() const { return countdown_->calls; }

  private:
    std::string path() const { return folder_.path() / "countdown"; }

    TemporaryFolder folder_;
    std::string name_;
    Countdown* countdown_ = nullptr;
};

class NthFailure : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        if (is_sanitized)
            GTEST_SKIP() << "the sanitizer replaces functions itself and has to be loaded first";
    }
    static constexpr std::uint64_t more_than_there_are = 5000;

    FailingCall call_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(, NthFailure, testing::Values("posix_fallocate", "mmap", "send", "accept", "open"),
                         [](const auto& name) { return std::string(name.param); });

TEST_P(NthFailure, OfTheDaemonIsAnErrorOrARetryAndThenEverythingWorks) {
    std::uint64_t nth = 1;
    for (bool failed = true; failed && nth < more_than_there_are && !HasFailure(); ++nth) {
        SCOPED_TRACE("call " + std::to_string(nth));
        call_.fail_at(nth);
        std::unique_ptr<DaemonProcess> daemon;
        try {
            daemon = std::make_unique<DaemonProcess>(DaemonProcess::Settings{.before_exec = [this] { call_.load(); }});
        } catch (const std::runtime_error&) {  // it has said why and ended; the next one starts
            EXPECT_TRUE(call_.has_failed());
            continue;
        }
        Scenario scenario(daemon->socket());
        scenario.run();
        failed = call_.has_failed();
        call_.fail_at(0);
        EXPECT_EQ(scenario.run(), 0) << scenario.last_refusal();
        EXPECT_EQ(daemon->terminate(), 0);
    }
    EXPECT_GT(nth, 2U) << "none has failed";
    RecordProperty("calls", static_cast<int>(nth) - 2);
}

/// Runs where it is called by the test below, in a process that has loaded the library.
TEST(NthFailureScenario, Runs) {
    const char* socket = std::getenv("STEWARD_SCENARIO_SOCKET");
    if (socket == nullptr)
        GTEST_SKIP() << "is a part of NthFailure";
    Scenario(socket).run();
}

TEST_P(NthFailure, OfAClientIsAnErrorOrARetryAndThenEverythingWorks) {
    if (const std::string name = GetParam(); name == "accept" || name == "posix_fallocate")
        GTEST_SKIP() << "clients do not call it";
    const DaemonProcess daemon;
    std::uint64_t nth = 1;
    for (bool failed = true; failed && nth < more_than_there_are && !HasFailure(); ++nth) {
        SCOPED_TRACE("call " + std::to_string(nth));
        call_.fail_at(nth);
        ChildProcess client([&] {
            call_.load();
            ::setenv("STEWARD_SCENARIO_SOCKET", daemon.socket().c_str(), 1);
            ::execl("/proc/self/exe", "faults", "--gtest_filter=NthFailureScenario.Runs", "--gtest_brief=1", nullptr);
            return 127;
        });
        EXPECT_EQ(client.wait(), 0);
        failed = call_.has_failed();
        Scenario another(daemon.socket());
        EXPECT_EQ(another.run(), 0) << another.last_refusal();
    }
    RecordProperty("calls", static_cast<int>(nth) - 2);
}

}  // namespace
}  // namespace steward::tests::nth_failure_test
