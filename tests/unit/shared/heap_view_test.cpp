#include "shared/heap_view.hpp"

#include <vector>

#include "shared/cell.hpp"
#include "shared/cell_reader.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

class AHeapView : public ReaderTest {
  protected:
    void set(std::string_view value) {
        change([&](Mutation& mutation) { Cell{*heap_, object_->state_as<CellState>()}.set(mutation, value); });
    }
    Reading get() {
        bytes_.clear();
        return CellReader{seen()}.get(bytes_);
    }
    static DomainFault fault_of(UniqueFd file) {
        try {
            const HeapView view{std::move(file)};
        } catch (const DomainError& error) {
            return error.fault();
        }
        throw std::logic_error("the file is a heap");
    }
};

TEST_F(AHeapView, NeedsNoMoreThanToRead) {
    set("value");
    EXPECT_EQ(get(), Reading::found);
    EXPECT_EQ(bytes_, "value");
    EXPECT_EQ(view_.domain().number, 7U);
    EXPECT_EQ(view_.hash_seed(), heap_->hash_seed());
}

TEST_F(AHeapView, RefusesWhatIsNoHeap) {
    EXPECT_EQ(fault_of(anonymous_file()), DomainFault::not_a_heap);
    UniqueFd zeros = anonymous_file();
    ASSERT_EQ(::ftruncate(zeros.get(), std::int64_t{1} << 27), 0);
    EXPECT_EQ(fault_of(std::move(zeros)), DomainFault::not_a_heap);
}

TEST_F(AHeapView, RefusesAnotherLayout) {
    heap_->header().layout.init(heap_layout + 1);
    EXPECT_EQ(fault_of(read_only(heap_->fd())), DomainFault::other_layout);
}

TEST_F(AHeapView, FindsEveryObjectHoweverManyThereAre) {
    std::vector<ObjectId> ids;
    constexpr std::size_t more_than_a_page_of_slabs = 70'000;
    while (ids.size() < more_than_a_page_of_slabs) {
        Mutation mutation{*heap_};
        ids.push_back(objects().create(mutation, {.kind = kind_of(plain)}).id.load());
    }
    for (const ObjectId id : ids)
        ASSERT_TRUE(view_.find(id)) << id.slot();
}

TEST_F(AHeapView, FindsNoObjectThatIsNotThere) {
    const ObjectId id = object_->id.load();
    EXPECT_FALSE(view_.find({}));
    EXPECT_FALSE(view_.find(ObjectId::make(id.generation() + 1, id.domain(), id.slot())));
    EXPECT_FALSE(view_.find(ObjectId::make(id.generation(), id.domain(), id.slot() + 1)));
    EXPECT_FALSE(view_.find(ObjectId::make(id.generation(), id.domain(), (1U << ObjectId::slot_bits) - 1)));
}

TEST_F(AHeapView, FollowsAHeapThatGrows) {
    const std::string large(std::size_t{1} << 20, 'x');
    set(large);
    EXPECT_EQ(get(), Reading::found);
    EXPECT_EQ(bytes_, large);
}

TEST_F(AHeapView, LeavesToTheDaemonWhatLiesBeyondItsRange) {
    const HeapView narrow{read_only(heap_->fd()), std::uint64_t{1} << 17};
    const ObjectView object = *narrow.find(object_->id.load());
    set(std::string(std::size_t{1} << 19, 'x'));
    EXPECT_EQ(CellReader{object}.get(bytes_), Reading::undecided);
}

TEST_F(AHeapView, SaysNothingOnceItIsSuperseded) {
    set("value");
    const ObjectView object = seen();
    heap_->header().superseded.init(1);
    EXPECT_EQ(CellReader{object}.get(bytes_), Reading::undecided);
    EXPECT_EQ(bytes_, "");
}

TEST_F(AHeapView, KnowsThatAnObjectHasGoneAlsoWhenItsSlotIsUsedAgain) {
    set("value");
    const ObjectView former = seen();
    {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        Cell{*heap_, object_->state_as<CellState>()}.clear(mutation);
        objects().remove(mutation, *object_);
    }
    EXPECT_EQ(CellReader{former}.get(bytes_), Reading::gone);
    {
        Mutation mutation{*heap_};
        ASSERT_EQ(&objects().create(mutation, {.name = "other", .kind = kind_of(plain)}), object_);
    }
    set("other");
    EXPECT_EQ(CellReader{former}.get(bytes_), Reading::gone);
    EXPECT_EQ(get(), Reading::found);
}

TEST_F(AHeapView, DecidesNothingInTheMiddleOfAMutation) {
    set("before");
    const ObjectView object = seen();
    bytes_ = "kept";
    change([&](Mutation& mutation) {
        EXPECT_EQ(CellReader{object}.get(bytes_), Reading::undecided);
        Cell{*heap_, object_->state_as<CellState>()}.set(mutation, "behind");
        EXPECT_EQ(CellReader{object}.get(bytes_), Reading::undecided);
    });
    EXPECT_EQ(bytes_, "kept");
    EXPECT_EQ(get(), Reading::found);
    EXPECT_EQ(bytes_, "behind");
}

TEST_F(AHeapView, ShowsAfterARollbackWhatWasThereBefore) {
    set("before");
    const std::uint64_t version = object_->version.load();
    EXPECT_THROW(change([&](Mutation& mutation) {
                     Cell{*heap_, object_->state_as<CellState>()}.set(mutation, "behind");
                     throw NoMemory("for a test");
                 }),
                 NoMemory);
    EXPECT_GT(object_->version.load(), version);
    EXPECT_EQ(get(), Reading::found);
    EXPECT_EQ(bytes_, "before");
}

TEST_F(AHeapView, TriesAgainWhereTheObjectChangedMeanwhile) {
    set("value");
    unsigned tries = 0;
    const Reading reading = seen().read([&](const Snapshot&) {
        if (++tries < 3)
            set("other");
        return Reading::found;
    });
    EXPECT_EQ(reading, Reading::found);
    EXPECT_EQ(tries, 3U);
}

TEST_F(AHeapView, GivesUpWhereTheObjectChangesEveryTime) {
    unsigned tries = 0;
    const Reading reading = seen().read([&](const Snapshot&) {
        ++tries;
        set("other");
        return Reading::found;
    });
    EXPECT_EQ(reading, Reading::undecided);
    EXPECT_EQ(tries, most_tries);
}

}  // namespace
}  // namespace steward::shared
