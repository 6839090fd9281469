#pragma once

#include <cstddef>
#include <cstdint>

namespace steward::daemon {

/// What a request needs to find out before it can be carried out in one go, found out in pieces, so that nobody else
/// waits for long: the order of a long list, a copy of a dict. It is about one object, and is good only as long as that
/// does not change; whoever calls sees to it (Preparations).
///
/// What it is made from it keeps a copy of: the request may be decoded anew before it is done.
class Preparation {
  public:
    Preparation() = default;
    Preparation(const Preparation&) = delete;
    Preparation& operator=(const Preparation&) = delete;
    virtual ~Preparation() = default;

    /// Does a piece, which takes some 0.2 ms at most. False: it is done, and further calls do nothing. Throws Refusal.
    virtual bool go_on() = 0;
};

/// Items that are looked at in one piece, and bytes that are copied.
inline constexpr std::size_t items_per_piece = 2048;
inline constexpr std::size_t bytes_per_piece = std::size_t{256} << 10;

/// Thrown by the handler of a request that is to be carried out later: it is being prepared, or the object's turn is
/// another request's.
struct Postponed {
    std::uint64_t object;
    std::uint64_t version;  ///< of the object, by which it is prepared
};

}  // namespace steward::daemon
