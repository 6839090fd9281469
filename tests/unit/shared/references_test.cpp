#include "shared/references.hpp"

#include <gtest/gtest.h>

#include <string>

#include "proto/reference.hpp"
#include "proto/writer.hpp"
#include "shared/cell.hpp"
#include "shared/dict.hpp"
#include "shared/queue.hpp"
#include "shared/sequence.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class References : public HeapTest {
  protected:
    References() {
        Mutation mutation{*heap_};
        target_ = &objects().create(mutation, {.name = "target", .kind = {.type = 4}});
    }

    std::string reference() const {
        std::string bytes;
        proto::Writer(bytes).reference({.type = proto::ObjectType::list, .object = target_->id.load().value});
        return bytes;
    }
    std::string references(std::size_t count) const {
        std::string bytes;
        proto::Writer(bytes).array(count);
        for (std::size_t index = 0; index < count; ++index)
            bytes += reference();
        return bytes;
    }

    std::uint32_t count() {
        reap_all();
        return target_->traits.load().references;
    }

    void change(auto apply) {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        apply(mutation);
    }

    Cell cell() { return {*heap_, object_->state_as<CellState>()}; }
    Dict dict() { return {*heap_, object_->state_as<DictState>()}; }
    Sequence sequence() { return {*heap_, object_->state_as<SequenceState>()}; }

    ObjectHeader* target_ = nullptr;
};

TEST_F(References, AreCountedWhileTheyAreHeld) {
    change([&](Mutation& mutation) { cell().set(mutation, reference()); });
    EXPECT_EQ(count(), 1U);
    change([&](Mutation& mutation) { cell().set(mutation, packed_string("something else")); });
    EXPECT_EQ(count(), 0U);
}

TEST_F(References, AreCountedAsOftenAsTheyOccur) {
    change([&](Mutation& mutation) { cell().set(mutation, references(5)); });
    EXPECT_EQ(count(), 5U);
    change([&](Mutation& mutation) { cell().set(mutation, references(3)); });
    EXPECT_EQ(count(), 3U);
    change([&](Mutation& mutation) { cell().clear(mutation); });
    EXPECT_EQ(count(), 0U);
}

TEST_F(References, ReplaceAValueOfTheSameSize) {
    const std::string other = packed_string(std::string(11, 'x'));
    ASSERT_EQ(other.size(), reference().size());
    change([&](Mutation& mutation) { dict().set(mutation, "\x01", other); });
    change([&](Mutation& mutation) { dict().set(mutation, "\x01", reference()); });
    EXPECT_EQ(count(), 1U);
    change([&](Mutation& mutation) { dict().set(mutation, "\x01", other); });
    EXPECT_EQ(count(), 0U);
}

TEST_F(References, CountAsKeysToo) {
    change([&](Mutation& mutation) { dict().set(mutation, reference(), reference()); });
    EXPECT_EQ(count(), 2U);
    change([&](Mutation& mutation) { dict().set(mutation, reference(), "\x02"); });
    EXPECT_EQ(count(), 1U);
    change([&](Mutation& mutation) { dict().clear(mutation); });
    EXPECT_EQ(count(), 0U);
}

TEST_F(References, LastThroughMovesInASequence) {
    constexpr std::size_t many = 2000;  // moved by building anew
    const std::string value = reference();
    const std::vector<std::string_view> values(many, value);
    change([&](Mutation& mutation) { sequence().splice(mutation, 0, 0, values); });
    EXPECT_EQ(count(), many);
    std::vector<std::size_t> backwards(many);
    for (std::size_t index = 0; index < many; ++index)
        backwards[index] = many - 1 - index;
    change([&](Mutation& mutation) { sequence().rearrange(mutation, backwards); });
    EXPECT_EQ(count(), many);
    change([&](Mutation& mutation) { sequence().erase_stepped(mutation, 0, 2, many / 2); });
    EXPECT_EQ(count(), many / 2);
    change([&](Mutation& mutation) { sequence().clear(mutation); });
    EXPECT_EQ(count(), 0U);
}

TEST_F(References, OfAQueueGoWithTheirItem) {
    Queue queue{*heap_, object_->state_as<QueueState>()};
    change([&](Mutation& mutation) {
        queue.create(mutation, 0);
        queue.put(mutation, Queue::make_item(mutation, reference()));
        queue.put(mutation, Queue::make_item(mutation, reference()));
    });
    EXPECT_EQ(count(), 2U);
    change([&](Mutation& mutation) { queue.get(mutation); });
    EXPECT_EQ(count(), 1U);
    change([&](Mutation& mutation) { queue.take(mutation, {.session = 1, .thread = 1}); });
    EXPECT_EQ(count(), 1U) << "an item that is taken may come back";
    change([&](Mutation& mutation) { queue.discard(mutation); });
    EXPECT_EQ(count(), 0U);
}

TEST_F(References, AreUnchangedWhereverAChangeFails) {
    change([&](Mutation& mutation) { cell().set(mutation, references(2)); });
    const int failures = fail_at_every_step([&](Mutation& mutation) { cell().set(mutation, references(7)); },
                                            [&] { ASSERT_EQ(count(), 2U); });
    EXPECT_GT(failures, 7);
    EXPECT_EQ(count(), 7U);
}

TEST_F(References, AreCountedDownInSlices) {
    constexpr std::uint32_t many = 10'000;
    change([&](Mutation& mutation) { cell().set(mutation, references(many)); });
    change([&](Mutation& mutation) { cell().clear(mutation); });
    std::uint32_t before = many;
    int slices = 0;
    while (heap_->reap(1)) {
        const auto now = target_->traits.load().references;
        EXPECT_LE(before - now, 64U);
        before = now;
        ++slices;
    }
    EXPECT_EQ(target_->traits.load().references, 0U);
    EXPECT_GE(slices, 156);
}

TEST_F(References, TellWhichObjectsHaveLostOne) {
    change([&](Mutation& mutation) { cell().set(mutation, reference()); });
    EXPECT_TRUE(heap_->take_dropped().empty());
    change([&](Mutation& mutation) { cell().clear(mutation); });
    reap_all();
    EXPECT_EQ(heap_->take_dropped(), std::vector{target_->id.load()});
}

TEST_F(References, ToWhatIsGoneDoNoHarm) {
    change([&](Mutation& mutation) { cell().set(mutation, reference()); });
    const auto gone = target_->id.load();
    change([&](Mutation& mutation) { objects().remove(mutation, *target_); });
    change([&](Mutation& mutation) { target_ = &objects().create(mutation, {.name = "next", .kind = {.type = 4}}); });
    ASSERT_EQ(target_->id.load().slot(), gone.slot());
    change([&](Mutation& mutation) { cell().clear(mutation); });
    EXPECT_EQ(count(), 0U) << "the next object in the slot is another one";
}

}  // namespace
}  // namespace steward::shared
