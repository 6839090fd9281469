#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/object.hpp"

namespace steward::daemon {

/// Which sessions use which words without asking. The line of an object that was removed is not used for another one
/// while a session may still look at it: until then it says `closed`, and belongs to nobody.
class SharedWords {
  public:
    /// The line of the object's word, which the session may use from now on; 0: it may not.
    std::uint32_t share(Session&, const Object&);

    /// The session was taken up from a former daemon: it may use any line that its user's domain has.
    void take_up(const Session&, shared::Domain&);

    bool is_shared(const Object& object) const {
        return users_.contains(object.id()) || former_.contains(object.domain);
    }

    /// The object is about to be removed. False: its line stays with the sessions that use it.
    bool close(const Object&);

    /// The session has ended.
    void forget(Session&);

  private:
    struct Users {
        shared::Domain* domain = nullptr;
        std::uint32_t line = 0;
        std::size_t sessions = 0;
        bool closed = false;
    };
    /// Sessions that were taken up, and the lines that are closed and kept back while there are any.
    struct Former {
        shared::Domain* domain = nullptr;
        std::unordered_set<std::uint32_t> sessions;
        std::vector<std::uint32_t> closed;
    };
    void give_back_line(shared::Domain&, std::uint32_t line);
    void forget_former(std::uint32_t session);

    std::unordered_map<std::uint64_t, Users> users_;  ///< by object
    std::unordered_map<const shared::Domain*, Former> former_;
};

}  // namespace steward::daemon
