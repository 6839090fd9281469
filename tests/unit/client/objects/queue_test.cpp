#include <steward/queue.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

#include "client/src/packed_any.hpp"
#include "proto/objects/queue.hpp"
#include "tests/unit/client/fake_service.hpp"

namespace steward {
namespace {

using namespace std::chrono_literals;
class AQueue : public tests::FakeService {
  protected:
    Queue<int> queue_ = opened(5, [this] { return manager_.queue<int>("queue", 3); });
    detail::PackedAny forty_two_{manager_, Any(42)};
    detail::PackedAny text_{manager_, Any("no number")};
    proto::queue::Take::Result found_{.found = true, .value = forty_two_, .item = 9};
};

TEST_F(AQueue, GivesBackWhatWasTakenAndIsNotDone) {
    auto asked = answering(found_, proto::Nothing{});
    {
        const auto taken = queue_.take();
        EXPECT_EQ(*taken, 42);
        EXPECT_TRUE(taken);
    }
    const auto requests = asked.get();
    const auto back = decoded<proto::queue::GiveBack>(requests[1]);
    EXPECT_EQ(back.object, 5U);
    EXPECT_EQ(back.item, 9U);
}

TEST_F(AQueue, DoesNotGiveBackWhatIsDone) {
    auto asked = answering(found_, proto::Nothing{});
    {
        auto taken = queue_.take_for(1s);
        ASSERT_TRUE(taken);
        taken->done();
        EXPECT_FALSE(*taken);
        std::error_code ec;
        taken->done(ec);
        EXPECT_EQ(ec, errc::no_such_value);
    }
    const auto requests = asked.get();
    EXPECT_EQ(decoded<proto::queue::Done>(requests[1]).item, 9U);
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AQueue, GivesBackOnceWhatWasMoved) {
    auto asked = answering(found_, proto::Nothing{});
    {
        auto taken = queue_.take();
        Taken<int> other;
        other = std::move(taken);
        EXPECT_EQ(other.value(), 42);
        const auto last = std::move(other);
    }
    asked.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AQueue, GivesBackWhatIsOfAnotherType) {
    auto asked = answering(proto::queue::Take::Result{.found = true, .value = text_, .item = 9}, proto::Nothing{});
    std::error_code ec;
    EXPECT_FALSE(queue_.take(ec));
    EXPECT_EQ(ec, errc::type_mismatch);
    EXPECT_EQ(asked.get()[1].method, proto::queue::GiveBack::method);
}

TEST_F(AQueue, GivesBackNothingWhereTheTimeWasOver) {
    auto asked = answering(proto::queue::Take::Result{}, proto::queue::Get::Result{}, proto::queue::Put::Result{});
    EXPECT_FALSE(queue_.try_take());
    EXPECT_FALSE(queue_.try_get());
    EXPECT_FALSE(queue_.try_put(1));
    const auto requests = asked.get();
    EXPECT_EQ(decoded<proto::queue::Take>(requests[0]).timeout_ns, 0);
    EXPECT_EQ(decoded<proto::queue::Get>(requests[1]).timeout_ns, 0);
    EXPECT_EQ(decoded<proto::queue::Put>(requests[2]).timeout_ns, 0);
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AQueue, KnowsWhetherItIsFull) {
    auto asked = answering(proto::queue::Status::Result{.size = 3, .max_size = 3},
                           proto::queue::Status::Result{.size = 2, .max_size = 3},
                           proto::queue::Status::Result{.size = 9, .max_size = 0});
    EXPECT_TRUE(queue_.full());
    EXPECT_FALSE(queue_.full());
    EXPECT_FALSE(queue_.full());
    asked.get();
}

}  // namespace
}  // namespace steward
