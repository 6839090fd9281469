#pragma once

#include <array>
#include <cstdint>

#include "proto/object_type.hpp"
#include "shared/cell.hpp"
#include "shared/dict.hpp"
#include "shared/holdings.hpp"
#include "shared/object_header.hpp"
#include "shared/queue.hpp"
#include "shared/sequence.hpp"
#include "shared/typed_array.hpp"

namespace steward::shared {

/// What the state in an object's header begins with, as far as it leads to blocks; the rest of it are numbers.
enum class Contents : std::uint8_t {
    numbers,          ///< of the type's own, all of it
    cell,             ///< CellState
    sequence,         ///< SequenceState
    dict,             ///< DictState
    elements,         ///< TypedArrayState
    queue,            ///< QueueState
    holdings,         ///< HoldingsState
    holdings_behind,  ///< HoldingsBehind
};

/// Two numbers and then who holds it.
struct HoldingsBehind {
    std::array<Field<std::uint64_t>, 2> numbers;
    HoldingsState holdings;
};

/// A state that refers to another object, and counts there unless `owned` is not 0 (that of a condition).
struct ReferringState {
    Field<ObjectId> object;
    Field<std::uint64_t> owned;
};

/// By the object's type; of a free slot: numbers. Throws DomainError for a type that does not exist.
Contents contents_of(const ObjectHeader&);

/// Whether objects of this type have a line of the words.
bool needs_word_line(proto::ObjectType) noexcept;

/// The object to which the state itself refers; 0: none.
ObjectId referred_by_state(const ObjectHeader&) noexcept;

}  // namespace steward::shared
