#include "shared/sequence_reader.hpp"

#include <bit>

#include "shared/item_reader.hpp"
#include "shared/sequence_ring.hpp"

namespace steward::shared {

namespace {

/// The ring of a sequence in a Snapshot; its sizes and links are checked as they are loaded.
class RingReader {
  public:
    explicit RingReader(const Snapshot& snapshot) noexcept
        : snapshot_(snapshot),
          directory_(snapshot.state_as<SequenceState>().directory.load()),
          begin_(snapshot.state_as<SequenceState>().begin.load()),
          has_shape_(find_shape()) {}

    Reading read(std::uint64_t index, Output& output) const {
        if (!has_shape_)
            return Reading::undecided;
        const std::uint64_t position = begin_ + index;
        const Field<Offset<Node>>* chunk = snapshot_.heap().link(directory_, shape_.chunk_of(position));
        if (chunk == nullptr)
            return Reading::undecided;
        const auto slot = snapshot_.heap().link(offset_cast<Table>(chunk->load()), shape_.slot_in_chunk(position));
        return slot == nullptr ? Reading::undecided : read_item(snapshot_, offset_cast<Item>(slot->load()), output);
    }

  private:
    /// What is no power of two is no size of a ring.
    bool find_shape() noexcept {
        const std::uint32_t chunks = slots_of(directory_);
        if (!std::has_single_bit(chunks))
            return false;
        const std::uint64_t per_chunk = chunks == 1 ? slots_of_first_chunk() : Sequence::slots_per_chunk;
        shape_ = {chunks, static_cast<unsigned>(std::countr_zero(per_chunk))};
        return std::has_single_bit(per_chunk);
    }
    /// 0 where there is no table.
    std::uint32_t slots_of(Offset<Table> table) const noexcept {
        const Table* found = snapshot_.heap().at(table);
        return found == nullptr ? 0 : found->slots();
    }
    std::uint32_t slots_of_first_chunk() const noexcept {
        const Field<Offset<Node>>* chunk = snapshot_.heap().link(directory_, 0);
        return chunk == nullptr ? 0 : slots_of(offset_cast<Table>(chunk->load()));
    }

    const Snapshot& snapshot_;
    Offset<Table> directory_;
    std::uint64_t begin_;
    RingShape shape_;
    bool has_shape_;
};

std::uint64_t sequence_size_in(const Snapshot& snapshot) noexcept {
    return snapshot.state_as<SequenceState>().size.load();
}

Reading read_all_items(const Snapshot& snapshot, std::uint64_t size, Output& output) {
    // Each has a byte at least.
    if (size > output.room)
        return Reading::undecided;
    const RingReader ring{snapshot};
    for (std::uint64_t index = 0; index < size; ++index)
        if (!snapshot.holds() || ring.read(index, output) != Reading::found)
            return Reading::undecided;
    return Reading::found;
}

}  // namespace

Readout<std::uint64_t> SequenceReader::size() const {
    Readout<std::uint64_t> readout;
    readout.reading = object_.read([&](const Snapshot& snapshot) {
        readout.value = sequence_size_in(snapshot);
        return Reading::found;
    });
    return readout;
}

Reading SequenceReader::at(std::int64_t index, std::string& value) const {
    return object_.read_into(value, most_copied_bytes, [&](const Snapshot& snapshot, Output& output) {
        const std::uint64_t size = sequence_size_in(snapshot);
        // One that is too far before the begin comes out as one that is far behind the end.
        const std::uint64_t from_begin = static_cast<std::uint64_t>(index) + (index < 0 ? size : 0);
        return from_begin < size ? RingReader{snapshot}.read(from_begin, output) : Reading::missing;
    });
}

Readout<std::uint64_t> SequenceReader::copy(std::string& values, std::size_t most_bytes) const {
    Readout<std::uint64_t> readout;
    readout.reading = object_.read_into(values, most_bytes, [&](const Snapshot& snapshot, Output& output) {
        readout.value = sequence_size_in(snapshot);
        return read_all_items(snapshot, readout.value, output);
    });
    return readout;
}

}  // namespace steward::shared
