#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "daemon/object.hpp"

namespace steward::daemon {

/// Which sessions use which words without asking. The line of an object that was removed is not used for another one
/// while a session may still look at it: until then it says `closed`, and belongs to nobody.
class SharedWords {
  public:
    /// The line of the object's word, which the session may use from now on; 0: it may not.
    std::uint32_t share(Session&, const Object&);

    bool is_shared(const Object& object) const { return users_.contains(object.id()); }

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
    std::unordered_map<std::uint64_t, Users> users_;  ///< by object
};

}  // namespace steward::daemon
