#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/faults/victim.hpp"

// The table of deaths: every way to hold something alone, times every stage at which a process can die. What several
// hold at once, and what nobody holds, is in the tests beside this one.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

using Timeout = std::optional<std::chrono::nanoseconds>;

/// One client's hold on a thing that one thread at a time can have.
class Hold {
  public:
    virtual ~Hold() = default;

    /// In whose line those stand who want the thing.
    virtual const Object& object() const = 0;
    virtual std::optional<Acquired> acquire(Timeout timeout) = 0;
    virtual void release() = 0;
};

template <class L>
std::optional<Acquired> acquired_of(L& lock, Timeout timeout) {
    const auto acquired = timeout ? lock.acquire_for(*timeout) : std::optional(lock.acquire());
    return acquired ? std::optional(Acquired{acquired->token, acquired->abandoned}) : std::nullopt;
}

/// A lock, held as often as it is said.
template <class L>
class OfALock : public Hold {
  public:
    explicit OfALock(L lock, int times = 1) : lock_(std::move(lock)), times_(times) {}

    const Object& object() const override { return lock_; }
    std::optional<Acquired> acquire(Timeout timeout) override {
        auto acquired = acquired_of(lock_, timeout);
        for (int held = 1; acquired && held < times_; ++held)
            lock_.acquire();
        return acquired;
    }
    void release() override {
        for (int held = 0; held < times_; ++held)
            lock_.release();
    }

  private:
    L lock_;
    int times_;
};

class OfAConditionsLock : public Hold {
  public:
    explicit OfAConditionsLock(const Manager& manager)
        : lock_(manager.rlock("lock")), condition_(manager.condition("condition", lock_)) {}

    const Object& object() const override { return lock_; }
    std::optional<Acquired> acquire(Timeout timeout) override { return acquired_of(condition_, timeout); }
    void release() override { condition_.release(); }

  private:
    RLock lock_;
    Condition condition_;
};

template <class S>
class OfAPermit : public Hold {
  public:
    explicit OfAPermit(S semaphore) : semaphore_(std::move(semaphore)) {}

    const Object& object() const override { return semaphore_; }
    std::optional<Acquired> acquire(Timeout timeout) override {
        if (!timeout)
            semaphore_.acquire();
        else if (!semaphore_.try_acquire_for(*timeout))
            return std::nullopt;
        return Acquired{};
    }
    void release() override { semaphore_.release(); }

  private:
    S semaphore_;
};

/// A lock, as one of several things that are waited for.
class OfAnyOfSeveral : public Hold {
  public:
    explicit OfAnyOfSeveral(const Manager& manager)
        : manager_(manager), never_(manager.event("never")), lock_(manager.lock("lock")) {}

    const Object& object() const override { return lock_; }
    std::optional<Acquired> acquire(Timeout timeout) override {
        const std::vector<Waitable> several{never_, lock_};
        const auto any = timeout ? manager_.wait_any_for(several, *timeout) : std::optional(manager_.wait_any(several));
        return any ? std::optional(Acquired{any->token, any->abandoned}) : std::nullopt;
    }
    void release() override { lock_.release(); }

  private:
    Manager manager_;
    Event never_;
    Lock lock_;
};

/// Two locks at once.
class OfAllOfSeveral : public Hold {
  public:
    explicit OfAllOfSeveral(const Manager& manager)
        : manager_(manager), lock_(manager.lock("lock")), rlock_(manager.rlock("rlock")) {}

    const Object& object() const override { return rlock_; }
    std::optional<Acquired> acquire(Timeout timeout) override {
        const std::vector<Part> parts{lock_, rlock_};
        auto all = timeout ? manager_.acquire_all_for(parts, *timeout) : std::optional(manager_.acquire_all(parts));
        if (!all)
            return std::nullopt;
        held_ = std::move(*all);
        EXPECT_EQ(told(held_.acquired()[0]), told(held_.acquired()[1]));
        return held_.acquired()[0];
    }
    void release() override { held_.release(); }

  private:
    static std::int32_t told(const Acquired& acquired) { return acquired.abandoned ? acquired.abandoned->pid : 0; }

    Manager manager_;
    Lock lock_;
    RLock rlock_;
    AllAcquired held_;
};

struct Way {
    std::string_view name;
    std::unique_ptr<Hold> (*open)(const Manager&);
    bool tells = true;     ///< its next owner who died
    bool offered = false;  ///< to one that waits, who takes it by its word
};

std::ostream& operator<<(std::ostream& out, const Way& way) {
    return out << way.name;
}

using HoldPtr = std::unique_ptr<Hold>;

/// Those that are owned by a thread.
constexpr std::array locks{
    Way{"Lock", [](const Manager& m) -> HoldPtr { return std::make_unique<OfALock<Lock>>(m.lock("lock")); }, true,
        true},
    Way{"FairLock",
        [](const Manager& m) -> HoldPtr { return std::make_unique<OfALock<Lock>>(m.lock("lock", {.fair = true})); },
        true, true},
    Way{"TransferableLock",
        [](const Manager& m) -> HoldPtr {
            return std::make_unique<OfALock<Lock>>(m.lock("lock", {.transferable = true}));
        },
        true, true},
    Way{"RLockHeldThrice",
        [](const Manager& m) -> HoldPtr { return std::make_unique<OfALock<RLock>>(m.rlock("lock"), 3); }, true, true},
    Way{"WriterOfAnRWLock",
        [](const Manager& m) -> HoldPtr { return std::make_unique<OfALock<RWLock>>(m.rwlock("lock")); }, true, true},
    Way{"LockOfACondition", [](const Manager& m) -> HoldPtr { return std::make_unique<OfAConditionsLock>(m); }, true,
        true},
    Way{"AnyOfSeveral", [](const Manager& m) -> HoldPtr { return std::make_unique<OfAnyOfSeveral>(m); }},
    Way{"AllOfSeveral", [](const Manager& m) -> HoldPtr { return std::make_unique<OfAllOfSeveral>(m); }},
};

/// Those that are owned by a process, and tell nobody of a death.
constexpr std::array kinds_of_permits{
    Way{"PermitThatRecovers",
        [](const Manager& m) -> HoldPtr {
            return std::make_unique<OfAPermit<Semaphore>>(m.semaphore("permit", 1, {.recover = true}));
        },
        false},
    Way{"BoundedPermit",
        [](const Manager& m) -> HoldPtr {
            return std::make_unique<OfAPermit<BoundedSemaphore>>(m.bounded_semaphore("permit", 1));
        },
        false},
};

std::string name_of(const testing::TestParamInfo<Way>& info) {
    return std::string(info.param.name);
}

/// A thing that one thread at a time can have.
class WhatOneHolds : public Deaths, public testing::WithParamInterface<Way> {
  protected:
    static constexpr pid_t nobody = 0;

    /// By the session of the test's own.
    std::optional<Acquired> acquire(Timeout timeout = 0ns) { return mine_->acquire(timeout); }

    /// Who died, as the next owner is told; nobody where this way does not tell.
    static pid_t told(const std::optional<Acquired>& acquired) {
        EXPECT_TRUE(acquired);
        return acquired && acquired->abandoned ? acquired->abandoned->pid : nobody;
    }
    static pid_t expected(pid_t dead) { return GetParam().tells ? dead : nobody; }

    static auto acquirer(Timeout timeout = {}) {
        return [way = GetParam(), timeout](const Manager& own) {
            auto hold = way.open(own);
            hold->acquire(timeout);
            return hold;
        };
    }

    Victim holder() {
        auto victim = victim_that_did(acquirer());
        EXPECT_TRUE(is_held_by(victim.pid()));
        return victim;
    }
    Victim waiter(Timeout timeout = {}) { return victim_that_waits(thing(), acquirer(timeout)); }

    /// What happened to one who waited.
    struct Turn {
        pid_t told = nobody;  ///< to have died
        int number = 0;       ///< 1: had it first

        bool operator==(const Turn&) const = default;
        friend std::ostream& operator<<(std::ostream& out, const Turn& turn) {
            return out << "told of " << turn.told << ", number " << turn.number;
        }
    };

    /// Waits until it is its turn, and gives back by closing its session.
    Survivor<Turn> survivor() {
        return survivor_that_waits(thing(), [this, way = GetParam()](const Manager& own) {
            const auto hold = way.open(own);  // until its number is drawn
            const auto acquired = hold->acquire({});
            return Turn{.told = told(acquired), .number = ++turns_};
        });
    }

    bool is_held_by(pid_t pid) const { return is_of(thing().info().holders, pid); }
    const Object& thing() const { return mine_->object(); }

    void expect_free() {
        expect_nobody_waits();
        EXPECT_EQ(told(acquire(watchdog)), nobody);  // a survivor's session may end a moment later
        EXPECT_EQ(thing().info().holders.size(), 1U);
        mine_->release();
    }

    HoldPtr mine_ = GetParam().open(manager_);
    std::atomic<int> turns_ = 0;
};

TEST_P(WhatOneHolds, IsFreeWhenItsHolderDies) {
    auto victim = holder();
    const auto token = thing().info().token.value_or(0);
    EXPECT_FALSE(acquire());
    die(victim);
    const auto acquired = acquire();
    EXPECT_EQ(told(acquired), expected(victim.pid()));
    EXPECT_EQ(thing().info().token.value_or(0), token == 0 ? 0 : acquired->token);
    EXPECT_EQ(acquired->token > token, token != 0) << "it grows, where there is one";
    mine_->release();
    expect_free();
}

TEST_P(WhatOneHolds, PassesToTheNextInLineWhenItsHolderDies) {
    auto victim = holder();
    auto first = survivor();
    auto second = survivor();
    victim.dies();
    EXPECT_EQ(first.get(), (Turn{expected(victim.pid()), 1}));
    EXPECT_EQ(second.get(), (Turn{nobody, 2})) << "one is told, once";
    EXPECT_TRUE(is_forgotten(victim.pid()));
    expect_free();
}

TEST_P(WhatOneHolds, IsGivenPastAWaiterThatDies) {
    for (const auto& timeout : {Timeout(), Timeout(watchdog)}) {
        acquire();
        auto victim = waiter(timeout);
        auto behind = survivor();
        die(victim);
        EXPECT_TRUE(waiters_become(thing(), 1));
        mine_->release();
        EXPECT_EQ(behind.get().told, nobody) << "who died held nothing";
        expect_free();
    }
}

TEST_P(WhatOneHolds, DoesNotMissTheSecondInLine) {
    acquire();
    auto first = survivor();
    auto victim = waiter();
    auto third = survivor();
    die(victim);
    mine_->release();
    EXPECT_EQ(first.get(), (Turn{nobody, 1}));
    EXPECT_EQ(third.get(), (Turn{nobody, 2}));
    expect_free();
}

TEST_P(WhatOneHolds, IsFreeWhenAllWhoWaitForItDie) {
    acquire();
    std::vector<Victim> victims;
    for (int i = 0; i < 3; ++i)
        victims.push_back(waiter(i == 1 ? Timeout(watchdog) : Timeout()));
    for (auto& victim : victims)
        die(victim);
    mine_->release();
    expect_free();
}

TEST_P(WhatOneHolds, PassesOnWhenHolderAndHeadOfTheLineDieTogether) {
    auto victim = holder();
    auto head = waiter();
    auto behind = survivor();
    victim.dies();
    head.dies();
    const auto dead = behind.get().told;
    EXPECT_TRUE(dead == expected(victim.pid()) || dead == expected(head.pid())) << dead;
    EXPECT_TRUE(is_forgotten(victim.pid()));
    EXPECT_TRUE(is_forgotten(head.pid()));
    expect_free();
}

TEST_P(WhatOneHolds, PassesOnFromOneThatDiesBeforeItKnowsThatItHasIt) {
    acquire();
    auto victim = waiter();
    auto behind = survivor();
    victim.stops();
    mine_->release();
    const bool offered = GetParam().offered && !DaemonProcess::shares_nothing();  // for a moment, and it never had it
    EXPECT_TRUE(offered || eventually([&] { return is_held_by(victim.pid()); }));
    EXPECT_TRUE(offered || waiters_become(thing(), 1));
    die(victim);
    EXPECT_EQ(behind.get().told, offered ? nobody : expected(victim.pid()));
    expect_free();
}

TEST_P(WhatOneHolds, StaysWithAHolderThatIsStopped) {
    auto victim = holder();
    victim.stops();
    EXPECT_FALSE(acquire(20ms));
    EXPECT_TRUE(is_held_by(victim.pid()));
    victim.goes_on();
    EXPECT_FALSE(acquire(20ms));
    victim.stops();
    die(victim);
    EXPECT_EQ(told(acquire()), expected(victim.pid()));
}

TEST_P(WhatOneHolds, StaysWithAHolderThatBecomesAnotherProgram) {
    Victim victim(daemon_.socket(), [way = GetParam()](const Manager& own) {
        const auto hold = way.open(own);
        hold->acquire({});
        ::execl("/bin/sleep", "sleep", "infinity", nullptr);
    });
    EXPECT_TRUE(eventually([&] {
        return std::ranges::any_of(manager_.sessions(), [&](const auto& session) {
            return session.pid == victim.pid() && !session.connected;
        });
    }));
    EXPECT_TRUE(is_held_by(victim.pid()));
    EXPECT_FALSE(acquire(20ms));
    auto next = survivor();
    victim.dies();
    EXPECT_EQ(next.get().told, expected(victim.pid()));
    expect_free();
}

TEST_P(WhatOneHolds, IsNotHeldByAForkedChild) {
    const Gate told_right;
    const Gate may_end;
    auto victim = victim_that_did([&, way = GetParam()](const Manager& own) {
        auto hold = way.open(own);
        hold->acquire({});
        const auto parent = ::getpid();
        if (::fork() == 0) {  // it has its parent's socket open and waits in line as anybody does
            if (told(hold->acquire({})) == expected(parent))
                told_right.open();
            may_end.pass();
            ::_exit(0);
        }
        return hold;
    });
    ASSERT_TRUE(waiters_become(thing(), 1));
    const auto child = thing().info().waiters[0].pid;
    EXPECT_NE(child, victim.pid());
    EXPECT_FALSE(is_held_by(child));
    die(victim);
    told_right.pass();
    EXPECT_TRUE(is_held_by(child));
    auto next = survivor();
    may_end.open();
    EXPECT_EQ(next.get().told, expected(child));
    EXPECT_TRUE(is_forgotten(child));
    expect_free();
}

INSTANTIATE_TEST_SUITE_P(Lock, WhatOneHolds, testing::ValuesIn(locks), name_of);
INSTANTIATE_TEST_SUITE_P(Permit, WhatOneHolds, testing::ValuesIn(kinds_of_permits), name_of);

using WhatAThreadHolds = WhatOneHolds;

TEST_P(WhatAThreadHolds, IsFreeWhenTheThreadEndsThoughItsProcessLives) {
    auto victim = victim_that_did([way = GetParam()](const Manager& own) {
        auto hold = way.open(own);
        std::thread([&] { hold->acquire({}); }).join();
        return hold;
    });
    EXPECT_EQ(told(acquire(watchdog)), victim.pid());
    mine_->release();
    expect_free();
}

TEST_P(WhatAThreadHolds, PassesToTheNextInLineWhenTheThreadEnds) {
    const Gate thread_may_end;
    auto victim = Victim(daemon_.socket(), [&, way = GetParam()](const Manager& own) {
        auto hold = way.open(own);
        std::thread([&] {
            hold->acquire({});
            thread_may_end.pass();
        }).join();
        return hold;
    });
    EXPECT_TRUE(eventually([&] { return is_held_by(victim.pid()); }));
    auto first = survivor();
    auto second = survivor();
    thread_may_end.open();
    EXPECT_EQ(first.get(), (Turn{victim.pid(), 1}));
    EXPECT_EQ(second.get(), (Turn{nobody, 2}));
    expect_free();
}

INSTANTIATE_TEST_SUITE_P(Lock, WhatAThreadHolds, testing::ValuesIn(locks), name_of);

}  // namespace
}  // namespace steward::tests
