#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "client/cli/doctor/kernel.hpp"
#include "client/cli/doctor/leftovers.hpp"
#include "client/cli/doctor/limits.hpp"
#include "client/cli/doctor/memory.hpp"
#include "client/cli/doctor/speed.hpp"
#include "client/cli/doctor/way.hpp"

namespace steward::cli::doctor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

MemoryFigures memory(std::uint64_t free_mib, std::uint64_t used_mib = 10) {
    MemoryFigures figures{.free_bytes = free_mib * mib};
    figures.status.emplace();
    figures.status->memory_used_bytes = used_mib * mib;
    figures.status->memory_obtained_bytes = used_mib * mib;
    figures.status->memory_limit_bytes = 1024 * mib;
    return figures;
}

TEST(TheDoctor, IsContentWithMoreMemoryThanTheDaemonMayTake) {
    const auto finding = judge(memory(2000));
    EXPECT_EQ(finding.verdict, Verdict::good);
    EXPECT_THAT(finding.advice, IsEmpty());
    EXPECT_THAT(finding.found, HasSubstr("10.0 MiB of 1.0 GiB"));
}

TEST(TheDoctor, WarnsOfALimitThatPromisesMoreThanThereIs) {
    EXPECT_EQ(judge(memory(500)).verdict, Verdict::warning);
    EXPECT_THAT(judge(memory(500)).advice, HasSubstr("memory-limit"));
}

TEST(TheDoctor, WarnsOfALimitThatIsNearlyReached) {
    EXPECT_EQ(judge(memory(2000, 950)).verdict, Verdict::warning);
}

TEST(TheDoctor, FindsNoRoomBad) {
    EXPECT_EQ(judge(memory(5)).verdict, Verdict::bad);
    EXPECT_THAT(judge(memory(5)).advice, HasSubstr("--shm-size"));
    EXPECT_EQ(judge(MemoryFigures{.free_bytes = 5 * mib}).verdict, Verdict::bad) << "also without a daemon";
}

TEST(TheDoctor, WarnsOfMemoryOnADisk) {
    auto figures = memory(2000);
    figures.is_memory = false;
    EXPECT_EQ(judge(figures).verdict, Verdict::warning);
}

TEST(TheDoctor, WarnsOfFewDescriptorsAndOfLittleRoomForAddresses) {
    EXPECT_EQ(judge_own({.most = 1024}, unlimited, 1024 * mib).verdict, Verdict::good);
    EXPECT_EQ(judge_own({.most = 16}, unlimited, 0).verdict, Verdict::warning);
    EXPECT_EQ(judge_own({.most = 1024}, 100 * mib, 1024 * mib).verdict, Verdict::warning);
    EXPECT_THAT(judge_own({.most = unlimited}, unlimited, 0).found, HasSubstr("any number"));
}

TEST(TheDoctor, WarnsOfADaemonThatHasNearlyAllItsDescriptors) {
    EXPECT_EQ(judge_daemons({.open = 100, .most = 1024}).verdict, Verdict::good);
    EXPECT_EQ(judge_daemons({.open = 1000, .most = 1024}).verdict, Verdict::warning);
    EXPECT_EQ(judge_daemons({.open = 1000, .most = unlimited}).verdict, Verdict::good);
}

TEST(TheDoctor, SaysWhatAKernelLacks) {
    EXPECT_EQ(judge(KernelFeatures{.release = "6.8"}).verdict, Verdict::good);
    const auto old = judge(KernelFeatures{.release = "6.1", .peer_pidfd = false});
    EXPECT_EQ(old.verdict, Verdict::good) << "nobody can do anything about it";
    EXPECT_THAT(old.found, HasSubstr("SO_PEERPIDFD"));
    EXPECT_EQ(judge(KernelFeatures{.release = "4.19", .pidfd_open = false}).verdict, Verdict::warning);
    EXPECT_EQ(judge(KernelFeatures{.release = "6.8", .memfd_create = false}).verdict, Verdict::bad);
}

TEST(TheDoctor, SaysNothingOfWhatItDoesNotSee) {
    EXPECT_EQ(judge({}, 0, 3).verdict, Verdict::unseen) << "files of others";
    EXPECT_EQ(judge(MemoryFigures{}).verdict, Verdict::unseen);
    EXPECT_EQ(look_at_limits_of(::getpid(), ::getppid()).verdict, Verdict::unseen) << "another namespace of processes";
    EXPECT_EQ(look_at_limits_of(::getpid(), ::getpid()).verdict, Verdict::good);
}

TEST(TheDoctor, WarnsOfAnotherVersion) {
    proto::daemon::Status::Result status{.version = STEWARD_VERSION};
    EXPECT_EQ(judge(status).verdict, Verdict::good);
    status.version = "99.0.0";
    EXPECT_EQ(judge(status).verdict, Verdict::warning);
    EXPECT_THAT(judge(status).found, HasSubstr("99.0.0"));
    EXPECT_THAT(judge(status).advice, HasSubstr("the same version"));
}

TEST(TheDoctor, NamesSomeLeftoversAndTheSizeOfAll) {
    EXPECT_EQ(judge({}, 2).verdict, Verdict::good);
    const auto finding = judge(std::vector<Leftover>(7, {.path = "/dev/shm/steward-1.heap", .bytes = mib}), 2);
    EXPECT_EQ(finding.verdict, Verdict::warning);
    EXPECT_THAT(finding.found, HasSubstr("7 files of 7.0 MiB"));
    EXPECT_THAT(finding.found, HasSubstr(" ..."));
}

TEST(TheDoctor, WarnsOfALongRoundTripAndOfALockThatAsksTheDaemon) {
    EXPECT_EQ(judge_round_trip(11'000).verdict, Verdict::good);
    EXPECT_EQ(judge_round_trip(3e6).verdict, Verdict::warning);
    EXPECT_EQ(judge_lock(12).verdict, Verdict::good);
    EXPECT_EQ(judge_lock(25'000).verdict, Verdict::warning);
}

}  // namespace
}  // namespace steward::cli::doctor
