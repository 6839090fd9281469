#include "daemon/dispatcher.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;

class ADispatcher : public DaemonTest {
  protected:
    static std::string request(std::uint64_t id, std::string_view method, const std::string& params) {
        return pack_array({pack(0), pack(id), pack(method), params});
    }
    std::optional<Errc> refusal(std::string_view method, const std::string& params) {
        client_.dispatch(request(++id_, method, params));
        return client_.refusal_of(id_);
    }

    Client client_ = client();
    std::uint64_t id_ = 1'000;
};

TEST_F(ADispatcher, RefusesAMethodThatItDoesNotKnow) {
    EXPECT_EQ(refusal("lock.polish", pack_array({})), Errc::unknown_method);
    EXPECT_EQ(refusal("", pack_array({})), Errc::unknown_method);
    EXPECT_EQ(refusal("lock.acquire ", pack_array({})), Errc::unknown_method);
}

TEST_F(ADispatcher, RefusesArgumentsOfTheWrongTypeAndNamesThem) {
    EXPECT_EQ(refusal("value.get", pack_array({pack("not an id")})), Errc::invalid_argument);
    EXPECT_EQ(refusal("value.get", pack_array({pack(-1)})), Errc::invalid_argument);
    EXPECT_EQ(refusal("value.get", pack(7)), Errc::invalid_argument);
    EXPECT_EQ(refusal("lock.open", pack_array({pack("name")})), Errc::invalid_argument) << "open is a structure";
    EXPECT_EQ(refusal("object.list", pack_array({pack(""), pack(300)})), Errc::invalid_argument);
}

TEST_F(ADispatcher, CarriesOutANotificationWithoutAReply) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")});
    client_.call(proto::lock::Acquire{.object = lock.object, .thread = 7});
    std::string frame;
    proto::encode_notification(frame, proto::session::EndThread{.thread = 7});
    client_.dispatch(frame);
    EXPECT_TRUE(client_.session().outbox.empty());
    EXPECT_EQ(client_.call(proto::object::Find{.name = "lock"}).state, "free");
}

TEST_F(ADispatcher, IgnoresNotificationsThatAreWrongOrOfWhatNeedsAReply) {
    const auto requests = client_.session().requests;
    for (const auto* method : {"object.drop", "object.notify", "lock.acquire", "lock.polish", ""})
        client_.dispatch(pack_array({pack(2), pack(method), pack("text")}));
    EXPECT_TRUE(client_.session().outbox.empty());
    EXPECT_EQ(client_.session().requests, requests + 5);
}

template <class... M>
std::vector<std::string_view> methods_of(proto::MessageList<M...>) {
    return {M::method...};
}

TEST_F(ADispatcher, AnswersEveryMethodWhateverItsArgumentsAre) {
    const auto deep = pack_array({pack_array({pack_array({pack("deep")})})});
    for (const auto method : methods_of(proto::Messages{})) {
        for (const auto& params : {pack(nullptr), pack("text"), pack_array({}), pack_map({pack(1), pack(2)}), deep,
                                   pack_array({pack(nullptr), pack(nullptr), pack(nullptr), pack(nullptr)}),
                                   pack_array({pack(-1), pack(-1), pack(-1), pack(-1), pack(-1)}),
                                   pack_array({pack("x"), pack("x"), pack("x"), pack("x"), pack("x")}),
                                   pack_array({pack(1), pack(true), pack(2.5), deep, pack_map({})})}) {
            client_.dispatch(request(++id_, method, params));
            EXPECT_FALSE(client_.waits(id_)) << method;
            EXPECT_NE(client_.refusal_of(id_), Errc::internal_error) << method;
        }
    }
}

TEST_F(ADispatcher, IgnoresArgumentsThatALaterVersionAdds) {
    EXPECT_EQ(refusal("object.find", pack_array({pack("name"), pack("a later field")})), Errc::no_such_object);
}

TEST_F(ADispatcher, ThrowsWhereTheFrameIsNoRequest) {
    for (const auto& frame :
         {pack(1), pack_array({}), pack_array({pack(1), pack(1), pack(nullptr), pack(nullptr)}),
          pack_array({pack(2), pack("m")}), pack_array({pack(0), pack("id"), pack("m"), pack_array({})})})
        EXPECT_THROW(client_.dispatch(frame), proto::Malformed);
}

TEST_F(ADispatcher, CountsRequestsAndRefusals) {
    const auto requests = daemon().requests;
    const auto refusals = daemon().refusals;
    refusal("no.such", pack_array({}));
    client_.call(proto::daemon::Status{});
    EXPECT_EQ(daemon().requests, requests + 2);
    EXPECT_EQ(daemon().refusals, refusals + 1);
    EXPECT_EQ(client_.session().requests, 2U);
}

TEST_F(ADispatcher, SaysWhoseOutboxesHaveToBeFlushedOnce) {
    auto other = client();
    daemon().take_flushes();
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    client_.call(proto::lock::Acquire{.object = lock, .where = {}});
    daemon().take_flushes();
    other.request(proto::lock::Acquire{.object = lock, .where = {}});
    EXPECT_TRUE(daemon().take_flushes().empty()) << "it waits";
    client_.request(proto::lock::Release{.object = lock});
    const auto flushes = daemon().take_flushes();
    EXPECT_EQ(std::set<std::uint32_t>(flushes.begin(), flushes.end()),
              std::set<std::uint32_t>({client_.number(), other.number()}));
    EXPECT_TRUE(daemon().take_flushes().empty());
}

}  // namespace
}  // namespace steward::daemon
