#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/leftovers.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {
namespace {

/// Objects that values refer to. After each scenario nothing of it is left.
class AReference : public ClientTest {
  public:
    ~AReference() override {
        for (const auto& object : manager_.objects())
            manager_.remove(object.name);
        EXPECT_TRUE(leftovers_->are_none());
    }

  protected:
    AReference() {
        {
            auto parent = manager_.dict("parent");
            parent.set("child", manager_.list());
        }
        manager_.remove("parent");
        leftovers_.emplace(connect("observer"));
    }

    std::size_t nameless_count() const { return manager_.nameless_objects().size(); }

    bool nameless_become(std::size_t count) const {
        return eventually([&] { return nameless_count() == count; });
    }

    std::optional<Leftovers> leftovers_;
};

TEST_F(AReference, IsReadBackAsAProxyOfTheSameObject) {
    auto work = manager_.dict("work");
    auto jobs = manager_.list<int>({1, 2});
    work.set("jobs", jobs);
    const auto any = work.at("jobs");
    EXPECT_EQ(any.kind(), Any::Kind::object);
    EXPECT_EQ(any.object().type(), ObjectType::list);
    EXPECT_EQ(any.object().id(), jobs.id());
    EXPECT_EQ(any, Any(jobs));
    auto same = any.get<List<int>>();
    EXPECT_EQ(same, jobs);
    same.append(3);
    EXPECT_EQ(jobs.copy(), (std::vector{1, 2, 3}));
}

TEST_F(AReference, IsSharedByProcesses) {
    auto work = manager_.dict("work");
    work.set("jobs", manager_.list<int>());
    ChildProcess other([&] {
        connect().dict("work").at("jobs").get<List<int>>().append(7);
        return 0;
    });
    EXPECT_EQ(other.wait(), 0);
    EXPECT_EQ(work.at("jobs").get<List<int>>().copy(), std::vector{7});
}

TEST_F(AReference, KeepsItsObjectUntilItIsTheLast) {
    auto work = manager_.dict("work");
    work.set("jobs", manager_.list<int>());
    EXPECT_EQ(nameless_count(), 1U);
    std::optional<Any> held = work.at("jobs");
    work.erase("jobs");
    EXPECT_EQ(nameless_count(), 1U);
    EXPECT_EQ(held->get<List<int>>().size(), 0U);
    held.reset();
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, IsOneOfManyInEachContainer) {
    auto lock = manager_.lock();
    auto list = manager_.list("list");
    auto dict = manager_.dict("dict");
    auto value = manager_.value("value", Any(lock));
    auto queue = manager_.queue("queue");
    auto set = manager_.set("set");
    auto attributes = manager_.name_space("namespace");
    list.append(lock);
    list.append(Any::Array{Any::Map{{"deep", lock}}});
    dict.set(lock, lock);
    queue.put(lock);
    attributes.set("lock", lock);
    EXPECT_TRUE(set.add(lock));
    EXPECT_FALSE(set.add(lock));
    EXPECT_EQ(lock.info().references, 8U);

    EXPECT_EQ(list.at(0).get<Lock>(), lock);
    EXPECT_EQ(list.at(1).item(0).at("deep").get<Lock>(), lock);
    EXPECT_EQ(list.index(lock), 0U);
    EXPECT_EQ(dict.at(lock).get<Lock>(), lock);
    EXPECT_EQ(dict.items(), (std::vector<std::pair<Any, Any>>{{lock, lock}}));
    EXPECT_EQ(value.get().get<Lock>(), lock);
    EXPECT_EQ(queue.get().get<Lock>(), lock);
    EXPECT_EQ(attributes.get<Lock>("lock"), lock);
    EXPECT_TRUE(set.contains(lock));
    EXPECT_EQ(set.pop().get<Lock>(), lock);
    EXPECT_EQ(lock.info().references, 6U);
}

TEST_F(AReference, CanBeTheOnlyThingThatAContainerHolds) {
    auto by_name = manager_.dict<std::string, List<int>>("by name");
    by_name.set("a", manager_.list<int>({1}));
    by_name.set("b", manager_.list<int>({2}));
    EXPECT_EQ(by_name.at("a").copy(), std::vector{1});
    EXPECT_EQ(by_name.get("none"), std::nullopt);
    EXPECT_EQ(by_name.copy().at("b").copy(), std::vector{2});
    EXPECT_EQ(by_name.pop("a")->copy(), std::vector{1});

    auto locks = manager_.list<Lock>("locks", {manager_.lock(), manager_.lock()});
    for (auto& lock : locks.copy())
        EXPECT_TRUE(lock.try_acquire());
    EXPECT_EQ(locks.at(0).info().holders.size(), 1U);

    auto queue = manager_.queue<Event>("queue");
    queue.put(manager_.event());
    auto taken = queue.take();
    EXPECT_FALSE(taken->is_set());
    taken.done();

    auto keys = manager_.dict<Lock, int>("keys");
    keys.set(locks.at(1), 1);
    EXPECT_EQ(keys.copy().at(locks.at(1)), 1);

    auto current = manager_.value<List<int>>("current", manager_.list<int>({5}));
    EXPECT_EQ(current.get().at(0), 5);
}

TEST_F(AReference, IsToAnObjectOfAnyType) {
    auto all = manager_.list(
        "all", {manager_.rlock(), manager_.rwlock(), manager_.semaphore(2), manager_.bounded_semaphore(3),
                manager_.barrier(4), manager_.queue<int>(5), manager_.event({.auto_reset = true}),
                manager_.dict<std::string, int>({{"a", 1}}), manager_.value(6), manager_.name_space({{"x", 7}}),
                manager_.set<int>({8}), manager_.array<float>(9), manager_.condition(), manager_.process(getpid())});
    EXPECT_TRUE(all.at(0).get<RLock>().try_acquire());
    EXPECT_TRUE(all.at(1).get<RWLock>().try_acquire_shared());
    EXPECT_EQ(all.at(2).get<Semaphore>().value(), 2);
    EXPECT_EQ(all.at(3).get<BoundedSemaphore>().value(), 3);
    EXPECT_EQ(all.at(4).get<Barrier>().parties(), 4U);
    EXPECT_EQ(all.at(5).get<Queue<int>>().max_size(), 5U);
    EXPECT_FALSE(all.at(6).get<Event>().is_set());
    EXPECT_EQ((all.at(7).get<Dict<std::string, int>>().at("a")), 1);
    EXPECT_EQ(all.at(8).get<Value<int>>().get(), 6);
    EXPECT_EQ(all.at(9).get<Namespace>().get<int>("x"), 7);
    EXPECT_TRUE(all.at(10).get<Set<int>>().contains(8));
    EXPECT_EQ(all.at(11).get<Array<float>>().size(), 9U);
    auto condition = all.at(12).get<Condition>();
    EXPECT_TRUE(condition.try_acquire());
    EXPECT_EQ(condition.notify_all(), 0U);
    EXPECT_EQ(all.at(13).get<Process>().pid(), getpid());
    EXPECT_FALSE(all.at(13).get<Process>().ended());
    all.at(0).get<RLock>().release();
    all.at(1).get<RWLock>().release_shared();
    condition.release();
}

TEST_F(AReference, ToAConditionOfAGivenLockIsThatCondition) {
    auto lock = manager_.lock();
    auto list = manager_.list("conditions", {manager_.condition(lock)});
    auto condition = list.at(0).get<Condition>();
    lock.acquire();
    EXPECT_TRUE(condition.held_by_me());
    condition.release();
    EXPECT_FALSE(lock.locked());
}

TEST_F(AReference, IsPartOfPairsTuplesAndArrays) {
    auto lock = manager_.lock();
    auto event = manager_.event();
    auto list = manager_.list("list", {Any(std::pair(lock, 1)), Any(std::tuple(event, lock, 2)),
                                       Any(std::array{lock, lock}), Any(std::optional(lock)), Any(std::vector{lock})});
    EXPECT_EQ((list.at(0).get<std::pair<Lock, int>>()), std::pair(lock, 1));
    EXPECT_EQ(std::get<1>(list.at(1).get<std::tuple<Event, Lock, int>>()), lock);
    EXPECT_EQ((list.at(2).get<std::array<Lock, 2>>()[1]), lock);
    EXPECT_EQ(list.at(3).get<std::optional<Lock>>(), lock);
    EXPECT_EQ(list.at(4).get<std::vector<Lock>>().at(0), lock);
}

TEST_F(AReference, OfAnotherTypeIsRefusedAndNamesBoth) {
    const Any list = manager_.list();
    try {
        list.get<Lock>();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::type_mismatch);
        EXPECT_EQ(error.detail(), "expected a reference to an object of type lock, found one of type list");
    }
    EXPECT_EQ(error_of([&] { list.get<Condition>(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { list.get<int>(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { Any(1).get<Lock>(); }), errc::type_mismatch);
    const Any numbers = manager_.array<float>(3);
    EXPECT_EQ(error_of([&] { numbers.get<Array<double>>(); }), errc::type_mismatch);
    EXPECT_FALSE(numbers.is<Array<int>>());
    EXPECT_TRUE(numbers.is<Array<float>>());
}

TEST_F(AReference, ToAnotherDaemonIsRefused) {
    DaemonProcess another;
    Manager elsewhere({.socket = another.socket()});
    auto list = manager_.list("list");
    EXPECT_EQ(error_of([&] { list.append(elsewhere.lock()); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { list.append(Any::Array{elsewhere.lock()}); }), errc::invalid_argument);
    EXPECT_EQ(list.size(), 0U);
}

TEST_F(AReference, GoesToAnotherSessionOfTheSameDaemon) {
    auto list = manager_.list<Lock>("list");
    auto other = connect();
    list.append(other.lock());
    EXPECT_TRUE(list.at(0).try_acquire());
}

TEST_F(AReference, ToWhatWasRemovedIsAValueStill) {
    auto list = manager_.list("list", {manager_.lock()});
    const auto dangling = list.at(0);
    EXPECT_TRUE(dangling.get<Lock>().remove());
    EXPECT_FALSE(dangling.get<Lock>().remove());
    EXPECT_EQ(list.at(0), dangling);
    EXPECT_EQ(error_of([&] { list.at(0).get<Lock>().acquire(); }), errc::no_such_object);
    EXPECT_EQ(error_of([&] { list.append(dangling); }), errc::no_such_object);
    EXPECT_EQ(list.index(dangling), 0U);
    EXPECT_EQ(list.count(dangling), 1U);
    list.remove_value(dangling);
    EXPECT_FALSE(list.contains(dangling));
}

TEST_F(AReference, ToWhatWasRemovedIsFoundInASetAndADict) {
    auto lock = manager_.lock();
    auto locks = manager_.set("locks", {lock});
    auto names = manager_.dict("names", {{lock, "name"}});
    const auto dangling = names.keys().at(0);
    EXPECT_TRUE(lock.remove());
    EXPECT_TRUE(locks.contains(dangling));
    EXPECT_TRUE(locks.discard(dangling));
    EXPECT_TRUE(names.contains(dangling));
    EXPECT_EQ(names.pop(dangling), Any("name"));
}

TEST_F(AReference, ToANamedObjectKnowsNoName) {
    auto named = manager_.lock("named");
    auto list = manager_.list("list", {named});
    const auto lock = list.at(0).get<Lock>();
    EXPECT_EQ(lock, named);
    EXPECT_EQ(lock.name(), "");
    EXPECT_EQ(lock.info().name, "named");
    EXPECT_EQ(manager_.lock().info().name, "");
}

TEST_F(AReference, IsCountedInPipelinesAndTransactions) {
    auto dict = manager_.dict("dict");
    auto list = manager_.list("list");
    {
        auto pipeline = manager_.pipeline();
        auto set = pipeline.set(dict, "lock", manager_.lock());
        set.get();
        auto read = pipeline.get(dict, "lock");
        auto appended = pipeline.append(list, dict.at("lock"));
        auto forgotten = pipeline.get(dict, "lock");
        EXPECT_TRUE(read.get()->get<Lock>().try_acquire());
        appended.get();
    }
    {
        auto transaction = manager_.transaction();
        auto popped = transaction.pop(list);
        auto read = transaction.get(dict, "lock");
        transaction.set(dict, "event", manager_.event());
        ASSERT_TRUE(transaction.commit());
        EXPECT_EQ(popped.get(), read.get());
        EXPECT_TRUE(popped.get().get<Lock>().held_by_me());
        dict.clear();
        EXPECT_EQ(popped.get().get<Lock>().info().users, 1U);
    }
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, OfATakenItemReturnsWithIt) {
    auto queue = manager_.queue<List<int>>("queue");
    queue.put(manager_.list<int>({1}));
    {
        const auto taken = queue.take();
        EXPECT_EQ(taken->at(0), 1);
    }
    EXPECT_EQ(queue.size(), 1U);
    EXPECT_EQ(queue.get().at(0), 1);
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, IsTheKeyThatAWatchTells) {
    auto dict = manager_.dict("dict");
    auto watch = manager_.watch(dict);
    {
        auto lock = manager_.lock();
        dict.set(lock, 1);
        const auto change = watch.next();
        EXPECT_EQ(change.key, Any(lock));
        EXPECT_EQ(change.what, "set");
    }
    dict.clear();
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, ThatNobodyLooksAtLeavesNothing) {
    auto dict = manager_.dict("dict");
    dict.set("jobs", manager_.list());
    dict.set("text", "no number");
    EXPECT_EQ(error_of([] {}), std::error_code());
    EXPECT_EQ(error_of([&] { manager_.dict<std::string, int>("dict").at("jobs"); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { manager_.dict<std::string, int>("dict").values(); }), errc::type_mismatch);
    EXPECT_GT(dict.version("jobs"), 0U);
    dict.clear();
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, ReadOverAndOverLeavesAsManyObjectsAndNoGrowth) {
    auto work = manager_.dict("work");
    work.set("jobs", manager_.list<int>());
    const auto read = [&](int times) {
        for (int i = 0; i < times; ++i)
            ASSERT_EQ(work.at("jobs").kind(), Any::Kind::object);
    };
    read(1'000);
    const auto before = private_memory_bytes(daemon_.pid());
    read(freed_memory_is_kept ? 10'000 : 100'000);
    EXPECT_EQ(nameless_count(), 1U);
    EXPECT_TRUE(freed_memory_is_kept || private_memory_bytes(daemon_.pid()) < before + (std::uint64_t{1} << 20));
    EXPECT_TRUE(eventually([&] { return work.at("jobs").get<List<int>>().info().users == 1; }));
}

TEST_F(AReference, IsReadAndDroppedByManyThreadsAtOnce) {
    auto work = manager_.dict("work");
    work.set("jobs", manager_.list<int>());
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j < 2'000; ++j)
                failures += error_of([&] { work.at("jobs").get<List<int>>().append(j); }) ? 1 : 0;
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(work.at("jobs").get<List<int>>().size(), 16'000U);
    work.clear();
    EXPECT_TRUE(nameless_become(0));
}

/// The only reference moves from one dict to another and back, while threads read it where they find it: whoever has
/// read it must be able to use it.
TEST_F(AReference, IsNeverDroppedWhileItIsRead) {
    auto here = manager_.dict("here");
    here.set("jobs", manager_.list<int>());
    std::atomic<bool> stop = false;
    std::atomic<int> failures = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&] {
            while (!stop)
                if (const auto jobs = here.get("jobs"))
                    failures += error_of([&] { jobs->get<List<int>>().size(); }) ? 1 : 0;
        });
    auto other = connect().dict("here");
    for (int i = 0; i < 2'000; ++i)
        other.set("jobs", *other.pop("jobs"));
    stop = true;
    for (auto& reader : readers)
        reader.join();
    EXPECT_EQ(failures, 0);
    here.clear();
    other = manager_.dict("here");
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, InACircleIsFoundInTheEnd) {
    {
        auto one = manager_.list();
        auto two = manager_.list({one});
        one.append(two);
    }
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AReference, OutlivesItsManager) {
    std::optional<Any> any;
    {
        auto short_lived = connect();
        any = short_lived.list<int>({1});
    }
    EXPECT_EQ(nameless_count(), 1U);
    EXPECT_EQ(any->get<List<int>>().at(0), 1);
    any.reset();
    EXPECT_TRUE(nameless_become(0));
}

/// A process that was forked by one that uses objects without a name.
using AChildOfOneThatUsesObjects = AReference;

TEST_F(AChildOfOneThatUsesObjects, KeepsThemWhenItsParentEnds) {
    Gate child_uses_them;
    Gate parent_is_gone;
    Gate child_has_used_them;
    ChildProcess parent([&]() -> int {
        auto own = connect();
        auto list = own.list<int>({1});
        const Any lock = own.lock();
        ChildProcess child([&] {
            list.append(2);
            child_uses_them.open();
            parent_is_gone.pass();
            const bool works = list.copy() == std::vector{1, 2} && lock.get<Lock>().try_acquire();
            if (works)
                child_has_used_them.open();
            return 0;
        });
        child_uses_them.pass();
        ::_exit(0);  // and leaves the child alone
    });
    EXPECT_EQ(parent.wait(), 0);
    EXPECT_TRUE(eventually([&] { return manager_.sessions().size() == 3; }));
    EXPECT_EQ(nameless_count(), 2U);
    parent_is_gone.open();
    child_has_used_them.pass();
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(AChildOfOneThatUsesObjects, GivesNothingBackInItsParentsName) {
    std::optional<List<int>> list = manager_.list<int>({1});
    ChildProcess idle([&] {
        list.reset();
        return 0;
    });
    EXPECT_EQ(idle.wait(), 0);
    ChildProcess busy([&] {
        list->append(2);
        list.reset();
        return 0;
    });
    EXPECT_EQ(busy.wait(), 0);
    EXPECT_EQ(list->copy(), (std::vector{1, 2}));
    EXPECT_EQ(list->info().users, 1U);
}

TEST_F(AReference, IsHarmlessWhenTheDaemonIsGone) {
    DaemonProcess another;
    Manager elsewhere({.socket = another.socket(), .reconnect_timeout = {}});
    auto list = elsewhere.list("list");
    std::optional<Any> any = elsewhere.lock();
    another.kill();
    any.reset();
    EXPECT_EQ(error_of([&] { list.append(1); }), errc::not_connected);
}

/// What is made without a name.
using ANamelessObject = AReference;

TEST_F(ANamelessObject, GoesWithItsLastProxy) {
    std::optional<Lock> lock = manager_.lock({.fair = true});
    std::optional<Lock> copy = lock;
    EXPECT_EQ(nameless_count(), 1U);
    lock.reset();
    EXPECT_EQ(nameless_count(), 1U);
    copy.reset();
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(ANamelessObject, GoesWithItsProcess) {
    Gate made;
    ChildProcess child([&] {
        auto own = connect();
        const auto list = own.list();
        made.open();
        Gate never;
        never.pass();
        return 0;
    });
    made.pass();
    EXPECT_EQ(nameless_count(), 1U);
    child.kill();
    EXPECT_TRUE(nameless_become(0));
}

TEST_F(ANamelessObject, IsRemovedByItsProxy) {
    auto list = manager_.list();
    EXPECT_TRUE(list.remove());
    EXPECT_EQ(nameless_count(), 0U);
    EXPECT_EQ(error_of([&] { list.size(); }), errc::no_such_object);
}

TEST_F(ANamelessObject, IsNotMadeByAnEmptyName) {
    EXPECT_EQ(error_of([&] { manager_.lock(""); }), errc::invalid_name);
    EXPECT_EQ(error_of([&] { manager_.list<int>(std::string()); }), errc::invalid_name);
    EXPECT_EQ(error_of([&] { Value<int>(manager_, std::string_view(), 1); }), errc::invalid_name);
}

TEST_F(ANamelessObject, CannotBeOpened) {
    std::error_code ec;
    EXPECT_FALSE(manager_.event({.open_mode = OpenMode::open_only}, ec));
    EXPECT_TRUE(ec);
}

TEST_F(ANamelessObject, IsMadeOfTwoStringsAsOfAny) {
    EXPECT_EQ(manager_.list<std::string>({"a", "b"}).size(), 2U);
    EXPECT_EQ(manager_.set<std::string>({"a"}).size(), 1U);
    EXPECT_EQ((manager_.dict<std::string, std::string>({{"a", "b"}}).size()), 1U);
    EXPECT_EQ(Value<std::string>(manager_, nameless, "idle").get(), "idle");
}

}  // namespace
}  // namespace steward::tests
