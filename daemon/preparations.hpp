#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/preparation.hpp"

namespace steward::daemon {

class Registry;
struct Session;

/// A request that is carried out later, as it came.
struct PostponedRequest {
    std::uint32_t session = 0;
    std::string frame = {};
    std::uint64_t turn_of = 0;                      ///< the object in whose line it is
    std::unique_ptr<Preparation> preparation = {};  ///< as far as it has come
    std::uint64_t version = 0;                      ///< of the object, by which it is prepared
    unsigned beginnings = 0;                        ///< how often it has been begun
    std::exception_ptr refusal = {};                ///< what came of the preparation
};

/// The requests that are prepared in pieces, each at the head of a line for its object. Requests to the same object
/// that come meanwhile wait behind it, so that all happens in its order; the objects take turns.
///
/// What changes an object without waiting here (its removal, an end of a session) makes what was found out void: it is
/// begun anew, and the third time it is done in one go, so that it ends.
class Preparations {
  public:
    bool empty() const { return lines_.empty(); }
    bool is_busy(std::uint64_t object) const { return lines_.contains(object); }

    /// The request takes its place: at the head of its object's line where its preparation has begun, else at the end.
    void postpone(PostponedRequest);

    /// Does one piece of work. A request that has been prepared is returned, to be carried out before anything else;
    /// then `settle` its object.
    std::optional<PostponedRequest> go_on(const Registry&);
    void settle(std::uint64_t object);

    /// Whether there are so many of the session that it is to be read no further.
    bool has_enough_of(const Session&) const;

    /// The session has no connection any more, over which it could hear of its requests: it will make them again.
    void forget(const Session&);

  private:
    using Line = std::deque<PostponedRequest>;

    struct Amount {
        std::size_t requests = 0;
        std::size_t bytes = 0;
    };

    void leaves(const PostponedRequest&);
    static bool prepare_a_piece(PostponedRequest&, const Registry&);

    std::unordered_map<std::uint64_t, Line> lines_;      ///< by object; those in `turns_`
    std::deque<std::uint64_t> turns_;                    ///< objects
    std::unordered_map<std::uint32_t, Amount> amounts_;  ///< by session
};

}  // namespace steward::daemon
