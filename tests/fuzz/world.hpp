#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/in_process/changing_requests.hpp"
#include "tests/in_process/daemon.hpp"

namespace steward::fuzz {

/// A daemon in this process with objects of every type, some of them held and waited for; the same in every run but for
/// what the kernel says. Its memory is small, so that what asks for much is refused soon.
class World {
  public:
    static constexpr std::uint64_t memory_bytes = std::uint64_t{4} << 20;
    /// What the hash tables look like depends on it.
    static constexpr std::uint64_t hash_seed = 42;

    World() {
        using Here = daemon::InProcessDaemon;
        here_.limit_memory(memory_bytes);
        here_.daemon().domains.of(Here::alice).heap().header().hash_seed.init(hash_seed);
        auto owner = open_session();
        for (const auto& request : daemon::changing_requests::all())
            prepare(owner, request);
        auto waiter = open_session();
        for (const auto each : daemon::changing_requests::names)
            objects.push_back(owner.call(proto::object::Find{.name = each}).object);
        waiter.request(proto::lock::Acquire{.object = objects.front(), .thread = 1});
        sessions = {owner.number(), waiter.number()};
    }

    /// Of the first process, whose command has a length that does not depend on how the fuzzer was started.
    daemon::Client open_session() {
        daemon::Credentials credentials;
        credentials.pid = 1;
        credentials.uid = daemon::InProcessDaemon::alice;
        credentials.gid = 100;
        return {here_.daemon(), here_.daemon().open_session(std::move(credentials), "fuzz")};
    }

    daemon::InProcessDaemon& in_process() { return here_; }
    daemon::Daemon& daemon() { return here_.daemon(); }

    std::vector<std::uint64_t> objects;  ///< their ids
    std::vector<std::uint32_t> sessions;

  private:
    // What comes first has made the objects that the later ones only find; one of these may then wait for a lock that
    // this thread holds.
    static void prepare(daemon::Client& by, const daemon::changing_requests::Request& request) {
        try {
            request.prepare(by);
        } catch (const proto::Refusal&) {
        } catch (const std::bad_optional_access&) {
        }
    }

    daemon::InProcessDaemon here_;
};

}  // namespace steward::fuzz
