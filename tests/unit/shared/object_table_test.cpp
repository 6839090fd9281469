#include "shared/object_table.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "proto/object_type.hpp"
#include "shared/errors.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

using proto::ObjectType;

class AnObjectTable : public HeapTest {
  protected:
    ObjectHeader& create(const std::string& name, bool with_line = false) {
        Mutation mutation{*heap_};
        return objects().create(mutation, {.name = name, .kind = kind_of(with_line ? ObjectType::lock : plain)});
    }
    void remove(ObjectHeader& object) {
        Mutation mutation{*heap_};
        objects().remove(mutation, object);
    }
    std::vector<std::string> listed() {
        std::vector<std::string> all;
        std::uint64_t cursor = 0;
        while (const ObjectHeader* object = objects().next(cursor))
            all.emplace_back(objects().name_of(*object));
        return all;
    }
};

TEST_F(AnObjectTable, FindsObjectsByNameAndById) {
    ObjectHeader& lock = create("lock");
    EXPECT_EQ(objects().find("lock"), &lock);
    EXPECT_EQ(objects().find(lock.id.load()), &lock);
    EXPECT_EQ(objects().name_of(lock), "lock");
    EXPECT_EQ(objects().find("other"), nullptr);
    EXPECT_EQ(objects().find(ObjectId{}), nullptr);
    EXPECT_EQ(objects().find(ObjectId::make(1, 7, 12345)), nullptr);
    EXPECT_EQ(lock.id.load().domain(), 7U);
}

TEST_F(AnObjectTable, NeverUsesAnIdAgain) {
    std::set<ObjectId> ids;
    for (int round = 0; round < 1000; ++round) {
        ObjectHeader& object = create("name");
        EXPECT_TRUE(ids.insert(object.id.load()).second);
        remove(object);
        EXPECT_EQ(objects().find(*ids.rbegin()), nullptr);
    }
    EXPECT_EQ(objects().find(object_->id.load()), object_);
}

TEST_F(AnObjectTable, RetiresASlotWhoseGenerationsAreUsedUp) {
    ObjectHeader& object = create("last");
    object.id.init(ObjectId::make((1U << ObjectId::generation_bits) - 1, 7, object.id.load().slot()));
    remove(object);
    EXPECT_NE(&create("next"), &object);
}

TEST_F(AnObjectTable, GivesAHeaderWithNothingOfItsPredecessor) {
    ObjectHeader& first = create("first", true);
    {
        Mutation mutation{*heap_};
        for (auto& word : first.state)
            mutation.store(word, 5);
        mutation.store(first.operations, 5);
        words_.line(1).word.store(word_parity | 5);
        words_.line(1).token.store(5);
    }
    const auto version = first.version.load();
    remove(first);
    ObjectHeader& second = create("second", true);
    ASSERT_EQ(&second, &first);
    EXPECT_EQ(second.state[3].load(), 0U);
    EXPECT_EQ(second.operations.load(), 0U);
    EXPECT_GT(second.version.load(), version);
    EXPECT_EQ(second.word_line.load(), 1U);
    EXPECT_EQ(words_.line(1).word.load(), word_parity);
    EXPECT_EQ(words_.line(1).token.load(), 0U);
}

TEST_F(AnObjectTable, LeavesSlotsWithAWordLineToThoseWhoNeedOne) {
    ObjectHeader& barrier = create("barrier");
    ObjectHeader& lock = create("lock", true);
    remove(barrier);
    remove(lock);
    EXPECT_EQ(&create("barrier"), &barrier);
    EXPECT_EQ(&create("lock", true), &lock);
    EXPECT_EQ(create("second lock", true).word_line.load(), 2U);
}

TEST_F(AnObjectTable, ListsWhatExistsAllTheTimeExactlyOnce) {
    std::vector<ObjectHeader*> others;
    for (int number = 0; number < 200; ++number) {
        others.push_back(&create("kept " + std::to_string(number)));
        others.push_back(&create("gone " + std::to_string(number)));
    }
    std::map<std::string, int> seen;
    std::uint64_t cursor = 0;
    for (std::size_t step = 0; const ObjectHeader* object = objects().next(cursor); ++step) {
        ++seen[std::string(objects().name_of(*object))];
        if (step < 100) {
            remove(*others[2 * step + 1]);
            create("new " + std::to_string(step));
        }
    }
    for (int number = 0; number < 200; ++number)
        EXPECT_EQ(seen["kept " + std::to_string(number)], 1);
}

TEST_F(AnObjectTable, BehavesAsAModelUnderRandomChanges) {
    SeededRandom random;
    SCOPED_TRACE(random.seed_text());
    std::map<std::string, ObjectId> model;
    for (int step = 0; step < 30'000; ++step) {
        const std::string name = "n" + std::to_string(random.below(3000));
        ObjectHeader* found = objects().find(name);
        ASSERT_EQ(found != nullptr, model.contains(name));
        if (found == nullptr) {
            model[name] = create(name, random.below(2) == 0).id.load();
        } else {
            ASSERT_EQ(found->id.load(), model[name]);
            remove(*found);
            model.erase(name);
        }
        heap_->reap(2);
    }
    EXPECT_EQ(objects().size(), model.size() + 1);
    EXPECT_EQ(listed().size(), model.size() + 1);
}

TEST_F(AnObjectTable, IsUnchangedWhereverACreationFails) {
    for (int number = 0; number < 63; ++number)
        create(std::to_string(number));  // the next one needs a slab
    const auto before = listed();
    const auto used = used_bytes();
    words_.obtain(1);
    EXPECT_GT(fail_at_every_step(
                  [&](Mutation& mutation) {
                      objects().create(mutation, {.name = "new", .kind = kind_of(ObjectType::lock)});
                      objects().remove(mutation, *objects().find("5"));
                  },
                  [&] {
                      ASSERT_EQ(listed(), before);
                      ASSERT_EQ(objects().find("new"), nullptr);
                      ASSERT_NE(objects().find("5"), nullptr);
                      ASSERT_EQ(used_bytes(), used);
                  }),
              20);
    EXPECT_NE(objects().find("new"), nullptr);
}

TEST_F(AnObjectTable, TakesAtMost256BytesForALock) {
    const std::size_t count = 20'000;
    const auto before = used_bytes();
    Words words{anonymous_file(), 65'536, budget_};
    for (std::size_t number = 0; number < count; ++number) {
        Mutation mutation{*heap_};
        ObjectTable{*heap_, words}.create(
            mutation, {.name = "bench/lock/" + std::to_string(number), .kind = kind_of(ObjectType::lock)});
    }
    EXPECT_LE((used_bytes() - before) / count + sizeof(WordLine), 256U);
}

}  // namespace
}  // namespace steward::shared
