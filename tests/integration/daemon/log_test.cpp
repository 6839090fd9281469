#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <concepts>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests::log_test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A daemon whose standard error is a pipe of a page, which is read when the test says so.
class PipedDaemon {
  public:
    PipedDaemon() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0 || ::fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0)
            throw std::runtime_error("no pipe");
        read_end_ = shared::UniqueFd(ends[0]);
        ::fcntl(read_end_.get(), F_SETFL, O_NONBLOCK);
        const shared::UniqueFd write_end(ends[1]);
        process_ = std::make_unique<ChildProcess>([&] {
            ::dup2(write_end.get(), STDERR_FILENO);
            ::execl(STEWARDD_PATH, STEWARDD_PATH, "--private", "--socket", socket().c_str(), "--log-level", "debug",
                    nullptr);
            return 127;
        });
        if (!eventually([this] { return accepts(); }))
            throw std::runtime_error("stewardd does not serve");
    }

    std::string socket() const { return folder_.path() / "steward.sock"; }

    /// What can be read of the log now.
    std::string read() {
        std::array<char, 65'536> text{};
        const auto size = ::read(read_end_.get(), text.data(), text.size());
        return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }

    int terminate() {
        process_->send(SIGTERM);
        return process_->wait();
    }

  private:
    bool accepts() const {
        try {
            RawClient client(socket());
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }

    TemporaryFolder folder_;
    shared::UniqueFd read_end_;
    std::unique_ptr<ChildProcess> process_;
};

/// Lines that the daemon logs at the level debug.
void cause_lines(const PipedDaemon& daemon, int sessions) {
    for (int session = 0; session < sessions; ++session)
        RawClient client(daemon.socket());
}

constexpr int more_than_is_kept = 1500;

TEST(ALog, ThatNobodyReadsHoldsNobodyUp) {
    PipedDaemon daemon;
    RawClient client(daemon.socket());
    cause_lines(daemon, more_than_is_kept);
    EXPECT_TRUE(serves(client));
    EXPECT_EQ(daemon.terminate(), 0) << "nor the end of the daemon";
}

TEST(ALog, SaysHowManyLinesWereLostAsSoonAsSomebodyReads) {
    PipedDaemon daemon;
    RawClient client(daemon.socket());
    cause_lines(daemon, more_than_is_kept);
    std::string log;
    EXPECT_TRUE(eventually([&] {
        log += daemon.read();
        return serves(client) && log.find(" lines of the log were lost: nobody read it\n") != std::string::npos;
    })) << log;
    cause_lines(daemon, 1);
    EXPECT_TRUE(eventually([&] { return daemon.read().find(" begins: pid ") != std::string::npos; }));
}

const std::string marker = "marker-5e7a";

std::string packed_marker() {
    std::string packed;
    proto::Writer(packed).string(marker);
    return packed;
}

/// Every value in the message is the marker, and so is every text that is no name.
template <class T>
void mark(T& part, std::uint64_t object, const std::string& packed) {
    if constexpr (std::same_as<T, proto::Packed>) {
        part = {packed};
    } else if constexpr (requires { part.push_back(typename T::value_type{}); } && !std::same_as<T, std::string>) {
        mark(part.emplace_back(), object, packed);
    } else if constexpr (requires { part.first, part.second; }) {
        mark(part.first, object, packed);
        mark(part.second, object, packed);
    } else if constexpr (proto::Described<T>) {
        proto::for_each_field<T>([&](const auto& field) { mark(part.*field.member, object, packed); });
        if constexpr (requires { part.object = object; })
            part.object = object;
        if constexpr (requires { part.attribute = marker; })
            part.attribute = marker;
    }
}

/// One object of each type, by the beginning of its methods.
std::uint64_t object_for(RawClient& client, std::string_view method, const std::string& value) {
    const auto type = method.substr(0, method.find('.'));
    if (type == "list")
        return client.call(proto::list::Open{.open = {.name = "list"}, .initial = {{value}}}).object;
    if (type == "dict")
        return client.call(proto::dict::Open{.open = {.name = "dict"}, .initial = {{{value}, {value}}}}).object;
    if (type == "set")
        return client.call(proto::set::Open{.open = {.name = "set"}, .initial = {{value}}}).object;
    if (type == "namespace")
        return client.call(proto::name_space::Open{.open = {.name = "namespace"}}).object;
    if (type == "array")
        return client.call(proto::array::Open{.open = {.name = "array"}, .length = 2}).object;
    if (type == "queue")
        return client.call(proto::queue::Open{.open = {.name = "queue"}}).object;
    return open_value(client, "value", value);
}

template <proto::Message M>
void send_marked(const DaemonProcess& daemon) {
    const auto value = packed_marker();
    RawClient client(daemon.socket());
    M message{};
    mark(message, object_for(client, M::method, value), value);
    client.request(message);
    client.request(proto::daemon::Status{});
    if constexpr (proto::OneWay<M>) {
        std::string notification;
        proto::Writer writer(notification);
        proto::encode_notification_head(writer, M::method);
        writer.array(1);
        writer.string(marker);
        client.send(notification);
    }
    std::string malformed;  // one of which no field is what it should be
    proto::Writer writer(malformed);
    proto::encode_request_head(writer, 1000, M::method);
    writer.array(3);
    for (int field = 0; field < 3; ++field)
        writer.string(marker);
    client.send(malformed);
    client.send(RawClient::encoded(1001, proto::session::Close{}));
    client.read_to_end();
}

TEST(ALog, HoldsNoValues) {
    DaemonProcess daemon({"--log-level", "trace"});
    [&]<class... M>(proto::MessageList<M...>) { (send_marked<M>(daemon), ...); }(proto::Messages{});
    RawClient client(daemon.socket());
    client.send("\x93" + packed_marker() + packed_marker() + packed_marker());
    client.read_to_end();
    EXPECT_EQ(daemon.terminate(), 0);
    EXPECT_THAT(daemon.errors(), HasSubstr(" begins: pid "));
    EXPECT_THAT(daemon.errors(), Not(HasSubstr(marker)));
}

}  // namespace
}  // namespace steward::tests::log_test
