#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/session.hpp"

namespace steward::daemon {

/// Sessions whose connections are lost while their processes live. Each is given some time to come back, in which it
/// keeps its places in line; what it holds it keeps for as long as its process lives.
class Absences {
  public:
    static constexpr std::uint64_t default_grace_ns = 5'000'000'000;

    explicit Absences(std::uint64_t grace_ns) : grace_ns_(grace_ns) {}

    /// How long sessions have to come back.
    std::uint64_t grace_ns() const { return grace_ns_; }

    void begin(Session& session, std::uint64_t now_ns) {
        session.lost_ns = now_ns;
        deadlines_.emplace_back(now_ns + grace_ns_, session.number);
    }

    bool is_over(const Session& session, std::uint64_t now_ns) const { return now_ns >= session.lost_ns + grace_ns_; }

    std::optional<std::uint64_t> next_deadline_ns() const {
        return deadlines_.empty() ? std::nullopt : std::optional(deadlines_.front().first);
    }

    /// Sessions whose time is over, if they have not come back or gone since.
    std::vector<std::uint32_t> take_over(std::uint64_t now_ns) {
        std::vector<std::uint32_t> over;
        for (; !deadlines_.empty() && deadlines_.front().first <= now_ns; deadlines_.pop_front())
            over.push_back(deadlines_.front().second);
        return over;
    }

  private:
    std::uint64_t grace_ns_;
    std::deque<std::pair<std::uint64_t, std::uint32_t>> deadlines_;  ///< and the session
};

}  // namespace steward::daemon
