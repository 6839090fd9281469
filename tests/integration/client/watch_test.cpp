#include <steward/watch.hpp>

#include <poll.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/integration/client/client_test.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class AWatch : public ClientTest {
  protected:
    Dict<std::string, int> stats_ = manager_.dict<std::string, int>("stats/hits");

    static bool is_readable(const Watch& watch) {
        pollfd descriptor{.fd = watch.descriptor(), .events = POLLIN, .revents = 0};
        return ::poll(&descriptor, 1, 0) == 1;
    }
};

TEST_F(AWatch, TellsWhatChangedInOrder) {
    auto watch = manager_.watch(stats_);
    EXPECT_FALSE(watch.try_next());
    EXPECT_FALSE(is_readable(watch));
    stats_.set("a", 1);
    stats_.increment("a", 1);
    const auto first = watch.next();
    EXPECT_EQ(first.object, stats_.id());
    EXPECT_EQ(first.name, "stats/hits");
    EXPECT_EQ(first.type, ObjectType::dict);
    EXPECT_EQ(first.what, "set");
    EXPECT_EQ(first.key, Any("a"));
    const auto second = watch.next_for(10s);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->what, "increment");
    EXPECT_EQ(second->version, stats_.info().version);
    EXPECT_FALSE(watch.next_for(0s));
}

TEST_F(AWatch, IsReadableWhenThereIsSomething) {
    auto watch = manager_.watch("stats/");
    stats_.set("a", 1);
    pollfd descriptor{.fd = watch.descriptor(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&descriptor, 1, 10'000), 1);
    EXPECT_TRUE(watch.try_next());
}

TEST_F(AWatch, FollowsAPrefix) {
    auto watch = manager_.watch("stats/");
    manager_.event("other");
    auto event = manager_.event("stats/ready");
    event.set();
    event.remove();
    std::vector<std::string> seen;
    for (const auto& change : watch) {
        seen.push_back(change.name + " " + change.what);
        if (change.what == "removed")
            break;
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"stats/ready created", "stats/ready set", "stats/ready removed"}));
}

TEST_F(AWatch, CountsWhatItMissesAndNeverHoldsUpTheDaemon) {
    auto watch = manager_.watch("stats/");
    constexpr std::uint64_t changes = 60'000;  // more than the buffers of watch and sockets hold
    auto pipeline = manager_.pipeline();
    for (std::uint64_t i = 0; i < changes; ++i)
        static_cast<void>(pipeline.set(stats_, "a key that takes a little room in the buffers", static_cast<int>(i)));
    pipeline.flush();
    stats_.set("the end", 0);
    std::uint64_t told = 0;
    std::uint64_t lost = 0;
    while (told + lost < changes + 1) {
        const auto change = watch.next();
        told += change.object != 0 ? 1 : 0;
        lost += change.lost;
    }
    EXPECT_EQ(told + lost, changes + 1);
    EXPECT_GT(lost, 0U);
}

TEST_F(AWatch, IsOfObjectsThatAreThere) {
    auto gone = manager_.event("gone");
    gone.remove();
    EXPECT_EQ(error_of([&] { manager_.watch(gone); }), errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
