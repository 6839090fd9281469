#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <steward/object.hpp>

namespace steward::detail {

/// What the calling thread has acquired through this library and not released: which locks, how often, and what it was
/// told of who died holding them. A thread looks only at its own, so there is nothing to lock; a forked child finds
/// nothing of its parent's.
///
/// A thread that ends while something is left here tells the daemon (session.end_thread), which takes away what it
/// really holds: a record may be out of date where an administrator broke a lock or another thread released one that is
/// transferable.
///
/// What is acquired by its word is not recorded one by one: the thread is only known to have done so.
///
/// None of them fails: what there is no memory to remember, the daemon learns from the end of the process.

/// The connection for which the thread was last noted as one that acquires things by their words; 0: none.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local std::uint64_t connection_of_words;

/// The thread acquires something by its word.
void note_use_of_words(const ObjectState& object) noexcept;

/// In how many places something is recorded of the thread, by way of whatever Client. May be too large: of a Client
/// that is gone.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local std::size_t recorded_acquisitions;

/// `count`: how often the thread holds it now; 0: once more than before.
void remember_acquisition(const ObjectState& object, const std::optional<Abandonment>& abandoned,
                          std::uint64_t count = 0) noexcept;

/// The lock was given up and taken back, as often as before, by a condition's wait.
void renew_acquisition(const ObjectState& object, const std::optional<Abandonment>& abandoned) noexcept;

/// Once less than before.
void forget_acquisition(const ObjectState& object) noexcept;

std::optional<Abandonment> abandonment_of_acquisition(const ObjectState& object);

}  // namespace steward::detail
