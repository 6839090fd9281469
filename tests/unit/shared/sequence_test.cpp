#include "shared/sequence.hpp"

#include <algorithm>
#include <deque>
#include <numeric>
#include <vector>

#include "shared/errors.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

using Texts = std::deque<std::string>;

class ASequence : public HeapTest {
  protected:
    Sequence sequence() { return {*heap_, object_->state_as<SequenceState>()}; }
    Texts contents() {
        Texts found;
        for (std::size_t index = 0; index < sequence().size(); ++index)
            found.emplace_back(sequence().at(index));
        return found;
    }
    template <class Change>
    auto change(Change change) {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        return change(mutation);
    }
    void fill(std::size_t count) {
        for (std::size_t number = 0; number < count; ++number)
            change([&](Mutation& mutation) { sequence().push_back(mutation, std::to_string(number)); });
    }
    static Texts numbers(std::size_t count) {
        Texts made;
        for (std::size_t number = 0; number < count; ++number)
            made.push_back(std::to_string(number));
        return made;
    }
    static std::vector<std::string_view> views(const std::vector<std::string>& texts) {
        return {texts.begin(), texts.end()};
    }
};

TEST_F(ASequence, IsAQueueAtBothEnds) {
    change([&](Mutation& mutation) {
        sequence().push_back(mutation, "b");
        sequence().push_front(mutation, "a");
        sequence().push_back(mutation, "c");
    });
    EXPECT_EQ(contents(), (Texts{"a", "b", "c"}));
    change([&](Mutation& mutation) {
        EXPECT_EQ(sequence().pop_front(mutation), "a");
        EXPECT_EQ(sequence().pop_back(mutation), "c");
        EXPECT_EQ(sequence().pop_back(mutation), "b");
    });
    EXPECT_EQ(sequence().size(), 0U);
}

TEST_F(ASequence, KeepsItsOrderWhileItGrowsAroundTheRing) {
    for (const std::size_t turned : {std::size_t{3}, std::size_t{300}, std::size_t{700}}) {
        Texts model;
        for (std::size_t number = 0; number < turned; ++number) {
            change([&](Mutation& mutation) { sequence().push_front(mutation, std::to_string(number)); });
            model.push_front(std::to_string(number));
        }
        for (std::size_t number = 0; number < 5000; ++number) {
            change([&](Mutation& mutation) { sequence().push_back(mutation, std::to_string(number)); });
            model.push_back(std::to_string(number));
        }
        ASSERT_EQ(contents(), model);
        change([&](Mutation& mutation) { sequence().clear(mutation); });
        reap_all();
    }
}

TEST_F(ASequence, ErasesAndReplacesByStep) {
    for (const std::size_t size : {std::size_t{20}, std::size_t{5000}}) {
        fill(size);
        change([&](Mutation& mutation) { sequence().erase_stepped(mutation, 1, 2, size / 2); });
        Texts model;
        for (std::size_t number = 0; number < size; number += 2)
            model.push_back(std::to_string(number));
        ASSERT_EQ(contents(), model);
        const std::vector<std::string> replacements(size / 4, "new");
        change([&](Mutation& mutation) { sequence().replace_stepped(mutation, 0, 2, views(replacements)); });
        for (std::size_t index = 0; index < replacements.size(); ++index)
            model[index * 2] = "new";
        ASSERT_EQ(contents(), model);
        change([&](Mutation& mutation) { sequence().clear(mutation); });
    }
}

TEST_F(ASequence, TakesAnyOrderOfItsItems) {
    fill(3000);
    std::vector<std::size_t> order(3000);
    std::iota(order.rbegin(), order.rend(), 0U);
    change([&](Mutation& mutation) { sequence().rearrange(mutation, order); });
    Texts model = numbers(3000);
    std::ranges::reverse(model);
    EXPECT_EQ(contents(), model);
}

// The same random changes to a sequence and to a model.
class ASequenceAndItsModel : public ASequence {
  protected:
    auto model_at(std::size_t index) { return model_.begin() + static_cast<std::ptrdiff_t>(index); }

    void push(Mutation& mutation, const std::string& value) {
        if (random_.below(2) == 0) {
            sequence().push_back(mutation, value);
            model_.push_back(value);
        } else {
            sequence().push_front(mutation, value);
            model_.push_front(value);
        }
    }
    void insert(Mutation& mutation, const std::string& value) {
        const std::size_t place = random_.below(model_.size() + 1);
        sequence().insert(mutation, place, value);
        model_.insert(model_at(place), value);
    }
    void replace(Mutation& mutation, const std::string& value) {
        const std::size_t place = random_.below(model_.size());
        sequence().replace(mutation, place, value);
        model_[place] = value;
    }
    void erase(Mutation& mutation) {
        const std::size_t place = random_.below(4) == 0 ? 0 : random_.below(model_.size());
        EXPECT_EQ(sequence().erase(mutation, place), model_[place]);
        model_.erase(model_at(place));
    }
    void splice(Mutation& mutation, const std::string& value) {
        const std::size_t place = random_.below(model_.size());
        const std::size_t count = random_.below(std::min<std::size_t>(model_.size() - place, 40) + 1);
        const std::vector<std::string> values(1 + random_.below(random_.below(100) == 0 ? 3000 : 50), value);
        sequence().splice(mutation, place, count, views(values));
        const auto gap = model_.erase(model_at(place), model_at(place + count));
        model_.insert(gap, values.begin(), values.end());
    }
    void cut(Mutation& mutation) {
        const std::size_t kept = random_.below(std::min<std::size_t>(model_.size(), 200));
        sequence().splice(mutation, kept, model_.size() - kept, {});
        model_.resize(kept);
    }
    void shuffle(Mutation& mutation) {
        std::vector<std::size_t> order(model_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::shuffle(order, random_.engine());
        sequence().rearrange(mutation, order);
        Texts arranged;
        for (const std::size_t index : order)
            arranged.push_back(model_[index]);
        model_ = arranged;
    }
    void change_somehow(Mutation& mutation) {
        const std::string value = random_.text(random_.below(50) == 0 ? 1500 : 30);
        const std::size_t choice = model_.empty() ? 0 : random_.below(model_.size() > 4000 ? 12 : 10);
        switch (choice) {
            case 0:
            case 1:
            case 2: return push(mutation, value);
            case 3:
            case 4: return insert(mutation, value);
            case 5:
            case 6: return replace(mutation, value);
            case 7:
            case 8: return erase(mutation);
            case 9: return splice(mutation, value);
            case 10: return cut(mutation);
            default: return shuffle(mutation);
        }
    }

    SeededRandom random_;
    Texts model_;
};

TEST_F(ASequenceAndItsModel, StayEqualUnderRandomChanges) {
    SCOPED_TRACE(random_.seed_text());
    const auto before = used_bytes();
    for (int step = 0; step < 30'000; ++step) {
        change([&](Mutation& mutation) { change_somehow(mutation); });
        heap_->reap(16);
        ASSERT_EQ(sequence().size(), model_.size());
        if (step % 1000 == 0) {
            ASSERT_EQ(contents(), model_) << "at step " << step;
        }
    }
    ASSERT_EQ(contents(), model_);
    change([&](Mutation& mutation) { sequence().clear(mutation); });
    EXPECT_EQ(used_bytes(), before);
}

class ASequenceOfSize : public ASequence, public testing::WithParamInterface<std::size_t> {};

TEST_P(ASequenceOfSize, IsUnchangedWhereverAChangeFails) {
    const std::size_t size = GetParam();
    fill(size);
    change([&](Mutation& mutation) { sequence().push_front(mutation, "first"); });  // the ring is turned
    change([&](Mutation& mutation) { sequence().pop_back(mutation); });
    const Texts before = contents();
    const auto used = used_bytes();
    const std::vector<std::string> values(1500, "new");
    const int failures = fail_at_every_step(
        [&](Mutation& mutation) {
            sequence().insert(mutation, 3, "inserted");
            sequence().push_back(mutation, "last");
            sequence().replace(mutation, 2, std::string(300, 'x'));
            sequence().erase(mutation, 5);
            sequence().splice(mutation, 1, 2, views(values));  // builds beside
            sequence().erase_stepped(mutation, 0, 3, 2);
        },
        [&] {
            ASSERT_EQ(sequence().size(), before.size());
            ASSERT_EQ(contents(), before);
            ASSERT_EQ(used_bytes(), used);
        });
    EXPECT_GT(failures, 30);
}

INSTANTIATE_TEST_SUITE_P(Rings, ASequenceOfSize, testing::Values(8U, 16U, 512U, 1024U));

TEST_F(ASequence, IsUnchangedWhenThereIsNoRoomForAllThatComes) {
    fill(100);
    const Texts before = contents();
    allow_no_growth();
    const std::vector<std::string> values(20'000, "some value");
    EXPECT_THROW(change([&](Mutation& mutation) { sequence().splice(mutation, 50, 10, views(values)); }), NoMemory);
    EXPECT_EQ(contents(), before);
    reap_all();
    change([&](Mutation& mutation) { sequence().push_back(mutation, "goes on"); });
    EXPECT_EQ(sequence().size(), 101U);
}

TEST_F(ASequence, GivesEmptyChunksBackAsAQueueMovesOn) {
    fill(2000);
    const auto before = used_bytes();
    for (int round = 0; round < 20'000; ++round) {
        change([&](Mutation& mutation) {
            sequence().push_back(mutation, "1234");
            sequence().pop_front(mutation);
        });
        heap_->reap(8);
    }
    EXPECT_LE(used_bytes(), before + 8192);
}

}  // namespace
}  // namespace steward::shared
