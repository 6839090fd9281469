#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "proto/read_only.hpp"
#include "tests/in_process/changing_requests.hpp"
#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::repeated_requests_test {
namespace {

using namespace changing_requests;

/// Those that are no changes of an object, or end when the connection does.
const std::set<std::string_view> others{"session.open", "session.close", "session.cancel", "session.end_thread",
                                        "process.wait", "watch.open",    "watch.close",    "dump.begin",
                                        "dump.read",    "restore.begin", "restore.add",    "restore.finish",
                                        "daemon.reload"};

template <class... M>
std::vector<std::string_view> changing(proto::MessageList<M...>) {
    std::vector<std::string_view> methods;
    ((proto::is_read_only<M> || others.contains(M::method) ? void() : methods.push_back(M::method)), ...);
    return methods;
}

TEST(RepeatedRequests, AreAllTested) {
    const auto requests = all();
    for (const auto method : changing(proto::Messages{}))
        EXPECT_TRUE(std::ranges::find(requests, method, &Request::method) != requests.end()) << method;
}

class ARepeatedRequest : public DaemonTest, public testing::WithParamInterface<Request> {
  protected:
    Client client_ = client();
};

/// Neither one is, whose reply was lost with the daemon, nor one whose connection was lost.
TEST_P(ARepeatedRequest, IsCarriedOutOnce) {
    const auto frame = GetParam().prepare(client_);
    client_.take_changes();
    client_.dispatch(frame);
    pass(0);
    const auto reply = reply_in(client_.session().outbox);
    ASSERT_NE(reply, "");
    const auto after = state_of(daemon());
    const auto number = client_.number();
    for (const bool daemon_dies : {false, true}) {
        if (daemon_dies)
            restart_under_clients();
        else
            daemon().disconnect_session(client_.session());
        auto again = resumed(number);
        again.dispatch(frame);
        if (!GetParam().reply_varies) {
            EXPECT_EQ(reply_in(again.session().outbox), reply) << daemon_dies;
        }
        EXPECT_NE(reply_in(again.session().outbox), "") << daemon_dies;
        EXPECT_EQ(state_of(daemon()), after) << daemon_dies;
        again.take_changes();
    }
}

/// What the client has the reply to is forgotten: its number may come again.
TEST_P(ARepeatedRequest, IsForgottenWhenItsReplyIsThere) {
    const auto frame = GetParam().prepare(client_);
    client_.dispatch(frame);
    for (std::uint64_t next = its_number + 1; next <= its_number + 16; ++next)
        client_.dispatch(frame_of(proto::semaphore::Open{.open = {.name = std::to_string(next)}}, next));
    EXPECT_EQ(Results::find(client_.session(), its_number), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, ARepeatedRequest, testing::ValuesIn(all()), named_test);

}  // namespace
}  // namespace steward::daemon::repeated_requests_test
