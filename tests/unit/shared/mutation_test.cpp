#include "shared/mutation.hpp"

#include <cstring>
#include <stdexcept>

#include "shared/errors.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class AMutation : public HeapTest {
  protected:
    Field<std::uint64_t>& word() { return object_->state[0]; }
    // Runs `change` in a Mutation that is left by an exception.
    template <class Change>
    void abandon(Change change) {
        try {
            Mutation mutation{*heap_};
            change(mutation);
            throw std::runtime_error("abandoned");
        } catch (const std::runtime_error&) {
        }
    }
};

TEST_F(AMutation, CommitsWhenItsScopeIsLeft) {
    {
        Mutation mutation{*heap_};
        mutation.store(word(), 5);
        EXPECT_NE(heap_->header().log_length.load(), 0U);
    }
    EXPECT_EQ(word().load(), 5U);
    EXPECT_EQ(heap_->header().log_length.load(), 0U);
}

TEST_F(AMutation, RollsBackWhenAnExceptionLeavesIt) {
    word().init(1);
    abandon([&](Mutation& mutation) {
        mutation.store(word(), 2);
        mutation.store(word(), 3);
        mutation.store(object_->state[1], 4);
    });
    EXPECT_EQ(word().load(), 1U);
    EXPECT_EQ(object_->state[1].load(), 0U);
    EXPECT_EQ(heap_->header().log_length.load(), 0U);
}

TEST_F(AMutation, CommitsInsideADestructorThatRunsForAnException) {
    struct Cleanup {
        Heap& heap;
        Field<std::uint64_t>& word;
        ~Cleanup() {
            Mutation mutation{heap};
            mutation.store(word, 9);
        }
    };
    try {
        const Cleanup cleanup{*heap_, word()};
        throw std::runtime_error("elsewhere");
    } catch (const std::runtime_error&) {
    }
    EXPECT_EQ(word().load(), 9U);
}

TEST_F(AMutation, IsTheOnlyOneOfItsHeap) {
    const Mutation mutation{*heap_};
    EXPECT_THROW(Mutation{*heap_}, std::logic_error);
}

TEST_F(AMutation, OverwritesBytesAtAnyPlaceAndUndoesIt) {
    alignas(8) const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
    const auto live = [&] { return reinterpret_cast<std::byte*>(object_->state.data()); };
    for (std::size_t from = 0; from < 16; ++from) {
        for (std::size_t size = 0; size < 16; ++size) {
            std::memset(live(), '.', 32);
            std::string expected(32, '.');
            const auto overwrite = [&](Mutation& mutation) {
                mutation.overwrite(live() + from, std::as_bytes(std::span{text}.first(size)));
            };
            abandon(overwrite);
            ASSERT_EQ(std::memcmp(live(), expected.data(), 32), 0);
            Mutation mutation{*heap_};
            overwrite(mutation);
            expected.replace(from, size, text, 0, size);
            ASSERT_EQ(std::memcmp(live(), expected.data(), 32), 0);
        }
    }
}

TEST_F(AMutation, KeepsTheVersionOddUntilItsEnd) {
    const auto before = object_->version.load();
    {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        mutation.change(*object_);
        EXPECT_EQ(object_->version.load(), before + 1);
    }
    EXPECT_EQ(object_->version.load(), before + 2);
}

TEST_F(AMutation, NeverSetsAVersionBack) {
    const auto before = object_->version.load();
    abandon([&](Mutation& mutation) { mutation.change(*object_); });
    EXPECT_EQ(object_->version.load(), before + 2);
}

TEST_F(AMutation, FreesWhatItAllocatedWhenItIsRolledBack) {
    const auto used = used_bytes();
    abandon([&](Mutation& mutation) {
        const auto table = mutation.allocate<Table>(BlockKind::chunk, Table::bytes_for(3), 3);
        mutation.allocate_into<Node>(heap_->at(table)->slot(0), BlockKind::item, 1000);
        mutation.allocate<Node>(BlockKind::item, 100);
    });
    EXPECT_EQ(used_bytes(), used);
}

TEST_F(AMutation, TakesNothingOfWhatItDiscardedWhenItIsRolledBack) {
    Offset<Node> block;
    {
        Mutation mutation{*heap_};
        block = mutation.allocate<Node>(BlockKind::item, 64);
    }
    const auto used = used_bytes();
    abandon([&](Mutation& mutation) {
        mutation.discard(block);
        mutation.allocate<Node>(BlockKind::item, 64);
    });
    EXPECT_EQ(used_bytes(), used);
    {
        Mutation mutation{*heap_};
        mutation.discard(block);
    }
    EXPECT_LT(used_bytes(), used);
}

TEST_F(AMutation, GivesZeroedMemory) {
    for (int round = 0; round < 3; ++round) {
        Mutation mutation{*heap_};
        const auto block = mutation.allocate<Node>(BlockKind::item, 256);
        char* bytes = bytes_behind(heap_->at(block));
        EXPECT_EQ(std::string(bytes, 240), std::string(240, '\0'));
        std::memset(bytes, 'x', 240);
        mutation.discard(block);
    }
}

TEST_F(AMutation, MayBeLargerThanTheLogWasAtFirst) {
    const auto entries = heap_->header().log_capacity.load();
    abandon([&](Mutation& mutation) {
        for (std::uint64_t number = 1; number <= 3 * entries; ++number)
            mutation.store(word(), number);
    });
    EXPECT_EQ(word().load(), 0U);
    EXPECT_GT(heap_->header().log_capacity.load(), entries);
}

TEST_F(AMutation, FailsWhenThereIsNoRoomForTheLog) {
    allow_no_growth();
    EXPECT_THROW(
        {
            Mutation mutation{*heap_};
            for (std::uint64_t number = 1;; ++number)
                mutation.store(word(), number);
        },
        NoMemory);
    EXPECT_EQ(word().load(), 0U);
}

TEST_F(AMutation, ChangesAWordAndFlipsItsParity) {
    words_.obtain(1);
    {
        Mutation mutation{*heap_};
        mutation.store(word(), 1);
        EXPECT_TRUE(mutation.change_word(words_, 1, 0, 7));
        EXPECT_EQ(heap_->header().intents_used.load(), 1U);
        EXPECT_EQ(heap_->header().intents[0].line.load(), 1U);
    }
    EXPECT_EQ(words_.line(1).word.load(), 7 | word_parity);
    EXPECT_EQ(heap_->header().intents_used.load(), 0U);
    {
        Mutation mutation{*heap_};
        EXPECT_TRUE(mutation.change_word(words_, 1, 7, 8));
    }
    EXPECT_EQ(words_.line(1).word.load(), 8U);
}

TEST_F(AMutation, LeavesAWordAloneThatSomebodyElseChanged) {
    words_.obtain(1);
    words_.line(1).word.store(3);
    abandon([&](Mutation& mutation) {
        mutation.store(word(), 1);
        EXPECT_FALSE(mutation.change_word(words_, 1, 2, 7));
    });
    EXPECT_EQ(words_.line(1).word.load(), 3U);
    EXPECT_EQ(word().load(), 0U);
}

TEST_F(AMutation, IsAPartOfATransactionThatHappensAsAWhole) {
    const auto add_one = [&] {
        Mutation part{*heap_};
        part.change(*object_);
        part.store(word(), word().load() + 1);
    };
    const auto version = object_->version.load();
    {
        const Transaction transaction{*heap_};
        add_one();
        add_one();
        EXPECT_EQ(object_->version.load(), version + 1) << "readers see all of it or nothing";
    }
    EXPECT_EQ(word().load(), 2U);
    EXPECT_EQ(object_->version.load(), version + 2);
    EXPECT_THROW(
        {
            const Transaction transaction{*heap_};
            add_one();
            throw NoMemory("as if");
        },
        NoMemory);
    EXPECT_EQ(word().load(), 2U);
    add_one();
    EXPECT_EQ(word().load(), 3U);
}

TEST_F(AMutation, ChangesSeveralWordsOrNone) {
    words_.obtain(3);
    {
        Mutation mutation{*heap_};
        mutation.store(word(), 1);
        for (std::uint32_t line = 1; line <= 3; ++line)
            mutation.plan_word(words_, line, 0, 10 + line);
    }
    for (std::uint32_t line = 1; line <= 3; ++line)
        EXPECT_EQ(words_.line(line).word.load(), (10 + line) | word_parity);
    EXPECT_EQ(word().load(), 1U);

    words_.line(3).word.store(99);
    abandon([&](Mutation& mutation) {
        mutation.store(word(), 2);
        for (std::uint32_t line = 1; line <= 3; ++line)
            mutation.plan_word(words_, line, 10 + line, 0);
        EXPECT_FALSE(mutation.decide());
    });
    EXPECT_EQ(words_.line(1).word.load(), 11 | word_parity);
    EXPECT_EQ(words_.line(2).word.load(), 12 | word_parity);
    EXPECT_EQ(words_.line(3).word.load(), 99U);
    EXPECT_EQ(word().load(), 1U);
    EXPECT_EQ(heap_->header().intents_used.load(), 0U);
}

TEST_F(AMutation, TakesTheLastPlanForAWord) {
    words_.obtain(1);
    {
        Mutation mutation{*heap_};
        mutation.plan_word(words_, 1, 0, 7);
        mutation.plan_word(words_, 1, 7, 8);
    }
    EXPECT_EQ(words_.line(1).word.load(), 8 | word_parity);
}

TEST_F(AMutation, ForgetsItsPlansWhenItIsRolledBack) {
    words_.obtain(1);
    abandon([&](Mutation& mutation) { mutation.plan_word(words_, 1, 0, 7); });
    EXPECT_EQ(words_.line(1).word.load(), 0U);
    const Mutation next{*heap_};
}

TEST_F(AMutation, ChangesSoManyWordsAndNoMore) {
    words_.obtain(most_words + 1);
    abandon([&](Mutation& mutation) {
        for (std::uint32_t line = 1; line <= most_words; ++line)
            mutation.plan_word(words_, line, 0, 7);
        EXPECT_THROW(mutation.plan_word(words_, most_words + 1, 0, 7), std::length_error);
    });
}

TEST_F(AMutation, IsDecidedOnceItsWordHasChanged) {
    words_.obtain(1);
    abandon([&](Mutation& mutation) {
        mutation.store(word(), 1);
        EXPECT_TRUE(mutation.change_word(words_, 1, 0, 7));
    });
    EXPECT_EQ(word().load(), 1U);
}

}  // namespace
}  // namespace steward::shared
