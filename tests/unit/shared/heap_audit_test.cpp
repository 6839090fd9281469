#include "shared/heap_audit.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "tests/support/temporary_folder.hpp"
#include "tests/unit/shared/domain_world.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

/// A heap with objects of every type and a copy of its file, in which a test writes what it likes.
class AHeapAudit : public testing::Test {
  protected:
    AHeapAudit() {
        DomainWorld world(*domain_);
        world.make();
        world.make_garbage();
    }

    std::string complaint() const {
        const HeapView view{UniqueFd{::fcntl(domain_->heap().fd(), F_DUPFD_CLOEXEC, 0)}};
        try {
            HeapAudit{view}.run();
            return {};
        } catch (const DomainError& error) {
            EXPECT_EQ(error.fault(), DomainFault::damaged);
            return error.what();
        }
    }
    /// What it says where the field has another value.
    template <class T>
    std::string complaint_where(Field<T>& field, T value) const {
        const T before = field.load();
        field.init(value);
        std::string found = complaint();
        field.init(before);
        return found;
    }
    ObjectHeader& object(std::string_view name) { return *domain_->objects().find(name); }
    Heap& heap() { return domain_->heap(); }
    static Offset<Node> elsewhere() { return Offset<Node>{segment_begin + 4096}; }

    tests::TemporaryFolder folder_;
    MemoryBudget budget_;
    std::unique_ptr<Domain> domain_ = Domain::create(
        {.folder = folder_.path(), .identity = {.number = 1, .uid = 1000}, .max_heap_bytes = std::uint64_t{1} << 28},
        budget_);
};

TEST_F(AHeapAudit, FindsNothingInAHeapThatIsWhole) {
    EXPECT_EQ(complaint(), "");
    while (heap().reap(64)) {
    }
    EXPECT_EQ(complaint(), "");
    DomainWorld(*domain_).remove_all();
    EXPECT_EQ(complaint(), "");
    while (heap().reap(64)) {
    }
    EXPECT_EQ(complaint(), "");
}

TEST_F(AHeapAudit, FindsNothingWhateverTheAllocatorHasDone) {
    std::mt19937 random(7);  // NOLINT(*-msc51-cpp): the same each time
    DomainWorld world(*domain_);
    ObjectHeader& list = world.create("a list of many sizes", DomainWorld::Type::list);
    for (int round = 0; round < 40; ++round) {
        for (int step = 0; step < 50; ++step)
            world.change(list, [&](Mutation& mutation) {
                auto sequence = world.sequence(list);
                if (random() % 3 == 0 && sequence.size() > 0)
                    sequence.erase(mutation, random() % sequence.size());
                else
                    sequence.push_back(mutation, packed_string(std::string(random() % 3000, 'x')));
            });
        heap().reap(random() % 64);
        ASSERT_EQ(complaint(), "") << "round " << round;
    }
}

/// So many keys as make half of the buckets twice as full as the others, shortly before those are split, too.
TEST_F(AHeapAudit, FindsNothingWhateverIsSetAndErasedInADict) {
    std::mt19937 random(7);  // NOLINT(*-msc51-cpp): the same each time
    DomainWorld world(*domain_);
    ObjectHeader& object = world.create("a dict of many keys", DomainWorld::Type::dict);
    for (int round = 0; round < 40; ++round) {
        for (int step = 0; step < 100; ++step)
            world.change(object, [&](Mutation& mutation) {
                const std::string key = packed_string(std::to_string(random() % 700));
                if (random() % 8 == 0)
                    world.dict(object).erase(mutation, key);
                else
                    world.dict(object).set(mutation, key, packed_string(std::string(random() % 200, 'x')));
            });
        heap().reap(random() % 64);
        ASSERT_EQ(complaint(), "") << "round " << round;
    }
    EXPECT_GT(world.dict(object).size(), 500U);
}

TEST_F(AHeapAudit, FindsLinksThatLeadElsewhere) {
    auto& dict = object("dict700").state_as<DictState>();
    DictEntry& entry = *heap().at(dict.first.load());
    EXPECT_NE(complaint_where(entry.chain, offset_cast<DictEntry>(elsewhere())), "");
    EXPECT_NE(complaint_where(entry.next, elsewhere()), "");
    EXPECT_NE(complaint_where(dict.last, dict.first.load()), "");
    EXPECT_NE(complaint_where(dict.buckets, Offset<Table>{}), "");
    auto& list = object("list700").state_as<SequenceState>();
    EXPECT_NE(complaint_where(list.directory, offset_cast<Table>(elsewhere())), "");
    EXPECT_NE(complaint_where(heap().header().first_session, Offset<SessionRecord>{}), "");
    EXPECT_NE(complaint_where(heap().header().name_buckets, offset_cast<Table>(elsewhere())), "");
    EXPECT_NE(complaint_where(heap().header().free_slots, Offset<ObjectHeader>{segment_begin}), "");
    EXPECT_NE(complaint_where(heap().header().garbage, elsewhere()), "");
}

TEST_F(AHeapAudit, FindsNumbersThatCannotBe) {
    auto& dict = object("dict700").state_as<DictState>();
    const Counts counts = dict.counts.load();
    EXPECT_NE(complaint_where(dict.counts, {counts.size + 1, counts.buckets}), "");
    EXPECT_NE(complaint_where(dict.counts, {counts.size, counts.buckets / 2}), "");
    EXPECT_NE(complaint_where(object("list700").state_as<SequenceState>().size, std::uint64_t{1} << 40), "");
    EXPECT_NE(complaint_where(object("lock").word_line, std::uint64_t{1} << 40), "");
    EXPECT_NE(complaint_where(object("lock").word_line, std::uint64_t{0}), "");
    EXPECT_NE(complaint_where(object("lock").word_line, object("rlock").word_line.load()), "");
    EXPECT_NE(complaint_where(object("lock").id, ObjectId{1}), "");
    EXPECT_NE(complaint_where(heap().header().objects, std::uint64_t{0}), "");
    EXPECT_NE(complaint_where(heap().header().slots_used, std::uint64_t{1}), "");
    EXPECT_NE(complaint_where(heap().header().lines_used, std::uint64_t{0}), "");
}

TEST_F(AHeapAudit, FindsAValueThatIsNone) {
    auto& item = *heap().at(offset_cast<Item>(object("value").state_as<CellState>().item.load()));
    const char before = *bytes_behind(&item);
    *bytes_behind(&item) = '\xc1';
    EXPECT_NE(complaint(), "");
    *bytes_behind(&item) = before;
    EXPECT_EQ(complaint(), "");
}

/// The allocator's own words are not ours to know, so each of them is changed.
TEST_F(AHeapAudit, FindsWhateverIsChangedInTheHeadOfTheAllocator) {
    constexpr std::uint64_t head_words = 7;
    for (std::uint64_t word = 0; word < head_words; ++word) {
        auto& field = *heap().at(Offset<Field<std::uint64_t>>{segment_begin + word * 8});
        EXPECT_NE(complaint_where(field, field.load() ^ 0x40), "") << "word " << word;
    }
}

TEST_F(AHeapAudit, FindsWhateverIsChangedInTheHeadsOfBlocks) {
    auto& item = *heap().at(object("value").state_as<CellState>().item.load());
    auto& size = reinterpret_cast<Field<std::uint64_t>*>(&item)[-1];
    for (unsigned bit = 0; bit < 64; ++bit)
        EXPECT_NE(complaint_where(size, size.load() ^ std::uint64_t{1} << bit), "") << "bit " << bit;
}

}  // namespace
}  // namespace steward::shared
