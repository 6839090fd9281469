#include "client/src/connection.hpp"

#include <gtest/gtest.h>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <steward/deadlock.hpp>

#include "proto/deadlock.hpp"
#include "proto/lock_order.hpp"
#include "proto/object.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/objects/value.hpp"
#include "proto/writer.hpp"
#include "tests/support/background.hpp"
#include "tests/support/eventually.hpp"
#include "tests/unit/client/fake_daemon.hpp"

namespace steward {
namespace {

using detail::Call;
using detail::Connection;
using tests::FakeDaemon;
using PermitsOf = proto::semaphore::Value;

/// Asks in another thread; the answer is the number of permits.
std::future<std::int64_t> ask(Connection& connection, std::uint64_t object) {
    return tests::in_background(
        [&connection, object] { return connection.call(PermitsOf{.object = object})->permits; });
}

std::uint64_t object_of(const FakeDaemon::Request& request) {
    return proto::decode_params<PermitsOf>({request.params}).object;
}

std::error_code error_of(std::future<std::int64_t>& asked) {
    try {
        asked.get();
        return {};
    } catch (const Error& error) {
        return error.code();
    }
}

std::string message_of(const std::function<void()>& operation) {
    try {
        operation();
        return "no error";
    } catch (const Error& error) {
        return error.what();
    }
}

TEST(AConnection, OpensASessionFirst) {
    FakeDaemon daemon;
    auto opening = tests::in_background([&] {
        return std::make_unique<Connection>(
            daemon.client_end(), Connection::Options{.client_name = "some-program", .timeout = tests::watchdog});
    });
    const auto request = daemon.next();
    EXPECT_EQ(request.method, "session.open");
    const auto open = proto::decode_params<proto::session::Open>({request.params});
    EXPECT_EQ(open.version, proto::protocol_version);
    EXPECT_EQ(open.client_name, "some-program");
    daemon.answer(request, proto::session::Open::Result{.daemon_version = "", .session = 41, .capabilities = {}});
    EXPECT_EQ(opening.get()->session(), 41U);
}

TEST(AConnection, PassesOnWhyNoSessionWasOpened) {
    FakeDaemon daemon;
    auto opening = tests::in_background([&] {
        return message_of([&] {
            Connection(daemon.client_end(), Connection::Options{.client_name = "", .timeout = tests::watchdog});
        });
    });
    daemon.refuse(daemon.next(), proto::Errc::version_mismatch, "client 1, daemon 9");
    EXPECT_EQ(opening.get(), "client 1, daemon 9: client and daemon speak different protocol versions");
}

TEST(AConnection, GivesUpADaemonThatDoesNotAnswer) {
    FakeDaemon daemon;
    EXPECT_EQ(message_of([&] {
                  Connection(daemon.client_end(),
                             Connection::Options{.client_name = "", .timeout = std::chrono::milliseconds(20)});
              }),
              "the daemon does not answer; is it stopped (connect_timeout)?: the daemon cannot be reached");
}

TEST(AConnection, ClosesItsSessionAtTheEnd) {
    FakeDaemon daemon;
    daemon.connect().reset();
    EXPECT_EQ(daemon.next().method, "session.close");
}

TEST(AConnection, DoesNotWaitForADeadDaemonAtTheEnd) {
    FakeDaemon daemon;
    auto connection = daemon.connect();
    daemon.hang_up();
    connection.reset();
}

TEST(AConnection, GivesTheResultToItsCaller) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 5);
    const auto request = daemon.next();
    EXPECT_EQ(request.method, "semaphore.value");
    EXPECT_EQ(object_of(request), 5U);
    daemon.answer(request, PermitsOf::Result{.permits = 12});
    EXPECT_EQ(asked.get(), 12);
}

TEST(AConnection, ThrowsARefusalWithItsDetail) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 5);
    daemon.refuse(daemon.next(), proto::Errc::no_such_object, "object 5");
    EXPECT_EQ(message_of([&] { asked.get(); }), "object 5: there is no object of that name");
}

TEST(AConnection, ThrowsTheWholeCycleOfADeadlock) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 5);
    std::string data;
    proto::Writer writer(data);
    encode(writer, proto::Deadlock{
                       .cycle = {{.session = 1, .thread = 2, .pid = 410, .command = "make", .object = 5, .name = "b"},
                                 {.session = 3,
                                  .thread = 4,
                                  .pid = 377,
                                  .command = "sync",
                                  .object = 6,
                                  .type = proto::ObjectType::rlock,
                                  .name = "a",
                                  .where = "sync.cpp:9"}}});
    daemon.refuse(daemon.next(), proto::Errc::deadlock, "pid 410 wants b", data);
    try {
        asked.get();
        FAIL() << "no error";
    } catch (const DeadlockError& deadlock) {
        EXPECT_EQ(deadlock.code(), errc::deadlock);
        EXPECT_STREQ(deadlock.what(), "pid 410 wants b: waiting would never end");
        ASSERT_EQ(deadlock.cycle().size(), 2U);
        EXPECT_EQ(deadlock.cycle()[0].pid, 410);
        EXPECT_EQ(deadlock.cycle()[0].name, "b");
        EXPECT_EQ(deadlock.cycle()[1].session, 3U);
        EXPECT_EQ(deadlock.cycle()[1].thread, 4U);
        EXPECT_EQ(deadlock.cycle()[1].command, "sync");
        EXPECT_EQ(deadlock.cycle()[1].object, 6U);
        EXPECT_EQ(deadlock.cycle()[1].type, ObjectType::rlock);
        EXPECT_EQ(deadlock.cycle()[1].where, "sync.cpp:9");
    }
}

TEST(AConnection, ThrowsADeadlockWithoutItsCycleWhereTheDaemonDoesNotSayIt) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 5);
    daemon.refuse(daemon.next(), proto::Errc::deadlock, "lock 'a'");
    try {
        asked.get();
        FAIL() << "no error";
    } catch (const DeadlockError& deadlock) {
        EXPECT_TRUE(deadlock.cycle().empty());
    }
}

TEST(AConnection, OpensItsSessionInTheNameOfAnother) {
    FakeDaemon daemon;
    auto opening = tests::in_background([&] {
        Connection(daemon.client_end(),
                   Connection::Options{.client_name = "", .timeout = tests::watchdog, .in_name_of = 12});
    });
    const auto request = daemon.next();
    EXPECT_EQ(proto::decode_params<proto::session::Open>({request.params}).in_name_of, 12U);
    daemon.answer(request, proto::session::Open::Result{.daemon_version = "", .session = 41, .capabilities = {}});
    opening.get();
}

TEST(AConnection, SaysThatAThreadHasEndedAndWantsNoReply) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    connection->end_thread(12);
    const auto end = daemon.next();
    EXPECT_EQ(end.method, proto::session::EndThread::method);
    EXPECT_EQ(proto::decode_params<proto::session::EndThread>({end.params}).thread, 12U);
    auto asked = ask(*connection, 5);
    const auto request = daemon.next();
    EXPECT_EQ(end.id, 0U);
    daemon.answer(request, PermitsOf::Result{.permits = 3});
    EXPECT_EQ(asked.get(), 3);
}

TEST(AConnection, SaysLaterThatAThreadHasEndedWhereThereIsNoRoom) {
    FakeDaemon daemon;
    auto end = daemon.client_end();
    const shared::UniqueFd same_end(dup(end.get()));
    auto opening = tests::in_background([&] {
        return std::make_unique<Connection>(std::move(end),
                                            Connection::Options{.client_name = "", .timeout = tests::watchdog});
    });
    daemon.answer(daemon.next(), proto::session::Open::Result{.daemon_version = "", .session = 41, .capabilities = {}});
    const auto connection = opening.get();
    auto asked = ask(*connection, 5);
    const auto request = daemon.next();
    std::string filling;
    proto::encode_request(filling, 0, PermitsOf{.object = 6});
    std::size_t filled = 0;
    while (send(same_end.get(), filling.data(), filling.size(), MSG_DONTWAIT) > 0)
        ++filled;
    connection->end_thread(12);
    for (; filled > 0; --filled)
        EXPECT_EQ(object_of(daemon.next()), 6U);
    daemon.answer(request, PermitsOf::Result{.permits = 3});
    EXPECT_EQ(daemon.next().method, proto::session::EndThread::method);
    EXPECT_EQ(asked.get(), 3);
}

TEST(AConnection, SaysNothingOfThreadsOnceItIsLost) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    daemon.hang_up();
    connection->end_thread(12);
    auto asked = ask(*connection, 5);
    EXPECT_EQ(error_of(asked), errc::not_connected);
    connection->end_thread(13);
}

TEST(AConnection, GivesEachThreadItsReplyInWhateverOrderTheyCome) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    std::vector<std::future<std::int64_t>> asked;
    std::vector<FakeDaemon::Request> requests;
    for (std::uint64_t i = 0; i < 20; ++i) {
        asked.push_back(ask(*connection, i));
        requests.push_back(daemon.next());
    }
    for (auto request = requests.rbegin(); request != requests.rend(); ++request)
        daemon.answer(*request, PermitsOf::Result{.permits = static_cast<std::int64_t>(object_of(*request)) * 10});
    for (std::size_t i = 0; i < asked.size(); ++i)
        EXPECT_EQ(asked[i].get(), static_cast<std::int64_t>(i) * 10);
}

TEST(AConnection, GoesOnReadingForOthersWhenTheReaderHasItsReply) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto first = ask(*connection, 1);
    const auto first_request = daemon.next();
    auto second = ask(*connection, 2);
    const auto second_request = daemon.next();
    daemon.answer(first_request, PermitsOf::Result{.permits = 1});
    EXPECT_EQ(first.get(), 1);
    daemon.answer(second_request, PermitsOf::Result{.permits = 2});
    EXPECT_EQ(second.get(), 2);
}

TEST(AConnection, ReadsRepliesThatComeInPieces) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 1);
    for (const char byte : FakeDaemon::encoded(daemon.next(), PermitsOf::Result{.permits = 1'000'000}))
        daemon.send({&byte, 1});
    EXPECT_EQ(asked.get(), 1'000'000);
}

TEST(AConnection, IgnoresRepliesThatNobodyWaitsForAndUnknownNotifications) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 1);
    const auto request = daemon.next();
    daemon.answer({request.id + 64, "", ""}, proto::Nothing{});
    daemon.send(std::string_view("\x93\x02\xa5later\x90", 9));
    daemon.answer(request, PermitsOf::Result{.permits = 3});
    EXPECT_EQ(asked.get(), 3);
}

TEST(AConnection, IsSharedByManyThreads) {
    constexpr int threads = 8;
    constexpr std::int64_t calls = 500;
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    std::vector<std::future<bool>> clients;
    for (int i = 0; i < threads; ++i)
        clients.push_back(tests::in_background([&connection, i] {
            for (std::int64_t j = 0; j < calls; ++j) {
                const auto number = i * calls + j;
                if (connection->call(PermitsOf{.object = static_cast<std::uint64_t>(number)})->permits != number)
                    return false;
            }
            return true;
        }));
    // What has come together is answered at once and backwards, so that the leader finds others' replies before its
    // own.
    std::deque<FakeDaemon::Request> unanswered;
    for (std::int64_t i = 0; i < threads * calls; ++i) {
        unanswered.push_front(daemon.next());
        if (daemon.more_is_there())
            continue;
        std::string replies;
        for (const auto& request : unanswered)
            replies += FakeDaemon::encoded(request,
                                           PermitsOf::Result{.permits = static_cast<std::int64_t>(object_of(request))});
        daemon.send(replies);
        unanswered.clear();
    }
    for (auto& client : clients)
        EXPECT_TRUE(client.get());
}

TEST(AConnection, FailsCallsUnderWayWithTheReasonOfTheDaemon) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    std::vector<std::future<std::int64_t>> asked;
    for (std::uint64_t i = 0; i < 3; ++i) {
        asked.push_back(ask(*connection, i));
        daemon.next();
    }
    daemon.announce_closing(proto::Errc::shutting_down, "SIGTERM");
    for (auto& one : asked)
        EXPECT_EQ(error_of(one), errc::shutting_down);
}

TEST(AConnection, FailsLaterCallsWithNotConnectedAndTheReason) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 1);
    daemon.next();
    daemon.announce_closing(proto::Errc::shutting_down, "SIGTERM");
    EXPECT_EQ(error_of(asked), errc::shutting_down);
    EXPECT_EQ(message_of([&] { connection->call(PermitsOf{.object = 1}); }),
              "the daemon closed the connection: SIGTERM: the daemon cannot be reached");
}

TEST(AConnection, FailsCallsWhenTheDaemonHangsUp) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 1);
    daemon.next();
    daemon.hang_up();
    EXPECT_EQ(error_of(asked), errc::not_connected);
}

TEST(AConnection, TellsTheReasonThatStandsInFrontOfTheEnd) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    daemon.announce_closing(proto::Errc::busy, "too many connections");
    daemon.hang_up();
    auto asked = ask(*connection, 1);
    EXPECT_EQ(error_of(asked), errc::busy);
}

TEST(AConnection, EndsWhereTheBytesAreNoMessages) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 1);
    daemon.next();
    daemon.send("\xc1");
    EXPECT_EQ(error_of(asked), errc::protocol_error);
}

TEST(AConnection, SurvivesAResultOfTheWrongShape) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask(*connection, 1);
    daemon.send("\x94\x01" + std::string(1, static_cast<char>(daemon.next().id)) + "\xc0\x91\xa1x");
    EXPECT_EQ(error_of(asked), errc::protocol_error);
    auto again = ask(*connection, 1);
    daemon.answer(daemon.next(), PermitsOf::Result{.permits = 1});
    EXPECT_EQ(again.get(), 1);
}

TEST(AConnection, DropsTheReplyToACallThatWasGivenUp) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    Call given_up;
    connection->send(given_up, PermitsOf{.object = 1});
    const auto late = daemon.next();
    connection->forget(given_up);
    auto asked = ask(*connection, 2);
    daemon.answer(late, PermitsOf::Result{.permits = 1});
    daemon.answer(daemon.next(), PermitsOf::Result{.permits = 2});
    EXPECT_EQ(asked.get(), 2);
    EXPECT_FALSE(given_up.done());
}

/// A reply that refers to object 5.
std::string referring_answer(const FakeDaemon::Request& request) {
    std::string value;
    proto::Writer(value).reference({.type = proto::ObjectType::list, .object = 5});
    return FakeDaemon::encoded(request, proto::value::Get::Result{.value = {value}});
}

/// Asks for a value in another thread, which does not look at it.
std::future<void> ask_for_value(Connection& connection) {
    return tests::in_background([&] { connection.call(proto::value::Get{.object = 1}); });
}

std::uint64_t receipts_in(const FakeDaemon::Request& request) {
    EXPECT_EQ(request.method, proto::object::Drop::method);
    const auto drop = proto::decode_params<proto::object::Drop>({request.params});
    EXPECT_EQ(drop.object, 5U);
    return drop.receipts;
}

TEST(AConnection, GivesBackTheReceiptOfAReferenceThatNobodyLooksAt) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    auto asked = ask_for_value(*connection);
    daemon.send(referring_answer(daemon.next()));
    EXPECT_EQ(receipts_in(daemon.next()), 1U);
    asked.get();
}

TEST(AConnection, GivesBackTheReceiptsOfACallThatWasGivenUp) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    Call given_up;
    connection->send(given_up, proto::value::Get{.object = 1});
    const auto late = daemon.next();
    connection->forget(given_up);
    auto asked = ask(*connection, 2);
    const auto request = daemon.next();
    daemon.send(referring_answer(late));
    EXPECT_EQ(receipts_in(daemon.next()), 1U);
    daemon.answer(request, PermitsOf::Result{.permits = 2});
    EXPECT_EQ(asked.get(), 2);
}

TEST(AConnection, KeepsReceiptsAsLongAsTheResultOfTheirCall) {
    FakeDaemon daemon;
    const auto connection = daemon.connect();
    Call first;
    Call second;
    for (auto* call : {&first, &second}) {
        connection->send(*call, proto::value::Get{.object = 1});
        daemon.send(referring_answer(daemon.next()));
        connection->wait(*call);
    }
    first.reset();
    EXPECT_FALSE(daemon.more_is_there());
    second.reset();
    EXPECT_EQ(receipts_in(daemon.next()), 2U);
}

/// A daemon that takes no request while its replies are not read, and a client that sends more than the socket holds.
class ABlockedSender : public testing::Test {
  protected:
    using Add = proto::value::FetchAdd;

    static constexpr std::size_t calls = 64;

    ABlockedSender() : large_("\xda\xff\xff" + std::string(0xffff, 'x')) {}

    void send_more_than_fits() {
        std::string batch;
        std::uint64_t takeovers = 0;
        for (auto& call : calls_sent_)
            takeovers = connection_->begin_pipelined(call, Add{.object = 1, .by = {large_}});
        for (const auto& call : calls_sent_)
            batch += call.request();
        connection_->send_batch(batch, takeovers);
    }

    void answer_all() {
        for (std::size_t i = 0; i < calls; ++i) {
            const auto request = daemon_.next();
            const auto message = proto::decode_params<Add>({request.params});
            daemon_.answer(request, Add::Result{.before = message.by});
        }
    }

    void expect_all_replies() {
        for (auto& call : calls_sent_) {
            connection_->wait(call);
            EXPECT_EQ(call.result().bytes.size(), 1 + large_.size());
        }
    }

    /// Whether the client has filled the socket.
    bool socket_is_full() const {
        int queued = 0;
        return ioctl(daemon_.socket(), FIONREAD, &queued) == 0 && queued > 0 && queued == std::exchange(seen_, queued);
    }

    FakeDaemon daemon_;
    std::unique_ptr<Connection> connection_ = daemon_.connect();
    std::string large_;
    std::vector<Call> calls_sent_{calls};
    mutable int seen_ = -1;
};

TEST_F(ABlockedSender, ReadsRepliesWhileItWaitsForRoom) {
    auto daemon = tests::in_background([this] { answer_all(); });
    send_more_than_fits();
    expect_all_replies();
    daemon.get();
}

TEST_F(ABlockedSender, LeavesReadingToTheThreadThatReads) {
    auto asked = ask(*connection_, 1);
    const auto request = daemon_.next();
    auto sender = tests::in_background([this] { send_more_than_fits(); });
    answer_all();
    sender.get();
    expect_all_replies();
    daemon_.answer(request, PermitsOf::Result{.permits = 4});
    EXPECT_EQ(asked.get(), 4);
}

TEST_F(ABlockedSender, ReadsWhenTheThreadThatReadHasItsReply) {
    auto asked = ask(*connection_, 1);
    const auto request = daemon_.next();
    auto sender = tests::in_background([this] { send_more_than_fits(); });
    ASSERT_TRUE(tests::eventually([this] { return socket_is_full(); }));
    daemon_.answer(request, PermitsOf::Result{.permits = 4});
    EXPECT_EQ(asked.get(), 4);
    auto daemon = tests::in_background([this] { answer_all(); });
    sender.get();
    expect_all_replies();
    daemon.get();
}

TEST_F(ABlockedSender, IsNotWaitedForByAThreadThatEnds) {
    auto sender = tests::in_background([this] { send_more_than_fits(); });
    ASSERT_TRUE(tests::eventually([this] { return socket_is_full(); }));
    connection_->end_thread(12);
    connection_->end_thread(13);
    auto daemon = tests::in_background([this] { answer_all(); });
    sender.get();
    expect_all_replies();
    daemon.get();
    EXPECT_EQ(daemon_.next().method, proto::session::EndThread::method);
    EXPECT_EQ(daemon_.next().method, proto::session::EndThread::method);
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(ABlockedSender, IsToldThatTheDaemonIsGone) {
    auto sender = tests::in_background([this] { send_more_than_fits(); });
    ASSERT_TRUE(tests::eventually([this] { return socket_is_full(); }));
    daemon_.hang_up();
    sender.get();
    connection_->wait(calls_sent_.back());
    EXPECT_THROW(calls_sent_.back().result(), Error);
}

TEST(AConnection, TellsOfLockOrderBeforeTheCallReturnsAndHoldsNoMutexThen) {
    FakeDaemon daemon;
    detail::LockOrderListener listener;
    auto opening = tests::in_background([&] {
        return std::make_unique<Connection>(
            daemon.client_end(),
            Connection::Options{.client_name = "", .timeout = tests::watchdog, .lock_order = &listener});
    });
    const auto open = daemon.next();
    EXPECT_TRUE(proto::decode_params<proto::session::Open>({open.params}).lock_order_warnings);
    daemon.answer(open, proto::session::Open::Result{.daemon_version = "", .session = 41, .capabilities = {}});
    const auto connection = opening.get();
    std::vector<std::string> told;
    listener.set([&](const LockOrderWarning& warning) {
        told.push_back(warning.sentence + " " + std::to_string(connection->call(PermitsOf{.object = 6})->permits));
    });
    auto asked = ask(*connection, 5);
    const auto request = daemon.next();
    std::string bytes;
    proto::encode_notification(bytes, proto::LockOrder{.sentence = "a, then b"});
    proto::encode_result(bytes, request.id, PermitsOf::Result{.permits = 3});
    daemon.send(bytes);
    const auto from_within = daemon.next();
    EXPECT_EQ(object_of(from_within), 6U);
    daemon.answer(from_within, PermitsOf::Result{.permits = 4});
    EXPECT_EQ(asked.get(), 3);
    EXPECT_EQ(told, std::vector<std::string>{"a, then b 4"});
}

TEST(AConnection, AsksForNoWarningsWithoutAListener) {
    FakeDaemon daemon;
    auto opening = tests::in_background([&] {
        return std::make_unique<Connection>(daemon.client_end(),
                                            Connection::Options{.client_name = "", .timeout = tests::watchdog});
    });
    const auto open = daemon.next();
    EXPECT_FALSE(proto::decode_params<proto::session::Open>({open.params}).lock_order_warnings);
    daemon.answer(open, proto::session::Open::Result{.daemon_version = "", .session = 41, .capabilities = {}});
    opening.get();
}

}  // namespace
}  // namespace steward
