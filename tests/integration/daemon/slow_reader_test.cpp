#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {
namespace {

constexpr std::size_t value_bytes = 512 * 1024;
constexpr std::size_t most_growth_bytes = std::size_t{64} << 20;

/// A client that asks and does not read.
class ASlowReader : public testing::Test {
  protected:
    /// Asks until the daemon takes no more; returns how many requests it has whole.
    std::uint64_t ask_until_the_socket_is_full() {
        for (std::uint64_t asked = 0;; ++asked) {
            auto request = RawClient::encoded(first_id + asked, proto::value::Get{.object = value_});
            while (!request.empty()) {
                const auto sent = slow_.send_some(request);
                if (sent == 0 && comes_to_rest(daemon_.pid()) && slow_.send_some(request) == 0)
                    return asked;
                request.erase(0, sent);
            }
        }
    }

    static constexpr std::uint64_t first_id = 1'000'000;

    DaemonProcess daemon_;
    RawClient witness_{daemon_.socket()};
    RawClient slow_{daemon_.socket()};
    std::uint64_t value_ = open_value(witness_, "value", pack(std::string(value_bytes, 'x')));
};

TEST_F(ASlowReader, IsNotReadAnyFurtherAndTheDaemonStaysSmall) {
    const auto before = private_memory_bytes(daemon_.pid());
    const auto asked = ask_until_the_socket_is_full();
    EXPECT_GT(asked * value_bytes, 2 * most_growth_bytes) << "otherwise this shows nothing";
    EXPECT_LT(private_memory_bytes(daemon_.pid()), before + most_growth_bytes);
    EXPECT_TRUE(serves(witness_));
}

TEST_F(ASlowReader, GetsEveryReplyOnceItReads) {
    const auto asked = ask_until_the_socket_is_full();
    for (std::uint64_t i = 0; i < asked; ++i)
        ASSERT_EQ(slow_.result_of<proto::value::Get>(first_id + i).value.bytes.size(), value_bytes + 5) << i;
}

TEST(AnObject, ThatIsLargerThanAnyMessageIsReadWhole) {
    constexpr int pieces = 64;
    const std::string value(std::size_t{48} << 10, 'x');
    const DaemonProcess daemon({"--max-frame", "64kb"});
    RawClient client(daemon.socket());
    const auto list = client.call(proto::list::Open{.open = {.name = "large"}}).object;
    const auto packed = pack(value);
    for (int i = 0; i < pieces; ++i)
        client.call(proto::list::Append{.object = list, .value = {packed}});
    RawClient slow(daemon.socket());
    auto request = RawClient::encoded(7, proto::list::Copy{.object = list});
    ASSERT_EQ(slow.send_some(request), request.size());
    ASSERT_TRUE(comes_to_rest(daemon.pid()));
    client.call(proto::list::Append{.object = list, .value = {packed}});
    EXPECT_EQ(slow.result_of<proto::list::Copy>(7).values.size(), static_cast<std::size_t>(pieces));
}

TEST_F(ASlowReader, DoesNotKeepOthersFromTheirLocks) {
    ask_until_the_socket_is_full();
    const auto lock = open_lock(witness_, "lock");
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_TRUE(witness_.call(acquire(lock)).acquired);
        witness_.call(proto::lock::Release{.object = lock});
    }
}

TEST_F(ASlowReader, IsForgottenWhenItClosesItsSocket) {
    const auto descriptors = open_descriptors(daemon_.pid());
    ask_until_the_socket_is_full();
    slow_.close();
    EXPECT_TRUE(eventually([&] { return witness_.call(proto::daemon::Status{}).sessions == 1; }));
    EXPECT_TRUE(eventually([&] { return open_descriptors(daemon_.pid()) < descriptors; }));
    EXPECT_TRUE(comes_to_rest(daemon_.pid()));
}

}  // namespace
}  // namespace steward::tests
