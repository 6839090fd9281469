#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "shared/mutation.hpp"

namespace steward::shared {

/// How often something took how long: bucket i counts what took less than 2^i nanoseconds and not less than half of
/// that; the last one all that took longer. Stored outside of the undo log, since no change depends on it.
class Histogram {
  public:
    static constexpr std::size_t buckets = 48;

    static constexpr std::size_t bucket_of(std::uint64_t ns) noexcept {
        const auto width = static_cast<std::size_t>(std::bit_width(ns));
        return width < buckets ? width : buckets - 1;
    }
    void add(std::uint64_t ns, std::uint64_t times) noexcept {
        auto& count = counts_[bucket_of(ns)];
        count.init(count.load() + times);
    }
    std::uint64_t at(std::size_t bucket) const noexcept { return counts_[bucket].load(); }

  private:
    std::array<Field<std::uint64_t>, buckets> counts_;
};

/// What an object remembers of those who waited for it and held it. It is made with the first wait; an object that
/// nobody ever waited for has none, and costs nothing.
struct Statistics : Node {
    Field<std::uint64_t> waited;  ///< requests that had to wait
    Field<std::uint64_t> wait_total_ns;
    Field<std::uint64_t> wait_longest_ns;
    Field<std::uint64_t> hold_total_ns;
    Field<std::uint64_t> hold_longest_ns;
    Histogram waits;
    Histogram holds;
};
static_assert(sizeof(Statistics) == 56 + 2 * Histogram::buckets * 8);

/// One more has to wait; makes the statistics where there are none. In the Mutation that lets it join the line.
void note_wait(Mutation&, ObjectHeader&);
/// A wait has ended with a grant. Nothing happens where there are no statistics.
void note_waited(const Heap&, ObjectHeader&, std::uint64_t ns) noexcept;
/// The same of a hold that has ended; `times`: for so many it stands.
void note_held(const Heap&, ObjectHeader&, std::uint64_t ns, std::uint64_t times = 1) noexcept;
/// Null: there are none.
const Statistics* statistics_of(const Heap&, const ObjectHeader&) noexcept;
void forget_statistics(Mutation&, ObjectHeader&);

}  // namespace steward::shared
