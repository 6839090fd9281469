#include <steward/lock.hpp>

#include <gtest/gtest.h>

#include <string>

#include "proto/deadlock.hpp"
#include "proto/objects/event.hpp"
#include "proto/objects/lock.hpp"
#include "tests/support/background.hpp"
#include "tests/unit/client/fake_service.hpp"

namespace steward {
namespace {

using ALock = tests::FakeService;

TEST_F(ALock, IsOpenedWithItsOptions) {
    auto asked = answering(proto::Opened{.object = 5, .created = true});
    manager_.lock("a", {.ephemeral = true, .transferable = true, .fair = true});
    const auto requests = asked.get();
    const auto open = decoded<proto::lock::Open>(requests[0]);
    EXPECT_EQ(open.open.name, "a");
    EXPECT_TRUE(open.open.ephemeral);
    EXPECT_TRUE(open.transferable);
    EXPECT_TRUE(open.fair);
}

TEST_F(ALock, PassesOnTheCycleOfADeadlockWithItsName) {
    auto own = lock(5, "accounts");
    std::string data;
    proto::Writer writer(data);
    encode(writer, proto::Deadlock{.cycle = {{.session = 7, .thread = 1, .object = 5, .name = "accounts"}}});
    auto refusing =
        tests::in_background([&] { daemon_.refuse(daemon_.next(), proto::Errc::deadlock, "held already", data); });
    try {
        own.acquire();
        FAIL() << "no error";
    } catch (const DeadlockError& deadlock) {
        EXPECT_STREQ(deadlock.what(), "'accounts': held already: waiting would never end");
        ASSERT_EQ(deadlock.cycle().size(), 1U);
        EXPECT_EQ(deadlock.cycle()[0].name, "accounts");
    }
    refusing.get();
}

TEST_F(ALock, GivesTheCodeOfADeadlockWithoutExceptions) {
    auto own = lock(5);
    auto refusing =
        tests::in_background([&] { daemon_.refuse(daemon_.next(), proto::Errc::deadlock, "held already"); });
    std::error_code ec;
    own.acquire(ec);
    EXPECT_EQ(ec, errc::deadlock);
    refusing.get();
}

using AnEvent = tests::FakeService;

TEST_F(AnEvent, IsOpenedWithItsOptions) {
    auto asked = answering(proto::Opened{.object = 5, .created = true});
    manager_.event("a", {.auto_reset = true});
    const auto requests = asked.get();
    EXPECT_TRUE(decoded<proto::event::Open>(requests[0]).auto_reset);
}

}  // namespace
}  // namespace steward
