#pragma once

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <future>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <steward/steward.hpp>

#include "proto/envelope.hpp"
#include "proto/object.hpp"
#include "proto/objects/lock.hpp"
#include "tests/support/background.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/client/fake_daemon.hpp"

namespace steward::tests {

/// A Manager, and the daemon that it talks to in the hands of the test.
///
/// The requests of the test's own thread are answered by another one:
///
///     auto asked = answering(words::Acquire::Result{.acquired = true});
///     lock.acquire();
///     asked.get()[0].method;                 // "lock.acquire"
class FakeService : public testing::Test {
  protected:
    using Requests = std::vector<FakeDaemon::Request>;

    /// What a free lock answers.
    inline static const proto::lock::Acquire::Result acquired{.acquired = true, .token = 3, .abandoned = {}};

    template <class... Results>
    std::future<Requests> answering(Results... results) {
        return in_background([this, results = std::tuple(std::move(results)...)] {
            Requests requests;
            std::apply([&](const auto&... result) { (requests.push_back(answer_next(result)), ...); }, results);
            return requests;
        });
    }

    /// Opens something, which the daemon answers with an object's number.
    template <class Open>
    auto opened(std::uint64_t object, Open&& open) {
        auto asked = answering(proto::Opened{.object = object, .created = true});
        auto proxy = open();
        asked.get();
        return proxy;
    }

    Lock lock(std::uint64_t object, std::string_view name = "lock") {
        return opened(object, [&] { return manager_.lock(name); });
    }

    template <class Message>
    static Message decoded(const FakeDaemon::Request& request) {
        EXPECT_EQ(request.method, Message::method);
        return proto::decode_params<Message>({request.params});
    }

  private:
    template <class Result>
    FakeDaemon::Request answer_next(const Result& result) {
        auto request = daemon_.next();
        daemon_.answer(request, result);
        return request;
    }

    std::filesystem::path socket() const { return folder_.path() / "socket"; }

    shared::UniqueFd listen() const {
        shared::UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        socket().string().copy(address.sun_path, sizeof address.sun_path - 1);
        if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener.get(), 1) != 0)
            throw std::system_error(errno, std::generic_category(), socket());
        return listener;
    }

    FakeDaemon accept() const {
        return FakeDaemon(shared::UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    }

    Manager connect() {
        auto asked =
            answering(proto::session::Open::Result{.daemon_version = "fake", .session = 7, .capabilities = {}});
        Manager manager = connecting_.get();
        asked.get();
        return manager;
    }

    TemporaryFolder folder_;
    shared::UniqueFd listener_ = listen();
    std::future<Manager> connecting_ = in_background([this] { return Manager({.socket = socket()}); });

  protected:
    FakeDaemon daemon_ = accept();
    Manager manager_ = connect();
};

}  // namespace steward::tests
