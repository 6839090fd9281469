#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "shared/cpu_pause.hpp"
#include "shared/heap_view.hpp"
#include "shared/racing_bytes.hpp"

namespace steward::shared {

/// What came of reading.
enum class Reading : std::uint8_t {
    found,      ///< as it was at one moment during the call
    missing,    ///< the object is there, what was asked for is not: no such key or index, nothing in a cell
    gone,       ///< there is no such object; the daemon says it properly
    undecided,  ///< ask the daemon: it changed too often, holds references, is too large or is not where it should be
};

template <class T>
struct Readout {
    Reading reading = Reading::undecided;
    T value{};  ///< where found
};

/// So often is a read tried that finds its object changing or changed, with 1, 2, 4, ... pauses between: in all some
/// microseconds, which is less than asking the daemon takes.
inline constexpr unsigned most_tries = 8;

/// No more is copied out of the heap by one read, if nothing smaller is said.
inline constexpr std::size_t most_copied_bytes = std::size_t{1} << 20;

/// Where a read puts what it copies.
struct Output {
    std::string& bytes;
    std::size_t room;  ///< so many bytes more may come
};

/// An object during one attempt to read it. What is loaded from it may be of different moments, and thus nonsense,
/// until `holds` has said that it is not.
class Snapshot {
  public:
    Snapshot(const HeapView& heap, const ObjectHeader& object) noexcept
        : heap_(heap), object_(object), version_(object.version.load()) {
        // Acquire: what is loaded from here on is at least as new as the version: it was stored before it (the release
        // fence in Mutation::finish_versions).
        std::atomic_thread_fence(std::memory_order_acquire);
    }

    const HeapView& heap() const noexcept { return heap_; }
    const ObjectHeader& object() const noexcept { return object_; }
    template <class State>
    const State& state_as() const noexcept {
        return object_.state_as<State>();
    }

    bool is_changing() const noexcept { return version_ % 2 != 0; }
    /// All that was loaded before belongs together. Where it was loaded from a block that had been discarded, freed and
    /// used again, the version of the object that had owned it was changed before.
    bool holds() const noexcept {
        // Acquire: if any load before it saw a store of a later Mutation, the version that this one made odd before
        // (the release fence in Mutation::change) is seen by the load behind it; so that one may be relaxed.
        std::atomic_thread_fence(std::memory_order_acquire);
        return object_.version.load() == version_;
    }

    /// False, and nothing is copied: the bytes are too many, or cannot be there.
    bool append(Output& output, std::uint64_t place, std::uint64_t count) const {
        const char* from = heap_.bytes_at(place, count);
        // A large size is looked at twice before there is memory for it.
        if (from == nullptr || count > output.room || (count > most_unchecked_bytes && !holds()))
            return false;
        const std::size_t before = output.bytes.size();
        output.bytes.resize(before + count);
        copy_racing_bytes(output.bytes.data() + before, from, count);
        output.room -= count;
        return true;
    }

    /// Copies the words that contain the bytes. Null: they do not fit, or cannot be there.
    std::string_view copy(std::span<std::uint64_t> room, std::uint64_t place, std::uint64_t count) const noexcept {
        const char* from = count <= room.size_bytes() ? heap_.bytes_at(place, count) : nullptr;
        const auto skipped = place % sizeof(std::uint64_t);
        const auto words = (skipped + count + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
        if (from == nullptr || words > room.size())
            return {};
        copy_racing_words(room.data(), from - skipped, words);
        return {reinterpret_cast<const char*>(room.data()) + skipped, count};
    }

  private:
    static constexpr std::size_t most_unchecked_bytes = 4096;

    const HeapView& heap_;
    const ObjectHeader& object_;
    std::uint64_t version_;
};

/// One object of a HeapView: how it is read without a lock. Cheap to copy. The readers of each structure
/// (DictReader, ...) say what an attempt does.
class ObjectView {
  public:
    ObjectView(const HeapView& heap, const ObjectHeader& header, ObjectId id) noexcept
        : heap_(&heap), header_(&header), id_(id) {}

    ObjectId id() const noexcept { return id_; }
    const HeapView& heap() const noexcept { return *heap_; }

    /// Runs `attempt` (Reading of a const Snapshot&) until what it has read belongs together. It may be run several
    /// times, must check and bound whatever it loads, and answers undecided where that makes no sense.
    template <class Attempt>
    Reading read(Attempt&& attempt) const {
        for (unsigned tries = 0; tries < most_tries; ++tries) {
            const Snapshot snapshot{*heap_, *header_};
            if (!snapshot.is_changing()) {
                const Reading reading = header_->id.load() == id_ ? attempt(snapshot) : Reading::gone;
                if (snapshot.holds())
                    return heap_->superseded() ? Reading::undecided : reading;
            }
            for (unsigned pauses = 0; pauses < 1U << tries; ++pauses)
                cpu_pause();
        }
        return Reading::undecided;
    }

    /// The same with an attempt (of a const Snapshot& and an Output&) that appends to `bytes`, at most `most_bytes`.
    /// They stay as they were, but for their capacity, unless it is found.
    template <class Attempt>
    Reading read_into(std::string& bytes, std::size_t most_bytes, Attempt&& attempt) const {
        const std::size_t before = bytes.size();
        const Reading reading = read([&](const Snapshot& snapshot) {
            bytes.resize(before);
            Output output{bytes, most_bytes};
            return attempt(snapshot, output);
        });
        if (reading != Reading::found)
            bytes.resize(before);
        return reading;
    }

  private:
    const HeapView* heap_;
    const ObjectHeader* header_;
    ObjectId id_;
};

}  // namespace steward::shared
