#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/object.hpp"
#include "daemon/object_class.hpp"

namespace steward::daemon {

class Daemon;

/// Finds objects without a user that refer to each other in a circle, and removes them.
///
/// It begins with objects that have lost a reference or their last user and are still referred to: a circle that has
/// just become unreachable contains one of them or is reached from one. From there it walks, in slices, over all
/// objects without a user (the nodes) and counts how often each is referred to from a node. One that is referred to
/// more often than that is reached from outside, and so is what it refers to; the rest is garbage.
///
/// Nothing stands still meanwhile, but garbage does: nobody can reach it, so nobody changes it, stores a reference to
/// it or is told of it. An object to which any of this happens during the walk lives. Where it happens after the walk,
/// when the nodes are being judged, the sweep gives up and is begun anew later.
class Sweep {
  public:
    explicit Sweep(Daemon& daemon) : daemon_(daemon) {}

    /// The object may be part of a circle.
    void suspect(const Object&);

    /// Somebody gets a receipt for the object, or stores a reference to it.
    void touched(std::uint64_t object);

    /// Works for a bounded time, if it is time to. True: there is more to do at once.
    bool go_on();

    /// When the next sweep is to begin; nothing where there is nothing to do, or a sweep is under way.
    std::optional<std::uint64_t> next_ns() const;

  private:
    enum class Phase { idle, walking, judging, spreading, removing };

    struct Node {
        std::uint64_t version = 0;
        ValueCursor cursor;
        std::vector<std::uint64_t> targets;
        std::uint32_t referred = 0;  ///< from nodes
        bool alive = false;
    };

    void begin();
    void end(Phase reached);
    void add_node(std::uint64_t id);
    void walk(Node&);
    void judge(std::uint64_t id, Node&);
    void spread();
    void remove(std::uint64_t id, const Node&);
    bool unchanged(const std::optional<Object>&, const Node&) const;

    Daemon& daemon_;
    std::unordered_set<std::uint64_t> suspects_;
    std::uint64_t not_before_ns_ = 0;

    Phase phase_ = Phase::idle;
    std::unordered_map<std::uint64_t, Node> nodes_;
    std::vector<std::uint64_t> order_;  ///< the nodes as they were found
    std::size_t position_ = 0;          ///< in it
    std::vector<std::uint64_t> alive_;  ///< those whose targets live too, and have not been told
    std::uint64_t steps_ = 0;           ///< of this sweep
};

}  // namespace steward::daemon
