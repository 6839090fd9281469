#include <random>
#include <string>
#include <vector>

#include "tests/integration/daemon/daemon_test.hpp"

namespace steward::tests {
namespace {

class MalformedInput : public testing::Test {
  protected:
    RawClient connect() { return RawClient(daemon_.socket(), RawClient::Begin::without_session); }

    /// The reason with which the daemon ends the connection of a client that sends these bytes.
    std::optional<Errc> reason_for(std::string_view bytes) {
        RawClient client(daemon_.socket());
        client.send(bytes);
        const auto closing = client.read_to_end();
        return closing ? std::optional(closing->code) : std::nullopt;
    }

    DaemonProcess daemon_{{"--max-frame", "64kb"}};
    RawClient witness_{daemon_.socket()};
};

TEST_F(MalformedInput, OfGarbageEndsThatConnectionWithAReason) {
    EXPECT_EQ(reason_for("\xc1"), Errc::protocol_error) << "reserved by MessagePack";
    EXPECT_EQ(reason_for("GET / HTTP/1.1\r\n\r\n"), Errc::protocol_error);
    EXPECT_EQ(reason_for(pack_array({pack(0), pack(1)})), Errc::protocol_error);
    EXPECT_EQ(reason_for(pack_array({pack(1), pack(1), pack(nullptr), pack(nullptr)})), Errc::protocol_error);
    EXPECT_TRUE(serves(witness_));
}

TEST_F(MalformedInput, OfRandomBytesNeverHurtsOthers) {
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
        std::string bytes(1 + random() % 500, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        auto stranger = connect();
        if (round % 2 == 0)
            stranger = RawClient(daemon_.socket());
        stranger.send(bytes);
        ASSERT_TRUE(serves(witness_)) << "seed " << seed << ", round " << round;
    }
}

TEST_F(MalformedInput, OfHalfAMessageKeepsNobodyElseWaiting) {
    auto slow = connect();
    const auto whole = RawClient::encoded(1, proto::session::Open{.client_name = "slow", .capabilities = {}});
    slow.send(std::string_view(whole).substr(0, whole.size() / 2));
    EXPECT_TRUE(serves(witness_));
    slow.send(std::string_view(whole).substr(whole.size() / 2));
    EXPECT_GT(slow.result_of<proto::session::Open>(1).session, 0U) << "the other half may come later";
}

TEST_F(MalformedInput, OfAMessageThatIsTooLargeIsRefusedBeforeItHasCome) {
    EXPECT_EQ(reason_for(std::string("\xdb\x7f\xff\xff\xff", 5) + std::string(70'000, 'x')), Errc::too_large);
    EXPECT_EQ(reason_for(pack_array({pack(std::string(70'000, 'x'))})), Errc::too_large);
    EXPECT_TRUE(serves(witness_));
}

TEST_F(MalformedInput, ThatAnnouncesSixteenMillionElementsIsRefused) {
    EXPECT_EQ(reason_for(std::string_view("\xdd\x01\0\0\0\x01\x01\x01\x01\x01", 10)), Errc::too_large);
    EXPECT_EQ(reason_for(std::string_view("\xdf\x7f\xff\xff\xff", 5)), Errc::too_large);
}

TEST_F(MalformedInput, ThatIsNestedTooDeeplyIsRefused) {
    EXPECT_EQ(reason_for(std::string(60'000, '\x91')), Errc::too_large);
    EXPECT_EQ(reason_for(std::string(60'000, '\x81')), Errc::too_large);
    EXPECT_TRUE(serves(witness_));
}

TEST_F(MalformedInput, OfWrongArgumentsIsAnsweredAndTheConnectionGoesOn) {
    RawClient client(daemon_.socket());
    client.send(pack_array({pack(0), pack(1'000), pack("value.get"), pack_array({pack("seven")})}));
    EXPECT_EQ(client.refusal_of(1'000), Errc::invalid_argument);
    client.send(pack_array({pack(0), pack(1'001), pack("value.get"), pack(nullptr)}));
    EXPECT_EQ(client.refusal_of(1'001), Errc::invalid_argument);
    client.send(pack_array({pack(0), pack(1'002), pack("no.such"), pack_array({})}));
    EXPECT_EQ(client.refusal_of(1'002), Errc::unknown_method);
    EXPECT_TRUE(serves(client));
}

TEST_F(MalformedInput, BeforeASessionIsRefused) {
    auto client = connect();
    EXPECT_EQ(client.refusal(proto::daemon::Status{}), Errc::protocol_error);
    EXPECT_EQ(client.read_to_end()->code, Errc::protocol_error);
    auto garbage = connect();
    garbage.send("\xc1");
    EXPECT_EQ(garbage.read_to_end()->code, Errc::protocol_error);
}

TEST_F(MalformedInput, OfAnotherVersionIsRefusedWithBothVersions) {
    auto client = connect();
    const proto::session::Open open{.version = 77, .client_name = "of the future", .capabilities = {}};
    EXPECT_EQ(client.refusal(open), Errc::version_mismatch);
    const auto closing = client.read_to_end();
    ASSERT_TRUE(closing);
    EXPECT_NE(closing->detail.find("version 77"), std::string::npos) << closing->detail;
    EXPECT_NE(closing->detail.find("version 1"), std::string::npos) << closing->detail;
}

TEST_F(MalformedInput, GivesBackTheMemoryThatItTook) {
    for (int i = 0; i < 50; ++i) {
        auto stranger = connect();
        stranger.send(std::string("\xdb\x00\x00\xff\x00", 5) + std::string(60'000, 'x'));
    }
    EXPECT_TRUE(eventually([&] { return witness_.call(proto::daemon::Status{}).sessions == 1; }));
}

}  // namespace
}  // namespace steward::tests
