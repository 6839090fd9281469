#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <random>
#include <string>

#include "daemon/logging.hpp"
#include "daemon/state_folder.hpp"
#include "shared/dump_file.hpp"
#include "tests/in_process/left_memory.hpp"
#include "tests/support/environment.hpp"

namespace steward::daemon::flipped_bits_test {
namespace {

/// How the files are changed, one after the other: the same for the same seed.
class FlippedBits : public testing::Test {
  protected:
    FlippedBits() { set_up_logging({.log_level = "off"}); }

    static std::uint64_t rounds() { return tests::number_from_environment("STEWARD_FLIPS", 150); }

    /// In a process of its own, for it may crash, and under a watchdog, for it may not end.
    void expect_to_end_well(std::uint64_t round, const std::function<void()>& act) const {
        const auto child = ::fork();
        if (child == 0) {
            ::alarm(20);
            act();
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0) << "in round " << round << " of STEWARD_FLIPS_SEED=" << seed_;
    }

    void flip_some(int file, const tests::FileImage& image) {
        for (auto left = 1 + random_() % 2; left > 0; --left)
            image.flip(file, random_() % image.size(), static_cast<unsigned>(random_() % 8));
    }

    const std::uint64_t seed_ = tests::number_from_environment("STEWARD_FLIPS_SEED", std::random_device{}());
    std::mt19937_64 random_{seed_};
};

TEST_F(FlippedBits, OfAHeapAreRefusedOrReadSafely) {
    const tests::LeftMemory memory;
    for (std::uint64_t round = 0; round < rounds(); ++round) {
        memory.restore();
        flip_some(memory.open_heap().get(), memory.heap_image());
        expect_to_end_well(round, [&] {
            if (const auto daemon = memory.take_up())
                memory.use(*daemon);
        });
    }
}

TEST_F(FlippedBits, OfWordsAreRefusedOrReadSafely) {
    const tests::LeftMemory memory;
    for (std::uint64_t round = 0; round < rounds(); ++round) {
        memory.restore();
        flip_some(memory.open_words().get(), memory.words_image());
        expect_to_end_well(round, [&] {
            if (const auto daemon = memory.take_up())
                memory.use(*daemon);
        });
    }
}

TEST_F(FlippedBits, OfNothingAreNoReasonToRefuse) {
    const tests::LeftMemory memory;
    memory.restore();
    const auto daemon = memory.take_up();
    ASSERT_NE(daemon, nullptr);
    EXPECT_GE(daemon->registry.size(), 15U);
    memory.use(*daemon);
}

}  // namespace
}  // namespace steward::daemon::flipped_bits_test
