#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <steward/steward.hpp>

#include "shared/heap_header.hpp"
#include "shared/unique_fd.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/sanitizers.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;

// The times are those of a machine that does nothing else, for a program as it is shipped.
constexpr double slowness = has_address_sanitizer ? 20 : 4;

/// How large the heap is that must be copied; the time that it may take is that of 1,024 MiB, in proportion.
std::uint64_t heap_mib() {
    return number_from_environment("STEWARD_HEAP_MIB", 64);
}

/// A daemon that is killed and started again.
class ANextDaemon : public testing::Test {
  protected:
    /// The shortest of several starts, since the machine does other things, too; from the start of the program until
    /// requests are answered.
    Milliseconds time_to_serve(const std::function<void()>& meanwhile = [] {}) {
        Milliseconds shortest = 1h;
        for (int i = 0; i < 5; ++i) {
            daemon_.kill();
            daemon_.wait();
            meanwhile();
            const auto begin = std::chrono::steady_clock::now();
            daemon_.start();
            EXPECT_FALSE(connect().event("event").is_set());
            shortest = std::min<Milliseconds>(shortest, std::chrono::steady_clock::now() - begin);
        }
        return shortest;
    }

    Manager connect() const { return Manager({.socket = daemon_.socket()}); }

    /// As if the daemon had been killed in the middle of the allocator's work.
    void interrupt_the_allocators() const {
        constexpr std::uint64_t at_work = 1;
        for (const auto& file : daemon_.memory_files()) {
            if (!file.string().ends_with("heap"))
                continue;
            const shared::UniqueFd heap(::open(file.c_str(), O_RDWR | O_CLOEXEC));
            ASSERT_EQ(::pwrite(heap.get(), &at_work, sizeof at_work, offsetof(shared::HeapHeader, allocating)), 8);
        }
    }

    std::uint64_t mib_of_memory() const {
        constexpr std::uint64_t blocks_per_mib = 2048;
        std::uint64_t blocks = 0;
        for (const auto& file : daemon_.memory_files()) {
            struct stat state {};
            EXPECT_EQ(::stat(file.c_str(), &state), 0);
            blocks += static_cast<std::uint64_t>(state.st_blocks);
        }
        return blocks / blocks_per_mib;
    }

    DaemonProcess daemon_;
};

TEST_F(ANextDaemon, ServesWithManyObjectsAtOnce) {
    constexpr int objects = 10'000;
    auto manager = connect();
    for (int i = 0; i < objects / 5; ++i) {
        const auto number = std::to_string(i);
        manager.lock("lock/" + number).lock();
        manager.value<int>("value/" + number, i);
        manager.dict<std::string, int>("dict/" + number, {{"a", 1}, {"b", 2}});
        manager.list<int>("list/" + number, {1, 2, 3});
        manager.event("event/" + number).set();
    }
    const auto time = time_to_serve();
    std::cout << "serves again with " << objects << " objects, 2,000 of them held, after " << time.count() << " ms\n";
    EXPECT_LE(time, 250ms * slowness);
    EXPECT_EQ(manager.list<int>("list/1999").size(), 3U);
}

TEST_F(ANextDaemon, CopiesWhatCanBeReachedOfAHeapWhoseAllocatorWasAtWork) {
    auto manager = connect();
    auto dict = manager.dict<int, std::string>("dict");
    auto pipeline = manager.pipeline();
    const std::string text(1000, 'x');
    const int entries = static_cast<int>(heap_mib() * 1000);
    for (int i = 0; i < entries; ++i)
        static_cast<void>(pipeline.set(dict, i, text));
    pipeline.flush();
    ASSERT_EQ(dict.size(), static_cast<std::size_t>(entries));
    const auto before = mib_of_memory();
    const auto time = time_to_serve([this] { interrupt_the_allocators(); });
    std::cout << "serves again after " << time.count() << " ms, where a memory of " << before
              << " MiB had to be copied\n";
    EXPECT_LE(time, std::max<Milliseconds>(250ms, 3s * static_cast<double>(heap_mib()) / 1024) * slowness);
    EXPECT_EQ(dict.size(), static_cast<std::size_t>(entries));
    EXPECT_EQ(dict.at(entries - 1), text);
}

}  // namespace
}  // namespace steward::tests
