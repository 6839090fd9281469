#include <gtest/gtest.h>

#include <string>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;

/// A daemon that may not take much memory.
class AMemoryLimit : public DaemonTest {
  protected:
    /// Appends to a list of another name until there is no room left.
    void fill() {
        const auto list = client_.call(proto::list::Open{.open = named("ballast"), .initial = {}}).object;
        for (std::size_t size = 100'000; size > 0; size /= 10) {
            const auto value = pack(std::string(size, 'x'));
            while (!client_.refusal(proto::list::Append{.object = list, .value = {value}})) {
            }
        }
        while (!client_.refusal(proto::list::Append{.object = list, .value = {pack(nullptr)}})) {
        }
    }

    Client client_ = prepared();

  private:
    Client prepared() {
        limit_memory(std::uint64_t{8} << 20);
        return client();
    }
};

TEST_F(AMemoryLimit, RefusesWithNoMemoryWhatDoesNotFitAndChangesNothing) {
    const auto value = client_.call(proto::value::Open{.open = named("value"), .initial = {pack("kept")}}).object;
    const auto dict = client_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    const auto list = client_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    const auto half = pack(std::string(5'000'000, 'x'));
    const auto large = pack_array({half, half});
    EXPECT_EQ(client_.refusal(proto::value::Set{.object = value, .value = {large}}), Errc::no_memory);
    EXPECT_EQ(client_.refusal(proto::dict::Set{.object = dict, .key = {pack(1)}, .value = {large}}), Errc::no_memory);
    EXPECT_EQ(client_.refusal(proto::list::Append{.object = list, .value = {large}}), Errc::no_memory);
    EXPECT_EQ(client_.refusal(proto::value::Open{.open = named("new"), .initial = {large}}), Errc::no_memory);
    EXPECT_EQ(text_of(client_.call(proto::value::Get{.object = value}).value), "kept");
    EXPECT_EQ(client_.call(proto::dict::Len{.object = dict}).len, 0U);
    EXPECT_EQ(client_.call(proto::list::Len{.object = list}).len, 0U);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "new"}), Errc::no_such_object);
}

TEST_F(AMemoryLimit, LeavesWhatNeedsNoMemoryWorking) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    const auto value = client_.call(proto::value::Open{.open = named("value"), .initial = {pack(1)}}).object;
    fill();
    EXPECT_TRUE(client_.call(proto::lock::Acquire{.object = lock, .where = {}}).acquired);
    client_.call(proto::lock::Release{.object = lock});
    client_.call(proto::value::Set{.object = value, .value = {pack(2)}});
    EXPECT_EQ(integer_of(client_.call(proto::value::Get{.object = value}).value), 2);
    EXPECT_EQ(client_.call(proto::daemon::Status{}).objects, 3U);
}

TEST_F(AMemoryLimit, FreesTheLockOfADeadProcessThoughThereIsNoMemoryToSayWhoDied) {
    auto holder = client();
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    holder.call(proto::lock::Acquire{.object = lock, .where = {}});
    fill();
    kill(holder);
    EXPECT_TRUE(client_.call(proto::lock::Acquire{.object = lock, .timeout_ns = 0, .where = {}}).acquired);
}

TEST_F(AMemoryLimit, RefusesWaitsAndObjectsAndSessionsWithNoMemory) {
    const auto event = client_.call(proto::event::Open{.open = named("event")}).object;
    fill();
    std::optional<Errc> refusal;
    for (int i = 0; i < 100'000 && !refusal; ++i)
        refusal = client_.refusal(proto::event::Wait{.object = event, .where = {}});
    EXPECT_EQ(refusal, Errc::no_memory);
    EXPECT_THROW(for (int i = 0; i < 100'000; ++i) client(), shared::NoMemory);
    client_.call(proto::event::Set{.object = event});
    EXPECT_EQ(daemon().waiting.size(), 0U) << "those who wait go on";
}

TEST_F(AMemoryLimit, LetsEverythingWorkAgainWhenMemoryIsFreed) {
    fill();
    const auto text = pack(std::string(1'000'000, 'x'));
    EXPECT_EQ(client_.refusal(proto::value::Open{.open = named("value"), .initial = {text}}), Errc::no_memory);
    client_.call(proto::object::Remove{.name = "ballast"});
    tidy();
    EXPECT_EQ(client_.refusal(proto::value::Open{.open = named("value"), .initial = {text}}), std::nullopt);
}

TEST_F(AMemoryLimit, TakesBackTheManyPermitsOfADeadProcessThoughMemoryIsFull) {
    constexpr std::int64_t permits = 10'000;
    const auto slots =
        client_.call(proto::semaphore::Open{.open = named("slots"), .permits = permits, .recover = true}).object;
    auto holder = client();
    for (std::uint32_t thread = 0; thread < 5'000; ++thread)
        holder.call(proto::semaphore::Acquire{.object = slots, .thread = thread, .timeout_ns = 0, .where = {}});
    fill();
    kill(holder);
    EXPECT_EQ(client_.call(proto::semaphore::Value{.object = slots}).permits, permits);
}

}  // namespace
}  // namespace steward::daemon
