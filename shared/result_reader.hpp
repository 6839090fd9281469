#pragma once

#include <cstdint>

#include "shared/object_view.hpp"

namespace steward::shared {

/// What a heap has recorded of the requests of a session, as another process finds it without asking the daemon: one
/// that is stopped, or gone, says nothing.
///
///     const auto reading = ResultReader{heap}.find(session, request);
///
/// It looks at what no object's version guards. So it counts only where no Mutation of the heap was under way
/// meanwhile.
class ResultReader {
  public:
    /// Of so many requests, the newest ones of a session, all records are there until it has the replies.
    static constexpr std::uint64_t newest = 1024;

    explicit ResultReader(const HeapView& heap) noexcept : heap_(heap) {}

    /// Whether something is recorded: found, missing, or undecided where the heap changes, or another one has taken its
    /// place.
    Reading find(std::uint64_t session, std::uint64_t request) const noexcept;

  private:
    Reading search(std::uint64_t session, std::uint64_t request) const noexcept;
    Reading search_table(Offset<ResultTable>, std::uint64_t request) const noexcept;

    const HeapView& heap_;
};

}  // namespace steward::shared
