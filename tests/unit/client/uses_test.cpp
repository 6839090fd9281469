#include "client/src/uses.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace steward::detail {
namespace {

/// Whether it is true in a forked child.
template <class Predicate>
bool in_a_child(Predicate&& predicate) {
    const auto child = fork();
    if (child == 0)
        ::_exit(predicate() ? 0 : 1);
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0;
}

/// The objects that a session uses, and a daemon that counts what is given back.
class AUse : public testing::Test {
  protected:
    using GivenBack = std::map<std::uint64_t, std::vector<std::uint64_t>>;

    AUse() { uses_->begin_session(); }

    GivenBack given_back_;
    std::shared_ptr<Uses> uses_ = std::make_shared<Uses>(
        [this](std::uint64_t object, std::uint64_t receipts) { given_back_[object].push_back(receipts); });
};

TEST_F(AUse, GivesBackEveryReceiptWithItsLastHandle) {
    auto first = uses_->told(5);
    auto second = uses_->told(5);
    auto found = uses_->find(5);
    first.reset();
    second.reset();
    EXPECT_TRUE(given_back_.empty());
    found.reset();
    EXPECT_EQ(given_back_, (GivenBack{{5, {2}}}));
    EXPECT_EQ(uses_->find(5), nullptr);
}

TEST_F(AUse, BeginsToCountAnewAfterwards) {
    uses_->told(5);
    uses_->told(5);
    EXPECT_EQ(given_back_, (GivenBack{{5, {1, 1}}}));
}

TEST_F(AUse, OfAnObjectThatWasOpenedByNameLastsAsLongAsTheSession) {
    auto opened = uses_->opened_by_name(5);
    auto told = uses_->told(5);
    EXPECT_EQ(opened, told);
    opened.reset();
    told.reset();
    EXPECT_EQ(given_back_, (GivenBack{{5, {1}}}));
    uses_->opened_by_name(6);
    EXPECT_FALSE(given_back_.contains(6));
}

TEST_F(AUse, IsHarmlessWhenTheManagerIsGone) {
    auto use = uses_->told(5);
    uses_->close();
    uses_.reset();
    use.reset();
    EXPECT_TRUE(given_back_.empty());
}

TEST_F(AUse, OfAParentIsNotGivenBackByAChild) {
    auto use = uses_->told(5);
    EXPECT_TRUE(in_a_child([&] {
        use.reset();
        return given_back_.empty();
    }));
}

TEST_F(AUse, ThatAChildInheritsIsItsOwnOnceItHasASession) {
    auto use = uses_->told(5);
    auto again = uses_->told(5);
    auto named = uses_->opened_by_name(6);
    EXPECT_TRUE(in_a_child([&] {
        const auto inherited = uses_->begin_session().size();
        use.reset();
        again.reset();
        named.reset();
        return inherited == 2 && given_back_ == GivenBack{{5, {1}}};
    }));
}

TEST_F(AUse, IsInOrderInAChildThatIsMadeInTheMiddleOfAChange) {
    std::atomic<bool> stop = false;
    uses_ = std::make_shared<Uses>([](std::uint64_t, std::uint64_t) {});
    uses_->begin_session();
    std::thread other([&] {
        for (std::uint64_t object = 1; !stop; object = object % 64 + 1)
            uses_->told(object);
    });
    for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(in_a_child([&] {
            uses_->begin_session();
            const auto use = uses_->told(99);
            return uses_->find(99) == use;
        }));
    stop = true;
    other.join();
}

TEST(Uses, GiveBackExactlyWhatThreadsWereToldAtOnce) {
    std::atomic<std::uint64_t> given_back = 0;
    const auto uses =
        std::make_shared<Uses>([&](std::uint64_t, std::uint64_t receipts) { given_back.fetch_add(receipts); });
    uses->begin_session();
    constexpr int threads = 8;
    constexpr int times = 20'000;
    std::vector<std::thread> running;
    running.reserve(threads);
    for (int i = 0; i < threads; ++i)
        running.emplace_back([&] {
            for (int j = 0; j < times; ++j) {
                const auto use = uses->told(5);
                if (uses->find(5) != use)
                    std::abort();
            }
        });
    for (auto& thread : running)
        thread.join();
    EXPECT_EQ(given_back, std::uint64_t{threads} * times);
}

}  // namespace
}  // namespace steward::detail
