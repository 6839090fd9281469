#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "proto/objects/dict.hpp"
#include "tests/bench/keys.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"
#include "tests/bench/wire_session.hpp"

namespace steward::bench {
namespace {

/// What the daemon is but for its sockets, with one session and one dict.
class DaemonInProcess {
  public:
    DaemonInProcess() {
        encode(proto::dict::Open{.open = {.name = "dict"}, .initial = {}});
        dispatcher_.dispatch(session_, request_);
        dict_ = proto::decode_params<proto::Opened>(proto::decode_response(session_.outbox).result).object;
    }

    /// All that the daemon does for a dict.set: decodes, checks, changes, encodes the reply, tidies up.
    double measure_insert(const std::string& key, const std::string& value) {
        encode(proto::dict::Set{.object = dict_, .key = {key}, .value = {value}});
        const auto start = std::chrono::steady_clock::now();
        dispatcher_.dispatch(session_, request_);
        daemon_.take_flushes();
        daemon_.tidy();
        return nanoseconds_since(start);
    }

  private:
    static daemon::Daemon::Settings settings() {
        return {.instance = "bench",
                .memory = {.limit_bytes = std::uint64_t{1} << 30, .record = {}, .forget_at_once = true}};
    }

    template <proto::Message M>
    void encode(const M& message) {
        request_.clear();
        session_.outbox.clear();
        proto::encode_request(request_, 1, message);
    }

    daemon::Daemon daemon_{settings()};
    daemon::Dispatcher dispatcher_{daemon_};
    daemon::Session& session_ = daemon_.open_session(
        {.pid = ::getpid(), .uid = ::getuid(), .gid = ::getgid(), .groups = {}, .pidfd = {}}, "steward_bench");
    std::uint64_t dict_ = 0;
    std::string request_;
};

/// The slowest of the inserts that grow a dict, in microseconds. Inserts are done over and over, in a daemon made anew
/// each time, and of the times that the n-th insert took the shortest counts: what the machine does meanwhile hits
/// another insert every time, what the structure does hits the same one.
class SlowestInsert {
  public:
    explicit SlowestInsert(std::size_t entries) : shortest_ns_(entries, std::numeric_limits<double>::infinity()) {}

    double measure() {
        DaemonInProcess daemon;
        for (std::size_t i = 0; i < shortest_ns_.size(); ++i)
            shortest_ns_[i] = std::min(shortest_ns_[i], daemon.measure_insert(packed(key_of_16_bytes(i)), value_));
        return std::ranges::max(shortest_ns_) / 1000;
    }

  private:
    std::vector<double> shortest_ns_;
    std::string value_ = packed(value_of_64_bytes(0));
};

std::vector<Contender> longest_insert_contenders(std::size_t entries) {
    return {{"steward", [inserts = std::make_shared<SlowestInsert>(entries)] { return inserts->measure(); }}};
}

}  // namespace

std::vector<Row> growth_rows(const Sizes& sizes) {
    return {{.name = "dict.longest_insert",
             .unit = "us",
             .goals = {{"", 1000}},
             .summary = Summary::smallest,
             .warm_up = false,
             .most_repetitions = 9,
             .set_up = [=] { return longest_insert_contenders(sizes.entries); }}};
}

}  // namespace steward::bench
