#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <type_traits>

namespace steward::shared {

class Mutation;

/// Eight bytes of live state. Anyone may load, in any process that maps the heap; relaxed, since a reader checks the
/// object's version around all its loads. Only a Mutation stores. `init` is for memory that nobody can reach yet, and
/// for the few words that are written outside of every undo (each of them says so).
template <class T>
class Field {
    static_assert(sizeof(T) == sizeof(std::uint64_t) && std::is_trivially_copyable_v<T>);

  public:
    T load() const noexcept { return std::bit_cast<T>(bits_.load(std::memory_order_relaxed)); }
    void init(T value) noexcept { bits_.store(std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed); }

  private:
    friend class Mutation;

    std::atomic<std::uint64_t> bits_;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(sizeof(Field<std::uint64_t>) == sizeof(std::uint64_t));

}  // namespace steward::shared
