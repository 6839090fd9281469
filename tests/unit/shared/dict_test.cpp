#include "shared/dict.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "shared/errors.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

class ADict : public HeapTest {
  protected:
    Dict dict() { return {*heap_, object_->state_as<DictState>()}; }
    std::uint64_t set(const std::string& key, const std::string& value) {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        return dict().set(mutation, packed_string(key), packed_string(value));
    }
    bool erase(const std::string& key) {
        Mutation mutation{*heap_};
        return dict().erase(mutation, packed_string(key));
    }
    void clear() {
        Mutation mutation{*heap_};
        dict().clear(mutation);
    }
    Pairs contents() {
        Pairs found;
        for (auto entry = dict().first(); entry; entry = dict().next(*entry))
            found.emplace_back(entry->key, entry->value);
        return found;
    }
    static Pairs packed(Pairs pairs) {
        for (auto& [key, value] : pairs) {
            key = packed_string(key);
            value = packed_string(value);
        }
        return pairs;
    }
    void expect_links_both_ways() {
        Pairs backwards;
        for (auto entry = dict().last(); entry; entry = dict().previous(*entry))
            backwards.emplace_back(entry->key, entry->value);
        std::ranges::reverse(backwards);
        EXPECT_EQ(backwards, contents());
    }
};

TEST_F(ADict, FindsWhatWasSet) {
    set("one", "1");
    EXPECT_EQ(dict().find(packed_string("one"))->value, packed_string("1"));
    EXPECT_FALSE(dict().find(packed_string("two")));
    EXPECT_EQ(dict().size(), 1U);
}

TEST_F(ADict, FindsNothingWhileEmpty) {
    EXPECT_FALSE(dict().find(packed_string("one")));
    EXPECT_FALSE(dict().first());
    EXPECT_FALSE(erase("one"));
}

TEST_F(ADict, KeepsTheOrderOfInsertion) {
    set("b", "1");
    set("a", "2");
    set("c", "3");
    set("b", std::string(3000, 'x'));
    EXPECT_EQ(contents(), packed({{"b", std::string(3000, 'x')}, {"a", "2"}, {"c", "3"}}));
    expect_links_both_ways();
}

TEST_F(ADict, TakesKeysThatPythonHoldsEqualForOne) {
    Mutation mutation{*heap_};
    dict().set(mutation, "\x01", "\x0a");
    dict().set(mutation, std::string_view{"\xcb\x3f\xf0\0\0\0\0\0\0", 9}, "\x0b");  // 1.0
    dict().set(mutation, "\xc3", "\x0c");                                           // true
    EXPECT_EQ(dict().size(), 1U);
    EXPECT_EQ(dict().find("\x01")->value, "\x0c");
}

TEST_F(ADict, GivesEveryValueAnotherVersion) {
    const auto first = set("key", "1");
    EXPECT_EQ(dict().find(packed_string("key"))->version, first);
    const auto second = set("key", "2");
    EXPECT_GT(second, first);
    erase("key");
    EXPECT_GT(set("key", "2"), second);
}

TEST_F(ADict, PopsAtBothEndsAndByKey) {
    set("a", "1");
    set("b", "2");
    set("c", "3");
    Mutation mutation{*heap_};
    EXPECT_EQ(dict().pop_last(mutation)->key, packed_string("c"));
    EXPECT_EQ(dict().pop_first(mutation)->value, packed_string("1"));
    EXPECT_EQ(dict().pop(mutation, packed_string("b"))->value, packed_string("2"));
    EXPECT_FALSE(dict().pop_first(mutation));
}

TEST_F(ADict, ReplacesAValueOfTheSameSizeInPlace) {
    set("key", "aaaa");
    const auto place = dict().first()->place;
    set("key", "bbbb");
    EXPECT_EQ(dict().first()->place, place);
    EXPECT_EQ(dict().first()->value, packed_string("bbbb"));
}

TEST_F(ADict, BehavesAsAModelUnderRandomChanges) {
    SeededRandom random;
    SCOPED_TRACE(random.seed_text());
    Pairs model;
    constexpr int steps = tests::is_sanitized ? 15'000 : 60'000;
    for (int step = 0; step < steps; ++step) {
        const std::string key = std::to_string(random.below(step < steps / 2 ? 3000 : 40));
        const auto known = std::ranges::find(model, packed_string(key), &Pairs::value_type::first);
        if (random.below(10) < 6) {
            const std::string value = random.text(random.below(20) == 0 ? 2000 : 60);
            set(key, value);
            if (known != model.end())
                known->second = packed_string(value);
            else
                model.emplace_back(packed_string(key), packed_string(value));
        } else {
            EXPECT_EQ(erase(key), known != model.end());
            if (known != model.end())
                model.erase(known);
        }
        heap_->reap(4);
        if (step % 5000 == 0) {
            ASSERT_EQ(contents(), model);
            expect_links_both_ways();
        }
    }
    ASSERT_EQ(contents(), model);
    for (const auto& [key, value] : model)
        ASSERT_EQ(dict().find(key)->value, value);
}

TEST_F(ADict, GivesItsMemoryBackWhenCleared) {
    const auto before = used_bytes();
    for (int number = 0; number < 20'000; ++number)
        set(std::to_string(number), "value");
    clear();
    EXPECT_EQ(dict().size(), 0U);
    EXPECT_TRUE(contents().empty());
    EXPECT_EQ(used_bytes(), before);
}

TEST_F(ADict, GivesItsMemoryBackWhenEmptiedOneByOne) {
    const auto before = used_bytes();
    for (int number = 0; number < 2000; ++number)
        set(std::to_string(number), "value");
    for (int number = 0; number < 2000; ++number)
        EXPECT_TRUE(erase(std::to_string(number)));
    EXPECT_EQ(used_bytes(), before);
}

TEST_F(ADict, IsUnchangedWhereverASetFails) {
    for (int number = 0; number < 10; ++number)
        set(std::to_string(number), "old");
    const Pairs before = contents();
    const auto used = used_bytes();
    const int failures = fail_at_every_step(
        [&](Mutation& mutation) {
            dict().set(mutation, packed_string("3"), packed_string(std::string(500, 'n')));  // moves
            dict().set(mutation, packed_string("4"), packed_string("new"));                  // in place
            dict().set(mutation, packed_string("new"), packed_string("value"));              // splits a bucket
            dict().erase(mutation, packed_string("5"));
            dict().pop_first(mutation);
        },
        [&] {
            ASSERT_EQ(contents(), before);
            ASSERT_EQ(used_bytes(), used);
        });
    EXPECT_GT(failures, 20);
    EXPECT_EQ(dict().size(), 9U);
    expect_links_both_ways();
}

TEST_F(ADict, IsUnchangedWhereverAClearFails) {
    for (int number = 0; number < 100; ++number)
        set(std::to_string(number), "old");
    const Pairs before = contents();
    EXPECT_GT(
        fail_at_every_step([&](Mutation& mutation) { dict().clear(mutation); }, [&] { ASSERT_EQ(contents(), before); }),
        4);
    EXPECT_TRUE(contents().empty());
}

TEST_F(ADict, RefusesWhatDoesNotFitAndGoesOn) {
    allow_no_growth();
    int stored = 0;
    try {
        for (;; ++stored)
            set(std::to_string(stored), std::string(50, 'v'));
    } catch (const NoMemory&) {
    }
    EXPECT_GT(stored, 100);
    EXPECT_EQ(dict().size(), static_cast<std::size_t>(stored));
    EXPECT_EQ(contents().size(), static_cast<std::size_t>(stored));
    EXPECT_TRUE(erase("0"));
    reap_all();
    set("again", std::string(40, 'v'));
    allow_growth();
    set("more", std::string(5000, 'v'));
}

TEST_F(ADict, TakesAtMost160BytesForASmallEntry) {
    const std::size_t count = 20'000;
    const auto before = used_bytes();
    for (std::size_t number = 0; number < count; ++number) {
        std::string key = std::to_string(number);
        key.resize(16, '.');
        set(key, std::string(64, 'v'));
    }
    EXPECT_LE((used_bytes() - before) / count, 160U);
}

}  // namespace
}  // namespace steward::shared
