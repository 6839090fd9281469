#include <steward/lock_order.hpp>

#include <unistd.h>

#include <mutex>
#include <string>
#include <vector>

#include "tests/integration/client/client_test.hpp"

namespace steward::tests {
namespace {

class ALockOrder : public ClientTest {
  protected:
    Manager asking() const {
        return Manager({.socket = daemon_.socket(), .client_name = "test", .lock_order_warnings = true});
    }

    static void nest(const Manager& manager, const std::string& held, const std::string& taken) {
        auto first = manager.lock(held);
        auto second = manager.lock(taken);
        const std::scoped_lock outer{first};
        const std::scoped_lock inner{second};
    }
};

TEST_F(ALockOrder, OfAnotherProcessIsToldToTheOneThatReversesIt) {
    ChildProcess child([this] {
        nest(asking(), "a", "b");
        return 0;
    });
    ASSERT_EQ(child.wait(), 0);
    const auto manager = asking();
    std::vector<LockOrderWarning> warnings;
    manager.on_lock_order([&](const LockOrderWarning& warning) {
        EXPECT_TRUE(manager.lock("a").locked()) << "the Manager may be used, and the lock is held";
        warnings.push_back(warning);
    });
    nest(manager, "b", "a");
    nest(manager, "b", "a");
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].first_name, "b");
    EXPECT_EQ(warnings[0].second_name, "a");
    EXPECT_EQ(warnings[0].second, manager.lock("a").id());
    EXPECT_TRUE(warnings[0].where.starts_with("lock_order_test.cpp:")) << warnings[0].where;
    EXPECT_TRUE(warnings[0].where_before.starts_with("lock_order_test.cpp:")) << warnings[0].where_before;
    for (const auto pid : {getpid(), child.pid()})
        EXPECT_NE(warnings[0].sentence.find("pid " + std::to_string(pid)), std::string::npos) << warnings[0].sentence;
}

TEST_F(ALockOrder, IsNotMadeByScopedLocksOfSeveral) {
    const auto manager = asking();
    bool warned = false;
    manager.on_lock_order([&](const LockOrderWarning&) { warned = true; });
    auto a = manager.lock("a");
    auto b = manager.lock("b");
    { const std::scoped_lock both{a, b}; }
    { const std::scoped_lock both{b, a}; }
    EXPECT_FALSE(warned);
}

TEST_F(ALockOrder, IsToldToNobodyWhoDoesNotAsk) {
    bool warned = false;
    manager_.on_lock_order([&](const LockOrderWarning&) { warned = true; });
    nest(manager_, "a", "b");
    nest(manager_, "b", "a");
    EXPECT_FALSE(warned);
}

TEST_F(ALockOrder, IsWrittenToStandardErrorWhereThereIsNoCallback) {
    const auto manager = asking();
    nest(manager, "a", "b");
    testing::internal::CaptureStderr();
    nest(manager, "b", "a");
    EXPECT_TRUE(testing::internal::GetCapturedStderr().starts_with("steward: lock order: pid "));
}

}  // namespace
}  // namespace steward::tests
