#include "daemon/daemon_requests.hpp"

#include <gtest/gtest.h>

#include "daemon/version.hpp"
#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon {
namespace {

using proto::ObjectType;

class DaemonRequests : public DaemonTest {
  protected:
    Client client_ = client();
};

TEST_F(DaemonRequests, TellsHowTheDaemonDoes) {
    open_object(client_, ObjectType::lock, named("lock"));
    client_.refusal(proto::object::Find{.name = "missing"});
    daemon().now_ns = daemon().started_ns + 5'000'000'000;
    const auto status = client_.call(proto::daemon::Status{});
    EXPECT_EQ(status.version, version);
    EXPECT_EQ(status.pid, ::getpid());
    EXPECT_EQ(status.instance, "test");
    EXPECT_EQ(status.uptime_ms, 5'000);
    EXPECT_EQ(status.sessions, 1U);
    EXPECT_EQ(status.objects, 1U);
    EXPECT_EQ(status.waiters, 0U);
    EXPECT_EQ(status.requests, 3U);
    EXPECT_EQ(status.refusals, 1U);
    EXPECT_EQ(status.domains, 1U);
    EXPECT_GT(status.memory_used_bytes, 0U);
    EXPECT_GE(status.memory_obtained_bytes, status.memory_used_bytes);
    EXPECT_EQ(status.memory_limit_bytes, ample_bytes);
}

}  // namespace
}  // namespace steward::daemon
