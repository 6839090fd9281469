#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "proto/envelope.hpp"
#include "proto/session.hpp"
#include "shared/unique_fd.hpp"
#include "tests/integration/client/client_test.hpp"
#include "tests/support/handed_descriptors.hpp"
#include "tests/support/raw_client.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// What takes no daemon: it stands still meanwhile.
class SharedMemory : public ClientTest {
  protected:
    void without_the_daemon(auto&& use) {
        daemon_.stop();
        use();
        daemon_.go_on();
    }
};

TEST_F(SharedMemory, LetsAFreeLockBeTaken) {
    auto lock = manager_.lock("lock");
    const auto use = [&] {
        const auto first = lock.acquire().token;
        EXPECT_TRUE(lock.held_by_me());
        EXPECT_TRUE(lock.locked());
        EXPECT_EQ(lock.token(), first);
        lock.release();
        EXPECT_FALSE(lock.locked());
        EXPECT_GT(lock.acquire().token, first);
        lock.unlock();
        const std::scoped_lock guard(lock);
        EXPECT_FALSE(manager_.lock("lock").try_lock());
    };
    use();  // the line of source is asked for once
    auto other = manager_.lock("lock");
    without_the_daemon([&] {
        for (int i = 0; i < 1000; ++i) {
            const std::scoped_lock guard(lock);
            EXPECT_FALSE(other.try_lock()) << "of the same thread";
        }
    });
}

TEST_F(SharedMemory, LetsAFreeRLockBeTakenAsOftenAsOneLikes) {
    auto lock = manager_.rlock("rlock");
    const auto use = [&] {
        EXPECT_EQ(lock.acquire().count, 1U);
        EXPECT_EQ(lock.acquire().count, 2U);
        EXPECT_EQ(lock.count(), 2U);
        EXPECT_TRUE(lock.locked());
        const std::scoped_lock guard(lock);
        EXPECT_EQ(lock.count(), 3U);
        EXPECT_EQ(lock.release(), 2U);
        EXPECT_EQ(lock.release(), 1U);
    };
    use();
    EXPECT_FALSE(lock.locked());
    EXPECT_THROW(lock.release(), Error);
    without_the_daemon([&] {
        use();
        EXPECT_FALSE(lock.locked());
        EXPECT_EQ(lock.count(), 0U);
    });
}

TEST_F(SharedMemory, LetsAFreeRWLockBeTakenByAWriter) {
    auto lock = manager_.rwlock("rwlock");
    auto other = manager_.rwlock("rwlock");
    const auto first = lock.acquire().token;
    lock.release();
    { const std::scoped_lock guard(lock); }
    without_the_daemon([&] {
        for (int i = 0; i < 1000; ++i) {
            const std::scoped_lock guard(lock);
            EXPECT_FALSE(other.try_lock()) << "of the same thread";
        }
        const std::scoped_lock guard(lock);
        EXPECT_TRUE(lock.held_by_me());
        EXPECT_TRUE(lock.locked());
        EXPECT_GT(lock.token(), first + 1000);
        EXPECT_EQ(lock.readers(), 0U);
    });
    EXPECT_FALSE(lock.locked());
}

TEST_F(SharedMemory, ShowsAWriterThatReadersHoldAnRWLock) {
    auto lock = manager_.rwlock("rwlock");
    lock.acquire_shared();
    without_the_daemon([&] {
        EXPECT_FALSE(lock.try_lock());
        EXPECT_FALSE(lock.locked());
        EXPECT_EQ(lock.readers(), 1U);
    });
    lock.release_shared();
    EXPECT_TRUE(lock.try_lock());
    EXPECT_FALSE(lock.try_lock_shared());
    lock.unlock();
    EXPECT_TRUE(lock.try_lock_shared());
    lock.unlock_shared();
}

TEST_F(SharedMemory, CountsWhatIsTakenByWordAndOverTheSocketTogether) {
    auto lock = manager_.rlock("rlock");
    auto asking = Manager({.socket = daemon_.socket(), .shared_words = false}).rlock("rlock");
    lock.lock();
    EXPECT_EQ(asking.count(), 0U) << "another session";
    EXPECT_FALSE(asking.try_lock());
    const auto both = manager_.acquire_all({lock});
    EXPECT_EQ(lock.count(), 2U);
    EXPECT_EQ(lock.acquire().count, 3U);
    EXPECT_EQ(lock.release(), 2U);
    EXPECT_EQ(lock.release(), 1U);
}

TEST_F(SharedMemory, LetsPermitsBeTakenAndGiven) {
    auto semaphore = manager_.semaphore("semaphore", 2);
    auto bounded = manager_.bounded_semaphore("bounded", 2, {.recover = false});
    without_the_daemon([&] {
        semaphore.acquire();
        EXPECT_TRUE(semaphore.try_acquire());
        EXPECT_FALSE(semaphore.try_acquire());
        EXPECT_EQ(semaphore.value(), 0);
        semaphore.release(3);
        EXPECT_EQ(semaphore.value(), 3);
        EXPECT_TRUE(bounded.try_acquire());
        bounded.release();
        EXPECT_EQ(bounded.value(), 2);
    });
    EXPECT_THROW(bounded.release(), Error);
    EXPECT_THROW(semaphore.release(-1), Error);
    EXPECT_EQ(semaphore.info().count, 3U);
}

TEST_F(SharedMemory, LetsAnEventBeLookedAt) {
    auto event = manager_.event("event");
    auto next = manager_.event("next", {.auto_reset = true});
    without_the_daemon([&] {
        EXPECT_FALSE(event.is_set());
        EXPECT_FALSE(next.is_set());
    });
    event.set();
    next.set();
    without_the_daemon([&] {
        EXPECT_TRUE(event.is_set());
        event.wait();
        EXPECT_TRUE(event.wait_for(0s));
        EXPECT_TRUE(next.wait_for(0s));
        EXPECT_FALSE(next.is_set()) << "whoever goes on clears it";
    });
    EXPECT_FALSE(next.wait_for(0s));
}

TEST_F(SharedMemory, IsForProxiesThatWereReadFromContainersToo) {
    auto locks = manager_.list<Lock>("locks");
    auto rlocks = manager_.list<RLock>("rlocks");
    auto semaphores = manager_.list<Semaphore>("semaphores");
    auto events = manager_.list<Event>("events");
    locks.append(manager_.lock());
    rlocks.append(manager_.rlock());
    semaphores.append(manager_.semaphore(1));
    events.append(manager_.event());
    auto lock = locks.at(0);
    auto rlock = rlocks.at(0);
    auto semaphore = semaphores.at(0);
    const auto event = events.at(0);
    const auto use = [&] {
        const std::scoped_lock guard(lock, rlock);
        EXPECT_TRUE(semaphore.try_acquire());
        semaphore.release();
        EXPECT_FALSE(event.is_set());
    };
    use();  // asks for the words
    without_the_daemon(use);
}

TEST_F(SharedMemory, IsForProxiesThatAForkedChildInherits) {
    auto lock = manager_.lock("lock");
    auto semaphore = manager_.semaphore("semaphore", 1);
    const std::scoped_lock held_by_the_parent(lock);
    auto other = manager_.lock("other");
    ChildProcess child([&] {
        const auto use = [&] {
            const std::scoped_lock guard(other);
            semaphore.acquire();
            semaphore.release();
            return !lock.held_by_me() && !lock.try_lock();
        };
        if (!use())
            return 1;
        bool used = false;
        without_the_daemon([&] { used = use(); });
        return used ? 0 : 2;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_TRUE(lock.held_by_me());
    EXPECT_EQ(manager_.lock("other").info().holders.size(), 0U);
}

TEST_F(SharedMemory, SaysThatItsObjectIsGone) {
    auto lock = manager_.lock("lock");
    auto rlock = manager_.rlock("rlock");
    auto semaphore = manager_.semaphore("semaphore", 2);
    auto event = manager_.event("event");
    rlock.lock();
    for (const auto* name : {"lock", "rlock", "semaphore", "event"})
        manager_.remove(name);
    EXPECT_THROW(lock.lock(), Error);
    EXPECT_THROW(static_cast<void>(lock.locked()), Error);
    EXPECT_THROW(rlock.lock(), Error);
    EXPECT_THROW(semaphore.acquire(), Error);
    EXPECT_THROW(semaphore.release(), Error);
    EXPECT_THROW(static_cast<void>(semaphore.value()), Error);
    EXPECT_THROW(static_cast<void>(event.is_set()), Error);
}

TEST_F(SharedMemory, DoesNotLetGoOfALockThatIsGone) {
    auto lock = manager_.lock("lock");
    auto rlock = manager_.rlock("rlock");
    lock.acquire();
    rlock.lock();
    manager_.remove("lock");
    manager_.remove("rlock");
    EXPECT_EQ(error_of([&] { lock.release(); }), errc::no_such_object);
    EXPECT_EQ(error_of([&] { rlock.release(); }), errc::no_such_object);
}

TEST_F(SharedMemory, LetsObjectsBeRead) {
    auto value = manager_.value("value", 7);
    auto dict = manager_.dict<std::string, int>("dict", {{"a", 1}, {"b", 2}});
    auto list = manager_.list<int>("list", {1, 2, 3});
    auto space = manager_.name_space("namespace");
    space.set("x", 5);
    auto set = manager_.set<int>("set", {1, 2});
    auto array = manager_.array<std::int16_t>("array", 3);
    array.set(1, -300);
    auto floats = manager_.array<float>("floats", 1);
    floats.set(0, 1.5F);
    without_the_daemon([&] {
        EXPECT_EQ(array.at(1), -300);
        EXPECT_EQ(array.at(-2), -300);
        EXPECT_EQ(array.copy(), (std::vector<std::int16_t>{0, -300, 0}));
        EXPECT_EQ(floats.at(0), 1.5F);
        EXPECT_EQ(value.get(), 7);
        EXPECT_EQ(dict.at("a"), 1);
        EXPECT_FALSE(dict.get("c"));
        EXPECT_TRUE(dict.contains("b"));
        EXPECT_EQ(dict.size(), 2U);
        EXPECT_EQ(dict.copy(), (std::map<std::string, int>{{"a", 1}, {"b", 2}}));
        EXPECT_EQ(list.at(1), 2);
        EXPECT_EQ(list.at(-1), 3);
        EXPECT_EQ(list.size(), 3U);
        EXPECT_EQ(list.copy(), (std::vector{1, 2, 3}));
        EXPECT_EQ(space.get<int>("x"), 5);
        EXPECT_TRUE(set.contains(2));
        EXPECT_FALSE(set.contains(3));
        EXPECT_EQ(set.size(), 2U);
    });
}

TEST_F(SharedMemory, ShowsWhatOneHasWritten) {
    auto value = manager_.value("value", 0);
    for (int i = 1; i < 1000; ++i) {
        value.set(i);
        ASSERT_EQ(value.get(), i);
    }
}

TEST_F(SharedMemory, ShowsWhatOnesPipelineHasWritten) {
    auto value = manager_.value("value", 0);
    for (int i = 1; i < 200; ++i) {
        {
            auto pipeline = manager_.pipeline();
            static_cast<void>(pipeline.set(value, i));
        }
        ASSERT_EQ(value.get(), i);
    }
}

/// Reads when its thread ends, behind what the library has kept for the thread.
struct ReadsAtTheEnd {
    const Dict<std::string, std::vector<int>>* dict = nullptr;
    std::size_t* found = nullptr;

    ~ReadsAtTheEnd() {
        if (dict != nullptr)
            *found = dict->at("a key that is longer than any string without memory of its own").size();
    }
};

TEST_F(SharedMemory, MayBeReadWhileAThreadEnds) {
    const std::string key = "a key that is longer than any string without memory of its own";
    const auto dict = manager_.dict<std::string, std::vector<int>>("dict", {{key, std::vector<int>(100)}});
    std::size_t found = 0;
    std::thread([&] {
        thread_local ReadsAtTheEnd last;
        last.dict = &dict;
        last.found = &found;
        EXPECT_EQ(dict.at(key).size(), 100U);
    }).join();
    EXPECT_EQ(found, 100U);
}

TEST_F(SharedMemory, TellsOnceInAWhileForHowLongALockWasHeld) {
    auto lock = manager_.lock("lock");
    const auto holds = [&] {
        const auto counts = lock.statistics().holds;
        return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    };
    for (int i = 0; i < 200; ++i)
        const std::scoped_lock guard(lock);
    EXPECT_EQ(holds(), 0U) << "nobody has had to wait for it";
    lock.lock();
    std::thread other([&] { const std::scoped_lock guard(lock); });
    EXPECT_TRUE(eventually([&] { return lock.info().waiters.size() == 1; }));
    lock.unlock();
    other.join();
    const auto before = holds();
    for (int i = 0; i < 64; ++i)
        const std::scoped_lock guard(lock);
    EXPECT_GE(holds(), before + 64);
}

TEST_F(SharedMemory, IsNotUsedWhereTheManagerDoesNotWantIt) {
    Manager asking({.socket = daemon_.socket(), .shared_words = false, .shared_reads = false});
    auto lock = asking.lock("lock");
    EXPECT_TRUE(lock.try_lock());
    EXPECT_FALSE(manager_.lock("lock").try_lock());
    EXPECT_EQ(manager_.lock("lock").holder().value().session, lock.holder().value().session);
    lock.unlock();
    EXPECT_TRUE(manager_.lock("lock").try_lock());
}

TEST_F(SharedMemory, OfTheHeapIsToBeReadOnly) {
    const RawClient client(daemon_.socket(), RawClient::Begin::without_session);
    const auto descriptors = descriptors_of(client.fd());
    ASSERT_EQ(descriptors.size(), 2U) << "the words and the heap";
    const int heap = descriptors.back().get();
    EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, heap, 0), MAP_FAILED);
    EXPECT_EQ(errno, EACCES);
    EXPECT_EQ(::ftruncate(heap, 0), -1);
    const char byte = 1;
    EXPECT_EQ(::write(heap, &byte, 1), -1);
    void* memory = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, heap, 0);
    ASSERT_NE(memory, MAP_FAILED);
    EXPECT_EQ(::mprotect(memory, 4096, PROT_READ | PROT_WRITE), -1);
    ::munmap(memory, 4096);
}

}  // namespace
}  // namespace steward::tests
