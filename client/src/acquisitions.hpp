#pragma once

#include <cstdint>
#include <optional>

#include <steward/object.hpp>

namespace steward::detail {

class Connection;

/// What the calling thread was told when it acquired the locks that it has not released. A thread looks only at its
/// own, so there is nothing to lock; a forked child has other connections, and finds nothing of its parent's.
void remember_acquisition(const Connection& connection, std::uint64_t lock,
                          const std::optional<Abandonment>& abandoned);
void forget_acquisition(const Connection& connection, std::uint64_t lock) noexcept;
std::optional<Abandonment> abandonment_of_acquisition(const Connection& connection, std::uint64_t lock);

}  // namespace steward::detail
