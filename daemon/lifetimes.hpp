#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "daemon/object.hpp"
#include "daemon/sweep.hpp"
#include "proto/packed.hpp"

namespace steward::daemon {

class Daemon;
struct Call;

/// Who keeps the objects that go with their last user, which are those without a name and the ephemeral ones: sessions
/// that have got receipts for them, and other objects that refer to them. One that nobody keeps is removed at once; one
/// that only a circle of such objects keeps is found by the Sweep.
///
/// What refers to an object is counted in the heap (shared/references.hpp); who uses it is known here, and ends with
/// the session. A session has a receipt for each time that it was told of the object, so that one which it gives back
/// cannot undo what it is just being told.
class Lifetimes {
  public:
    explicit Lifetimes(Daemon& daemon) : daemon_(daemon), sweep_(daemon) {}

    /// The session gets a receipt. Nothing happens for an object that lives until it is removed.
    void use(Session&, const Object&);
    /// The session gives receipts back.
    void drop(Session&, std::uint64_t object, std::uint64_t receipts);
    /// The session gives all of them back.
    void close(Session&);
    /// The object is removed.
    void forget(std::uint64_t object);

    std::size_t users_of(std::uint64_t object) const;

    /// The references in a value of a request, which are to be stored in `container` or in a new object of the
    /// session's user: what they refer to must exist and be of the same domain. Throws Refusal: no_such_object,
    /// wrong_type, no_permission, other_domain.
    void check_references(Call&, const Object* container, proto::Packed value);

    /// Of a container in which references are stored.
    static void note_refers(const Object& container);

    /// The session gets a receipt for each reference in the replies that it is about to be sent.
    void note_replies(Session&);

    /// An object of which a former daemon knew who uses it: where sessions of it live, they get the time that they have
    /// to come back, and say what they use.
    void take_up(const Object&);

    /// An object that was made from a dump, in the session's name or in nobody's, belongs to it no longer: where it
    /// goes with its last user, those who used it before get the same time.
    void restored(Session*, const Object&);

    /// Removes what is no longer kept, and searches on for circles, for a bounded time. True: there is more.
    bool settle();

    /// When a search is to begin.
    std::optional<std::uint64_t> next_sweep_ns() const;

  private:
    void await_former_users(const Object&);
    /// Whether it was removed.
    bool lost_a_keeper(const Object&);
    /// True: there is more.
    bool settle_former();

    Daemon& daemon_;
    std::unordered_map<std::uint64_t, std::size_t> users_;  ///< sessions by object
    Sweep sweep_;
    std::vector<std::uint64_t> former_;  ///< ids of objects that a former daemon left
    std::uint64_t former_until_ns_ = 0;
};

}  // namespace steward::daemon
