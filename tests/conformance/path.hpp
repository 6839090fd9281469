#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tests/conformance/clients.hpp"
#include "tests/in_process/daemon.hpp"
#include "tests/support/daemon_process.hpp"

namespace steward::tests::conformance {

using proto::Errc;

/// One session, as if it were a process of its own.
///
///     auto other = path.client();
///     const auto waiting = other.request(acquire());   // is answered or stands in line when this returns
///     EXPECT_TRUE(other.waits(waiting));
///     client.call(release());
///     EXPECT_TRUE(other.result_of<Acquire>(waiting).acquired);
///
/// What results refer to lives as long as the client. While a thread waits, no other message may name it: a thread can
/// do one thing at a time.
class Client {
    // In front of those whose results are deduced from it.
    template <class F>
    auto visit(F use) const {
        return std::visit([&](const auto& way) { return use(*way); }, way_);
    }

  public:
    template <class Way>
    explicit Client(std::unique_ptr<Way> way) : way_(std::move(way)) {}

    /// The number of its session.
    std::uint32_t session() const {
        return visit([](auto& way) { return way.session(); });
    }

    /// What the daemon calls this thread of it.
    std::uint32_t thread(std::uint32_t number) const {
        return visit([=](auto& way) { return way.thread(number); });
    }

    /// Makes a request that may have to wait.
    template <proto::Message M>
    std::uint64_t request(const M& message) {
        return visit([&](auto& way) { return way.request(message); });
    }

    /// Makes a request that does not wait. Throws Refusal.
    template <proto::Message M>
    typename M::Result call(const M& message) {
        return visit([&](auto& way) { return way.call(message); });
    }

    /// The error with which a request is refused; nothing where it is carried out.
    template <proto::Message M>
    std::optional<Errc> refusal(const M& message) {
        return refusal_in([&] { call(message); });
    }

    /// Blocks until the result is there, under the watchdog. Throws Refusal.
    template <proto::Message M>
    typename M::Result result_of(std::uint64_t request) {
        return visit([=](auto& way) { return way.template result_of<M>(request); });
    }
    template <proto::Message M>
    std::optional<Errc> refusal_of(std::uint64_t request) {
        return refusal_in([&] { result_of<M>(request); });
    }

    /// Whether the request stands in line. That it no longer does, only result_of() tells without haste.
    bool waits(std::uint64_t request) {
        return visit([=](auto& way) { return way.waits(request); });
    }

    /// Gives up a request that waits.
    void cancel(std::uint64_t request) {
        visit([=](auto& way) { way.cancel(request); });
    }

    /// A thread of it ends, with whatever it holds.
    void end_thread(std::uint32_t number) {
        visit([=](auto& way) { way.end_thread(number); });
    }

    /// It says that it goes. Nothing may be asked of it any more.
    void close() {
        visit([](auto& way) { way.close(); });
    }

  private:
    template <class F>
    static std::optional<Errc> refusal_in(F work) {
        try {
            work();
            return std::nullopt;
        } catch (const proto::Refusal& refusal) {
            return refusal.code();
        }
    }

    std::variant<std::unique_ptr<InProcessClient>, std::unique_ptr<SocketClient>, std::unique_ptr<SharedMemoryClient>>
        way_;
};

/// Something that was done to be undone by a death.
class Victim {
  public:
    explicit Victim(std::function<void()> death) : death_(std::move(death)) {}

    /// Its process is killed, and the daemon has noticed when this returns.
    void dies() { death_(); }

  private:
    std::function<void()> death_;
};

enum class Way : std::uint8_t { in_process, socket, shared_memory };

/// The name that tests have by their parameter.
std::string to_string(Way way);

/// A daemon of its own, reached by one of the three ways.
class Path {
  public:
    explicit Path(Way way);

    Client client();

    /// A process that has done something, and what it holds it holds until it dies.
    Victim victim_that(const std::function<void(Client&)>& deed);

    /// A process whose deed ends in a wait for the object.
    Victim victim_that_waits(std::uint64_t object, const std::function<void(Client&)>& deed);

    using Refusals = std::vector<std::optional<Errc>>;

    /// What a process of another user and group gets; nothing where this process cannot become another user.
    std::optional<Refusals> refusals_of_stranger(const std::function<Refusals(Client&)>& deed);

    /// So much time passes for those who wait: by itself, so that they have to be waited for, or by the clock that this
    /// moves.
    void pass(std::int64_t ns);

    /// The process with this object has ended: for the one way by which nobody else would notice.
    void note_end_of_process(std::uint64_t object);

    /// How many requests the daemon has counted of a session.
    std::uint64_t requests_of(const Client& client);

    std::size_t waiters_of(std::uint64_t object);

    /// Whether what the library does without the daemon is done so.
    bool shares_memory() const { return way_ == Way::shared_memory; }

  private:
    Client client_in_child() const;
    bool is_known(pid_t pid);
    Victim victim_process(const std::function<void(Client&)>& deed, const std::function<void()>& await);

    Way way_;
    std::unique_ptr<daemon::InProcessDaemon> in_process_;
    std::unique_ptr<DaemonProcess> process_;
    std::optional<Client> observer_;
};

}  // namespace steward::tests::conformance
