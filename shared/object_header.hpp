#pragma once

#include <array>
#include <cstdint>

#include "shared/node.hpp"

namespace steward::shared {

struct Name;
struct Waiter;
struct AbandonmentRecord;
struct Statistics;

/// Never reused: generation of the slot (24 bits) | domain (12 bits) | slot (28 bits). 0 is none.
struct ObjectId {
    std::uint64_t value = 0;

    static constexpr unsigned slot_bits = 28, domain_bits = 12, generation_bits = 24;

    static constexpr ObjectId make(std::uint64_t generation, std::uint64_t domain, std::uint64_t slot) noexcept {
        return {generation << (slot_bits + domain_bits) | domain << slot_bits | slot};
    }
    constexpr std::uint32_t slot() const noexcept {
        return static_cast<std::uint32_t>(value & ((1U << slot_bits) - 1));
    }
    constexpr std::uint32_t domain() const noexcept {
        return static_cast<std::uint32_t>(value >> slot_bits & ((1U << domain_bits) - 1));
    }
    constexpr std::uint32_t generation() const noexcept {
        return static_cast<std::uint32_t>(value >> (slot_bits + domain_bits));
    }
    friend constexpr auto operator<=>(ObjectId, ObjectId) noexcept = default;
};

/// The number of the type is the daemon's (proto's list of types); 0 means that the slot is free.
struct ObjectKind {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint16_t mode = 0;  ///< permission bits, as of chmod(2)
    std::uint32_t gid = 0;

    /// ephemeral: goes with the last that uses it or refers to it; refers: references have been stored in it.
    static constexpr std::uint8_t ephemeral = 1, anonymous = 2, refers = 4;
};

struct ObjectTraits {
    std::uint32_t references = 0;  ///< how often values and other objects refer to it
    std::uint32_t options = 0;     ///< of the type
};

/// One object. Headers are type-stable: a slot is used for another object, never for anything else, so a reader may
/// look at a header at any time and find out by version and id that its object has gone.
///
/// `version` is odd while a Mutation changes the object; it is not logged and never goes back (Mutation::change).
/// All else is stored by Mutations. `state` belongs to the type: see state_as.
struct ObjectHeader {
    Field<std::uint64_t> version;
    Field<ObjectId> id;
    Field<ObjectKind> kind;
    Field<ObjectTraits> traits;
    Field<Offset<Name>> name;                  ///< none: anonymous
    Field<Offset<ObjectHeader>> next_by_name;  ///< in a full bucket of names; of a free slot: the next free slot
    Field<Offset<Waiter>> line_first;          ///< see line.hpp
    Field<Offset<Waiter>> line_last;
    std::array<Field<std::uint64_t>, 4> state;
    Field<std::uint64_t> operations;  ///< changes by requests, for the metrics
    Field<Offset<Statistics>> statistics;
    Field<Offset<AbandonmentRecord>> last_abandonment;
    Field<std::uint64_t> word_line;  ///< index in the words; 0: none. Stays with the slot, whoever uses it

    /// The state as the structure that the type keeps there: DictState, SequenceState, CellState, ...
    template <class State>
    State& state_as() noexcept {
        static_assert(sizeof(State) <= sizeof(state) && std::is_standard_layout_v<State>);
        return *reinterpret_cast<State*>(state.data());
    }
    template <class State>
    const State& state_as() const noexcept {
        static_assert(sizeof(State) <= sizeof(state) && std::is_standard_layout_v<State>);
        return *reinterpret_cast<const State*>(state.data());
    }
};

static_assert(sizeof(ObjectHeader) == 128);

/// Headers lie side by side in blocks of so many.
inline constexpr std::uint64_t slots_per_slab = 64;

}  // namespace steward::shared
