#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "daemon/session.hpp"
#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// Waits, by their pidfds, for the ends of processes: of those that have sessions, and of those that clients wait for.
class ProcessEnds {
  public:
    struct Callbacks {
        std::function<void(const std::vector<std::uint32_t>& sessions)> of_sessions;
        std::function<void(std::uint64_t object)> of_object;
    };

    ProcessEnds(boost::asio::io_context& loop, Callbacks callbacks);
    ProcessEnds(const ProcessEnds&) = delete;
    ProcessEnds& operator=(const ProcessEnds&) = delete;
    ~ProcessEnds();

    /// The session's process, until the session is forgotten.
    void watch(const Session&);
    void forget(const Session&);

    /// The process that an object stands for, whether it has sessions or not.
    void await(std::uint64_t object, shared::UniqueFd pidfd);
    void forget(std::uint64_t object) { awaited_.erase(object); }

  private:
    struct Watch;

    void await_end(Watch&);
    void process_ended(const Process*);

    boost::asio::io_context& loop_;
    Callbacks callbacks_;
    std::unordered_map<const Process*, std::unique_ptr<Watch>> watches_;
    std::unordered_map<std::uint64_t, boost::asio::posix::stream_descriptor> awaited_;  ///< by object of the process
};

}  // namespace steward::daemon
