#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "proto/catalogue.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"
#include "tests/bench/temporary_folder.hpp"

namespace steward::bench {
namespace {

constexpr std::uint32_t agents = 1'000;

/// A daemon without a socket, in which threads of one session hold and wait.
class BlockedAgents {
  public:
    /// A chain: each waits for what the next one holds; the last one waits for nothing.
    void make_chain() {
        for (std::uint32_t i = 0; i < agents; ++i)
            acquire(locks_.emplace_back(open("chain" + std::to_string(i))), i + 1);
        for (std::uint32_t i = 0; i + 1 < agents; ++i)
            acquire(locks_[i + 1], i + 1);
    }

    /// Readers side by side, each of whom waits for a lock of its own that a running agent holds.
    void make_readers() {
        const auto shared = request(proto::rwlock::Open{.open = {.name = "readers"}});
        for (std::uint32_t i = 0; i < agents; ++i) {
            request(proto::rwlock::AcquireShared{.object = shared, .thread = i + 1, .where = {}});
            const auto own = open("own" + std::to_string(i));
            acquire(own, agents + 1);
            acquire(own, i + 1);
        }
        locks_.push_back(shared);
    }

    /// One more is about to wait for the first: is that a deadlock?
    double measure(std::size_t count) {
        const auto object = daemon_.registry.find(locks_.front()).value();
        const std::vector wanted{daemon::WantedPart{
            .object = object, .claim = {.agent = {.session = session_->number, .thread = agents + 2}}}};
        return ns_per_operation(count, [&](std::size_t) { daemon_.deadlocks.refuse_to_close(wanted); });
    }

  private:
    static daemon::Credentials self() {
        daemon::Credentials credentials;
        credentials.pid = ::getpid();
        credentials.uid = ::getuid();
        return credentials;
    }

    template <proto::Message M>
    std::uint64_t request(const M& message) {
        std::string frame;
        proto::encode_request(frame, ++last_request_, message);
        daemon::Dispatcher(daemon_).dispatch(*session_, frame);
        const auto reply = std::exchange(session_->outbox, {});
        if constexpr (std::same_as<typename M::Result, proto::Opened>)
            return proto::decode_params<proto::Opened>(proto::decode_response(reply).result).object;
        else
            return 0;
    }
    std::uint64_t open(const std::string& name) { return request(proto::lock::Open{.open = {.name = name}}); }
    void acquire(std::uint64_t lock, std::uint32_t thread) {
        request(proto::lock::Acquire{.object = lock, .thread = thread, .where = {}});
    }

    TemporaryFolder folder_;
    daemon::Daemon daemon_{
        {.instance = "bench",
         .memory = {.limit_bytes = std::uint64_t{64} << 20, .record = folder_ / "memory", .folder = folder_ / ""}}};
    daemon::Session* session_ = &daemon_.open_session(self(), "bench");
    std::uint64_t last_request_ = 0;
    std::vector<std::uint64_t> locks_;
};

std::vector<Contender> contenders(std::size_t count, void (BlockedAgents::*make)()) {
    auto blocked = std::make_shared<BlockedAgents>();
    (*blocked.*make)();
    return {{"steward", [=] { return blocked->measure(count); }}};
}

}  // namespace

std::vector<Row> deadlock_rows(const Sizes&) {
    constexpr double most_ns = 100'000;
    constexpr std::size_t checks = 10;
    return {
        {.name = "deadlock.check",
         .unit = "ns",
         .goals = {{"", most_ns}},
         .set_up = [=] { return contenders(checks, &BlockedAgents::make_chain); }},
        {.name = "deadlock.check.readers",
         .unit = "ns",
         .goals = {{"", most_ns}},
         .set_up = [=] { return contenders(checks, &BlockedAgents::make_readers); }},
    };
}

}  // namespace steward::bench
