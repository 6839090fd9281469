// Uses every object type, round after round, and accounts for each round in the end. `boot` runs it against the
// packaged daemon, as users do, while that is restarted, killed and left hanging.
//
//     every_type make PREFIX MODE      makes one object of each type, and what it needs, with the octal mode
//     every_type use PREFIX...         uses those objects, each type with a thread of its own, until SIGTERM; prints
//                                      "PREFIX TYPE ROUNDS" for each, and in the end the longest round
//     every_type goes_on PREFIX...     waits until each of the objects has been used a few times more
//     every_type account PREFIX...     compares the sum of the lines of standard input with what the objects say

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <steward/steward.hpp>

#include "proto/object_type.hpp"

namespace {

using namespace std::chrono_literals;
using steward::proto::ObjectType;
using Clock = std::chrono::steady_clock;

constexpr auto pace = 4ms;       // between two rounds of a thread, so that the daemon is not all that is busy
constexpr auto patience = 45s;   // of whoever waits for others
constexpr long enough_more = 3;  // rounds

/// How the objects of one prefix are opened. Only `make` makes one: elsewhere a missing object is a lost one.
struct Place {
    std::string prefix;
    steward::OpenMode open_mode = steward::OpenMode::open_only;
    std::uint16_t mode = 0;

    std::string operator/(std::string_view name) const { return prefix + '/' + std::string(name); }

    template <class Options>
    Options options() const {
        Options options;
        options.open_mode = open_mode;
        options.mode = mode;
        return options;
    }
};

void expect(bool holds, std::string_view what) {
    if (!holds)
        throw std::runtime_error(std::string(what));
}

/// One object, and a value that counts what was done by it.
class Use {
  public:
    Use(const steward::Manager& manager, const Place& place, std::string_view type)
        : rounds_(manager, place / (std::string(type) + ".rounds"), 0, place.options<steward::ValueOptions>()) {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    virtual ~Use() = default;

    virtual void make() {}  ///< what is to be done once
    virtual void use() = 0;
    virtual void check(long) const {}  ///< what the object says after so many rounds, when nobody uses it

    long rounds() const { return rounds_.get(); }

  protected:
    void count() { rounds_.fetch_add(1); }
    /// Only one may do so at a time, or some are lost.
    void count_alone() { rounds_.set(rounds_.get() + 1); }

  private:
    steward::Value<long> rounds_;
};

/// Excludes the others.
template <class T, class Options>
class Exclusion : public Use {
  public:
    Exclusion(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), object_(manager, place / type, place.options<Options>()) {}

    void use() override {
        object_.acquire();
        count_alone();
        object_.release();
    }
    void check(long) const override { expect(!object_.locked(), "it is held, and nobody uses it"); }

  protected:
    T& object() { return object_; }

  private:
    T object_;
};

using UseOfLock = Exclusion<steward::Lock, steward::LockOptions>;

class UseOfRLock : public Exclusion<steward::RLock, steward::RLockOptions> {
  public:
    using Exclusion::Exclusion;

    void use() override {
        object().acquire();
        Exclusion::use();
        object().release();
    }
};

class UseOfRWLock : public Exclusion<steward::RWLock, steward::RWLockOptions> {
  public:
    using Exclusion::Exclusion;

    void use() override {
        object().acquire_shared();
        const auto before = rounds();
        expect(rounds() == before, "somebody has written while another one read");
        object().release_shared();
        Exclusion::use();
    }
};

class UseOfCondition : public Exclusion<steward::Condition, steward::ConditionOptions> {
  public:
    using Exclusion::Exclusion;

    void use() override {
        object().acquire();
        object().wait_for(1ms);
        count_alone();
        object().notify_all();
        object().release();
    }
};

template <class T, class Options, std::ptrdiff_t permits>
class UseOfPermits : public Use {
  public:
    UseOfPermits(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), semaphore_(manager, place / type, permits, options(place)) {}

    void use() override {
        semaphore_.acquire();
        if constexpr (permits == 1)
            count_alone();
        else
            count();
        semaphore_.release();
    }
    void check(long) const override { expect(semaphore_.value() == permits, "permits are lost, or too many"); }

  private:
    static Options options(const Place& place) {
        auto options = place.options<Options>();
        options.recover = true;
        return options;
    }

    T semaphore_;
};

using UseOfSemaphore = UseOfPermits<steward::Semaphore, steward::SemaphoreOptions, 2>;
using UseOfBoundedSemaphore = UseOfPermits<steward::BoundedSemaphore, steward::BoundedSemaphoreOptions, 1>;

/// Whom it lets through sets it for the next one.
class UseOfEvent : public Use {
  public:
    UseOfEvent(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), event_(manager, place / type, options(place)) {}

    void make() override { event_.set(); }
    void use() override {
        event_.wait();
        count_alone();
        event_.set();
    }
    void check(long) const override { expect(event_.is_set(), "it is not set any more"); }

  private:
    static steward::EventOptions options(const Place& place) {
        auto options = place.options<steward::EventOptions>();
        options.auto_reset = true;
        return options;
    }

    steward::Event event_;
};

/// Each round brings two, so that nobody is left alone in the end.
class UseOfBarrier : public Use {
  public:
    UseOfBarrier(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), barrier_(manager, place / type, 2, place.options<steward::BarrierOptions>()) {}

    void use() override {
        std::exception_ptr failure;
        {
            const std::jthread other([&] {
                try {
                    pass();
                } catch (...) {
                    failure = std::current_exception();
                }
            });
            pass();
        }
        if (failure)
            std::rethrow_exception(failure);
    }
    void check(long) const override { expect(!barrier_.broken() && barrier_.n_waiting() == 0, "it is not whole"); }

  private:
    void pass() {
        if (barrier_.wait() == 0)
            count();
    }

    steward::Barrier barrier_;
};

class UseOfQueue : public Use {
  public:
    UseOfQueue(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), queue_(manager, place / type, 8, place.options<steward::QueueOptions>()) {}

    void use() override {
        queue_.put(1);
        expect(queue_.get() == 1, "it gives what nobody has put");
        queue_.task_done();
        count();
    }
    void check(long) const override { expect(queue_.empty() && queue_.join_for(0s), "items are left"); }

  private:
    steward::Queue<long> queue_;
};

class UseOfList : public Use {
  public:
    UseOfList(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), list_(manager, place / type, {}, place.options<steward::ListOptions>()) {}

    void use() override {
        list_.append(::getpid());
        count();
    }
    void check(long rounds) const override {
        expect(list_.size() == static_cast<std::size_t>(rounds), "elements are lost, or too many");
    }

  private:
    steward::List<long> list_;
};

class UseOfDict : public Use {
  public:
    UseOfDict(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), dict_(manager, place / type, {}, place.options<steward::DictOptions>()) {}

    void use() override {
        dict_.increment("rounds", 1);
        count();
    }
    void check(long rounds) const override { expect(dict_.at("rounds") == rounds, "increments are lost, or too many"); }

  private:
    steward::Dict<std::string, long> dict_;
};

class UseOfNamespace : public Use {
  public:
    UseOfNamespace(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type),
          name_space_(manager, place / type, {{"rounds", steward::Any(0)}},
                      place.options<steward::NamespaceOptions>()) {}

    void use() override {
        auto expected = name_space_.get<long>("rounds");
        while (!name_space_.compare_exchange("rounds", expected, expected + 1)) {
        }
        count();
    }
    void check(long rounds) const override {
        expect(name_space_.get<long>("rounds") == rounds, "changes are lost, or too many");
    }

  private:
    steward::Namespace name_space_;
};

class UseOfValue : public Use {
  public:
    UseOfValue(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), value_(manager, place / type, 0, place.options<steward::ValueOptions>()) {}

    void use() override {
        value_.fetch_add(1);
        count();
    }
    void check(long rounds) const override { expect(value_.get() == rounds, "additions are lost, or too many"); }

  private:
    steward::Value<long> value_;
};

class UseOfArray : public Use {
  public:
    UseOfArray(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), array_(manager, place / type, 2, place.options<steward::ArrayOptions>()) {}

    void use() override {
        array_.fetch_add(1, 1);
        count();
    }
    void check(long rounds) const override { expect(array_.at(1) == rounds, "additions are lost, or too many"); }

  private:
    steward::Array<long> array_;
};

class UseOfSet : public Use {
  public:
    UseOfSet(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), set_(manager, place / type, {}, place.options<steward::SetOptions>()) {}

    void use() override {
        expect(set_.add(std::to_string(::getpid()) + '/' + std::to_string(++added_)), "it has what nobody has added");
        count();
    }
    void check(long rounds) const override {
        expect(set_.size() == static_cast<std::size_t>(rounds), "members are lost, or too many");
    }

  private:
    steward::Set<std::string> set_;
    long added_ = 0;
};

/// A process has no name and no maker.
class UseOfProcess : public Use {
  public:
    UseOfProcess(const steward::Manager& manager, const Place& place, std::string_view type)
        : Use(manager, place, type), manager_(manager) {}

    void use() override {
        char program[] = "sleep";
        char how_long[] = "1000";
        char* const arguments[] = {program, how_long, nullptr};
        ::pid_t pid = 0;
        expect(::posix_spawnp(&pid, program, nullptr, nullptr, arguments, environ) == 0, "sleep cannot be started");
        const steward::Process process(manager_, pid);
        const bool ended = process.ended();
        ::kill(pid, SIGKILL);
        process.wait();
        ::waitpid(pid, nullptr, 0);
        expect(!ended, "it was told to have ended while it ran");
        count();
    }

  private:
    steward::Manager manager_;
};

struct UseOfType {
    ObjectType type;
    std::unique_ptr<Use> (*open)(const steward::Manager&, const Place&, std::string_view type);
};

template <class T>
constexpr UseOfType how_to_use(ObjectType type) {
    return {type, [](const steward::Manager& manager, const Place& place, std::string_view name) {
                return std::unique_ptr<Use>(std::make_unique<T>(manager, place, name));
            }};
}

/// Whoever adds a type says here how it is used.
constexpr std::array uses{
    how_to_use<UseOfLock>(ObjectType::lock),
    how_to_use<UseOfSemaphore>(ObjectType::semaphore),
    how_to_use<UseOfEvent>(ObjectType::event),
    how_to_use<UseOfList>(ObjectType::list),
    how_to_use<UseOfDict>(ObjectType::dict),
    how_to_use<UseOfValue>(ObjectType::value),
    how_to_use<UseOfRLock>(ObjectType::rlock),
    how_to_use<UseOfRWLock>(ObjectType::rwlock),
    how_to_use<UseOfBoundedSemaphore>(ObjectType::bounded_semaphore),
    how_to_use<UseOfCondition>(ObjectType::condition),
    how_to_use<UseOfBarrier>(ObjectType::barrier),
    how_to_use<UseOfQueue>(ObjectType::queue),
    how_to_use<UseOfProcess>(ObjectType::process),
    how_to_use<UseOfNamespace>(ObjectType::name_space),
    how_to_use<UseOfArray>(ObjectType::array),
    how_to_use<UseOfSet>(ObjectType::set),
};
static_assert(std::ranges::all_of(steward::proto::object_types,
                                  [](const auto& entry) {
                                      return std::ranges::count(uses, entry.type, &UseOfType::type) == 1;
                                  }),
              "a type is missing here");

struct Opened {
    std::string prefix;
    std::string type;
    std::unique_ptr<Use> use;

    std::string name() const { return prefix + '/' + type; }
};

std::vector<Opened> open(const steward::Manager& manager, const Place& place) {
    std::vector<Opened> opened;
    for (const auto& [type, open_one] : uses) {
        const auto name = steward::proto::to_string(type);
        opened.push_back({place.prefix, std::string(name), open_one(manager, place, name)});
    }
    return opened;
}

std::vector<Opened> open(const steward::Manager& manager, const std::vector<std::string>& prefixes) {
    std::vector<Opened> opened;
    for (const auto& prefix : prefixes)
        for (auto& one : open(manager, Place{.prefix = prefix}))
            opened.push_back(std::move(one));
    return opened;
}

void make(const std::string& prefix, const std::string& mode) {
    const steward::Manager manager;
    const Place place{.prefix = prefix,
                      .open_mode = steward::OpenMode::create_only,
                      .mode = static_cast<std::uint16_t>(std::stoi(mode, nullptr, 8))};
    for (const auto& opened : open(manager, place))
        opened.use->make();
}

/// Runs one use until it is told to stop. What goes wrong stops all.
class Worker {
  public:
    Worker(const Opened& opened, std::atomic<bool>& stops)
        : opened_(opened), stops_(stops), thread_([this] { work(); }) {}

    const Opened& opened() const { return opened_; }
    void join() { thread_.join(); }
    long rounds() const { return rounds_; }
    Clock::duration longest() const { return longest_; }
    const std::string& failure() const { return failure_; }

  private:
    void work() {
        try {
            while (!stops_) {
                const auto begin = Clock::now();
                opened_.use->use();
                ++rounds_;
                longest_ = std::max(longest_, Clock::now() - begin);
                std::this_thread::sleep_for(pace);
            }
        } catch (const std::exception& error) {
            failure_ = opened_.name() + ": " + error.what();
            ::kill(::getpid(), SIGTERM);
        }
    }

    const Opened& opened_;
    std::atomic<bool>& stops_;
    long rounds_ = 0;
    Clock::duration longest_{};
    std::string failure_;
    std::thread thread_;
};

void use(const std::vector<std::string>& prefixes) {
    ::sigset_t end;
    ::sigemptyset(&end);
    ::sigaddset(&end, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &end, nullptr);

    const steward::Manager manager;
    const auto opened = open(manager, prefixes);
    std::atomic<bool> stops = false;
    std::vector<std::unique_ptr<Worker>> workers;
    for (const auto& one : opened)
        workers.push_back(std::make_unique<Worker>(one, stops));
    int signal = 0;
    ::sigwait(&end, &signal);
    stops = true;

    std::string failures;
    Clock::duration longest{};
    for (const auto& worker : workers) {
        worker->join();
        if (!worker->failure().empty())
            failures += (failures.empty() ? "" : "; ") + worker->failure();
        longest = std::max(longest, worker->longest());
        std::cout << worker->opened().prefix << ' ' << worker->opened().type << ' ' << worker->rounds() << '\n';
    }
    std::cerr << "the longest round took " << std::chrono::round<std::chrono::milliseconds>(longest).count() << " ms\n";
    expect(failures.empty(), failures);
}

void wait_until_used(const std::vector<std::string>& prefixes) {
    const steward::Manager manager;
    const auto deadline = Clock::now() + patience;
    const auto opened = open(manager, prefixes);
    std::vector<long> before;
    for (const auto& one : opened)
        before.push_back(one.use->rounds());
    for (std::size_t i = 0; i < opened.size(); ++i) {
        while (opened[i].use->rounds() < before[i] + enough_more) {
            expect(Clock::now() < deadline, opened[i].name() + " is not used any more");
            std::this_thread::sleep_for(pace);
        }
    }
}

void account(const std::vector<std::string>& prefixes) {
    std::map<std::pair<std::string, std::string>, long> sums;
    std::string prefix;
    std::string type;
    for (long rounds = 0; std::cin >> prefix >> type >> rounds;)
        sums[{prefix, type}] += rounds;
    const steward::Manager manager;
    for (const auto& opened : open(manager, prefixes)) {
        const auto done = sums[{opened.prefix, opened.type}];
        const auto counted = opened.use->rounds();
        expect(counted == done,
               opened.name() + " was used " + std::to_string(done) + " times, and counts " + std::to_string(counted));
        try {
            opened.use->check(done);
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(opened.name() + ": " + error.what());
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string verb = argc > 2 ? argv[1] : "";
        const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
        if (verb == "make" && arguments.size() == 2)
            make(arguments[0], arguments[1]);
        else if (verb == "use")
            use(arguments);
        else if (verb == "goes_on")
            wait_until_used(arguments);
        else if (verb == "account")
            account(arguments);
        else
            throw std::invalid_argument("usage: every_type make PREFIX MODE | (use | goes_on | account) PREFIX...");
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << "every_type: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
