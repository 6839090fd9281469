#include <array>
#include <limits>

#include "proto/value.hpp"
#include "shared/bucket_table.hpp"
#include "shared/cell.hpp"
#include "shared/cell_reader.hpp"
#include "shared/dict.hpp"
#include "shared/dict_reader.hpp"
#include "shared/sequence.hpp"
#include "shared/sequence_reader.hpp"
#include "shared/typed_array.hpp"
#include "shared/typed_array_reader.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

constexpr int most_damages = 64;

// A heap with an object of each structure, and a copy of its file in which a test writes what it likes. Whatever stands
// there, each reader comes to an end and touches nothing but the memory that exists.
class ReadersOfHostileMemory : public HeapTest {
  protected:
    ReadersOfHostileMemory() {
        cell_ = make("cell");
        array_ = make("array");
        small_list_ = make("small list");
        list_ = make("list");
        dict_ = make("dict");
        fill();
        image_.resize(segment_bytes());
        EXPECT_EQ(::pread(heap_->fd(), image_.data(), image_.size(), segment_begin),
                  static_cast<ssize_t>(image_.size()));
        header_.resize(heap_header_bytes);
        EXPECT_EQ(::pread(heap_->fd(), header_.data(), header_.size(), 0), static_cast<ssize_t>(header_.size()));
        restore();
        objects_seen_ = find_all(view());
    }

    const HeapView& view() {
        if (!view_)
            view_ = std::make_unique<HeapView>(read_only(copy_.get()));
        return *view_;
    }
    std::uint64_t segment_bytes() const { return heap_->header().segment_bytes.load(); }
    // The file ends where its header says that the memory does.
    void restore() {
        write(0, header_);
        write(segment_begin, image_);
    }
    void write(std::uint64_t place, std::string_view bytes) {
        ASSERT_EQ(::pwrite(copy_.get(), bytes.data(), bytes.size(), static_cast<off_t>(place)),
                  static_cast<ssize_t>(bytes.size()));
    }
    void write_word(std::uint64_t place, std::uint64_t word) {
        write(place, {reinterpret_cast<const char*>(&word), sizeof(word)});
    }
    std::uint64_t place_of(const void* live) const {
        return heap_->offset_of(static_cast<const std::byte*>(live)).value;
    }

    void read_everything() {
        for (const ObjectView& object : find_all(view()))
            read(object);
        for (const ObjectView& object : objects_seen_)
            read(object);
    }
    Reading look_up(const std::string& key) {
        std::string bytes;
        return DictReader{*view().find(dict_->id.load())}.find(packed_string(key), bytes).reading;
    }

    ObjectHeader* cell_ = nullptr;
    ObjectHeader* array_ = nullptr;
    ObjectHeader* small_list_ = nullptr;
    ObjectHeader* list_ = nullptr;
    ObjectHeader* dict_ = nullptr;
    UniqueFd copy_ = anonymous_file();
    std::string image_;
    std::string header_;

  private:
    ObjectHeader* make(std::string_view name) {
        Mutation mutation{*heap_};
        return &objects().create(mutation, {.name = name, .kind = kind_of(plain)});
    }
    void fill() {
        Mutation mutation{*heap_};
        for (ObjectHeader* object : {cell_, array_, small_list_, list_, dict_})
            mutation.change(*object);
        Cell{*heap_, cell_->state_as<CellState>()}.set(mutation, packed_string("a value"));
        TypedArray{*heap_, array_->state_as<TypedArrayState>()}.make(mutation, 'q', 10);
        for (int number = 0; number < 1500; ++number) {
            const std::string value = packed_string(std::to_string(number));
            if (number < 5)
                Sequence{*heap_, small_list_->state_as<SequenceState>()}.push_back(mutation, value);
            Sequence{*heap_, list_->state_as<SequenceState>()}.push_back(mutation, value);
            Dict{*heap_, dict_->state_as<DictState>()}.set(mutation, value, value);
        }
    }
    std::vector<ObjectView> find_all(const HeapView& heap) const {
        std::vector<ObjectView> found;
        for (const ObjectHeader* object : {cell_, array_, small_list_, list_, dict_})
            if (const auto seen = heap.find(object->id.load()))
                found.push_back(*seen);
        return found;
    }
    // By every reader, whatever the object is.
    static void read(const ObjectView& object) {
        std::string bytes;
        CellReader{object}.get(bytes);
        for (const std::int64_t index : {0, 3, -1, 700})
            SequenceReader{object}.at(index, bytes);
        TypedArrayReader{object}.elements(1, 3, bytes);
        for (const char* key : {"0", "77", "1499", "none"}) {
            DictReader{object}.find(packed_string(key), bytes);
            DictReader{object}.contains(packed_string(key));
        }
        EXPECT_LT(bytes.size(), 16 * most_copied_bytes);
        bytes.clear();
        SequenceReader{object}.copy(bytes);
        TypedArrayReader{object}.copy(bytes);
        DictReader{object}.copy(bytes);
        EXPECT_LE(bytes.size(), 3 * most_copied_bytes);
    }

    std::unique_ptr<HeapView> view_;
    std::vector<ObjectView> objects_seen_;
};

TEST_F(ReadersOfHostileMemory, FindEverythingWhereNothingIsDamaged) {
    EXPECT_EQ(look_up("77"), Reading::found);
    read_everything();
}

TEST_F(ReadersOfHostileMemory, SurviveRandomBytes) {
    SeededRandom random;
    SCOPED_TRACE(random.seed_text());
    for (int variation = 0; variation < 5000; ++variation) {
        std::vector<std::uint64_t> damaged;
        for (std::size_t count = random.below(most_damages) + 1; count > 0; --count) {
            damaged.push_back(random.below(image_.size()));
            write(segment_begin + damaged.back(), std::string(1, static_cast<char>(random.below(256))));
        }
        read_everything();
        for (const std::uint64_t place : damaged)
            write(segment_begin + place, {&image_[place], 1});
    }
}

TEST_F(ReadersOfHostileMemory, SurviveWordsThatLeadAstray) {
    SeededRandom random;
    SCOPED_TRACE(random.seed_text());
    const std::uint64_t end = segment_begin + segment_bytes();
    const auto astray = [&]() -> std::uint64_t {
        const std::uint64_t inside = segment_begin + random.below(segment_bytes());
        const std::array<std::uint64_t, 10> words{0,
                                                  std::numeric_limits<std::uint64_t>::max(),
                                                  inside,
                                                  inside / 16 * 16,
                                                  end,
                                                  end - 8,
                                                  end - random.below(64),
                                                  segment_begin - 8,
                                                  std::uint64_t{1} << random.below(64),
                                                  random.engine()()};
        return words[random.below(words.size())];
    };
    for (int variation = 0; variation < 5000; ++variation) {
        std::vector<std::uint64_t> damaged;
        for (std::size_t count = random.below(most_damages) + 1; count > 0; --count) {
            damaged.push_back(random.below(image_.size() / 8) * 8);
            write_word(segment_begin + damaged.back(), astray());
        }
        // And one in the root of an object.
        const ObjectHeader* object = std::array{cell_, array_, small_list_, list_, dict_}[random.below(5)];
        damaged.push_back(place_of(&object->state[random.below(4)]) - segment_begin);
        write_word(segment_begin + damaged.back(), astray());
        read_everything();
        for (const std::uint64_t place : damaged)
            write(segment_begin + place, {&image_[place], 8});
    }
}

TEST_F(ReadersOfHostileMemory, SurviveEveryByteBeingTheSame) {
    for (const char byte : {'\xff', '\0', '\x08', '\x40'}) {
        write(segment_begin, std::string(image_.size(), byte));
        read_everything();
    }
}

TEST_F(ReadersOfHostileMemory, SurviveAHeaderOfRandomWords) {
    SeededRandom random;
    SCOPED_TRACE(random.seed_text());
    constexpr std::uint64_t behind_layout = 16;
    for (int variation = 0; variation < 5000; ++variation) {
        const std::uint64_t place = behind_layout + random.below(24) * 8;
        write_word(place, random.below(2) == 0 ? segment_begin + random.below(segment_bytes()) : random.engine()());
        read_everything();
        write(place, {&header_[place], 8});
    }
}

TEST_F(ReadersOfHostileMemory, BelieveNoHeaderThatAnnouncesMoreThanThereIs) {
    const auto root = place_of(&dict_->state[0]);
    for (const std::uint64_t announced : {segment_bytes() + 4096, std::uint64_t{1} << 34, UINT64_MAX}) {
        write_word(offsetof(HeapHeader, segment_bytes), announced);
        for (const std::uint64_t beyond : {segment_bytes() - 8, segment_bytes(), segment_bytes() + 1024}) {
            write_word(root, segment_begin + beyond);
            EXPECT_EQ(look_up("77"), Reading::undecided);
        }
        read_everything();
    }
}

TEST_F(ReadersOfHostileMemory, EndInAChainWithoutAnEnd) {
    const std::string key = "is not there";
    ASSERT_EQ(look_up(key), Reading::missing);
    auto& state = dict_->state_as<DictState>();
    const auto entry = Dict{*heap_, state}.first()->place;
    const DictEntry& live = *heap_->at(entry);
    const std::uint32_t buckets = state.counts.load().buckets;
    const std::uint32_t bucket = bucket_of(proto::hash_key(packed_string(key), heap_->hash_seed()), buckets);
    const std::size_t last_link = std::size_t{bucket} * links_per_bucket + links_per_bucket - 1;
    write_word(place_of(&PagedTable{*heap_, state.buckets}.slot(last_link, std::size_t{buckets} * links_per_bucket)),
               entry.value);
    write_word(place_of(&live.chain), entry.value);
    write_word(place_of(&live.next), entry.value);
    EXPECT_EQ(look_up(key), Reading::undecided);
    read_everything();
}

TEST_F(ReadersOfHostileMemory, TakeNoSizeThatIsNoneOfARing) {
    const auto list = SequenceReader{*view().find(small_list_->id.load())};
    const Table& directory = *heap_->at(small_list_->state_as<SequenceState>().directory.load());
    const Table& chunk = *heap_->at(offset_cast<Table>(directory.slot(0).load()));
    for (const Table* table : {&directory, &chunk}) {
        for (const std::uint64_t slots : {0U, 3U, 7U, 0xffffffffU}) {
            std::string bytes;
            write_word(place_of(&table->tag), slots << 32U);
            EXPECT_EQ(list.at(0, bytes), Reading::undecided);
            EXPECT_EQ(list.copy(bytes).reading, Reading::undecided);
        }
        restore();
    }
}

}  // namespace
}  // namespace steward::shared
