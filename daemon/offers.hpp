#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "daemon/object_class.hpp"

namespace steward::daemon {

/// What has been offered to those who waited and take it by its word themselves. One that is stopped does not, and
/// would hold up everybody behind it: after a while the offer is withdrawn, and the next in line gets his. Whoever
/// missed his offer asks again as soon as he looks at the word, and then stands where he stood.
///
/// In private memory: nothing tells the daemon that an offer has been taken, but the word itself.
class Offers {
  public:
    static constexpr std::uint64_t lifetime_ns = 50'000'000;
    /// By so much it may be less, so that many offers end at the same time: the daemon wakes up once for all of them.
    static constexpr std::uint64_t grain_ns = 10'000'000;
    /// So many that a session missed are remembered; where it had more, it waits anew.
    static constexpr std::size_t most_missed = 1024;

    explicit Offers(Daemon& daemon) : daemon_(daemon) {}

    void note(const Claim&);

    /// What a former daemon has offered; whoever misses it stands first.
    void take_up(const Object&, shared::Agent);

    /// Withdraws what has been offered too long, and the lines go on.
    void expire();

    /// When expire() has to be called next.
    std::optional<std::uint64_t> next_deadline_ns() const;

    /// The claim of one who missed his offer is as old as it was, and has no more time than it had. Who says a deadline
    /// says the same one when he asks again.
    static void take_up(Session&, Claim&, bool says_deadline);

    /// Takes an offer back. False: it has been taken, or there is nobody any more who could.
    static bool withdraw(const Object&, shared::Agent);

    /// The thread has ended, or all of them.
    static void forget(Session&, std::optional<std::uint32_t> thread);

  private:
    struct Offer {
        Claim claim;
        std::uint64_t deadline_ns = 0;
    };

    Daemon& daemon_;
    std::unordered_map<std::uint64_t, Offer> last_;                  ///< by object; there is one at a time
    std::deque<std::pair<std::uint64_t, std::uint64_t>> deadlines_;  ///< deadline, object
};

}  // namespace steward::daemon
