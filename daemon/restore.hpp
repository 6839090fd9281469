#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/object.hpp"
#include "daemon/registry.hpp"
#include "proto/dump.hpp"

namespace steward::daemon {

class Daemon;

/// Makes the objects of a dump, still without names, fills them, and gives them their names at the end: those of a user
/// in one Mutation, so that all of them are there or none. Until then they belong to the session that restores them,
/// and go with it; those that the daemon itself restores go where it is killed before the end, with all its memory.
class Restore {
  public:
    using Existing = proto::restore::Existing;

    /// `session`: in whose name; none: the daemon itself, which may do anything. It must outlive this.
    Restore(Daemon& daemon, Session* session, Existing existing)
        : daemon_(daemon), session_(session), existing_(existing) {}

    /// A record of a dump, of whatever origin: objects in its order, and then all values. Throws Refusal, Malformed,
    /// NoMemory; what has been added before stays.
    void add(std::string_view record);

    /// Throws Refusal (object_exists, no_permission), NoMemory.
    proto::restore::Finish::Result finish();

    /// Lets go of what has been made: what has no name and nothing refers to goes.
    void abandon();

    // For the types of objects, while they restore one:

    Daemon& daemon() const { return daemon_; }
    /// Makes the object, of the owner and the mode that the dump says.
    Object make(const Blueprint&, const Registry::Initialize& = {}) const;
    /// The object that has come of one of the dump; nothing where there is none.
    std::optional<Object> restored(std::uint64_t id_in_dump) const;
    /// Whether it is one that was made here, that gets no name and is part of no other yet.
    bool is_spare(std::uint64_t id_in_dump) const;
    /// Throws Refusal (other_domain) where the object has another owner than the one that is being made.
    void check_same_owner(const Object&) const;

  private:
    struct Restored {
        std::uint64_t id = 0;      ///< here; 0: nothing came of it
        std::uint64_t values = 0;  ///< that have been put into it
        bool named = false;
        bool skipped = false;  ///< there was one of the name already
    };
    struct Named {
        std::uint64_t id = 0;
        std::string name;
        bool ephemeral = false;
    };

    void add_object(std::string_view record);
    void add_values(std::string_view record);
    void check(const proto::dump::Object&) const;
    bool skips(const proto::dump::Object&);
    gid_t group_of(const proto::dump::Object&) const;
    std::string with_new_references(const Object& container, std::string_view value) const;
    void make_room_for_names();
    void give_names();
    void hand_over();

    Daemon& daemon_;
    Session* session_;
    Existing existing_;
    const proto::dump::Object* record_ = nullptr;        ///< of the object that is being made
    std::unordered_map<std::uint64_t, Restored> by_id_;  ///< in the dump
    std::vector<Named> named_;                           ///< those that get names at the end
    std::unordered_set<std::string> names_;
    bool has_values_ = false;
    proto::restore::Finish::Result result_;
};

}  // namespace steward::daemon
