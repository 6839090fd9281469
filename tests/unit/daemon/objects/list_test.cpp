#include "daemon/objects/list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::list_test {
namespace {

using proto::Errc;
namespace list = proto::list;

using Bound = std::optional<std::int64_t>;
using Integers = std::vector<std::int64_t>;

/// Packed integers with the bytes that their views refer to.
class PackedIntegers {
  public:
    PackedIntegers(const Integers& integers) {
        for (const auto integer : integers)
            bytes_.push_back(pack(integer));
        for (const auto& bytes : bytes_)
            views_.push_back({bytes});
    }
    PackedIntegers(const PackedIntegers&) = delete;
    PackedIntegers& operator=(const PackedIntegers&) = delete;

    const std::vector<proto::Packed>& views() const { return views_; }

  private:
    std::vector<std::string> bytes_;
    std::vector<proto::Packed> views_;
};

class AList : public DaemonTest {
  protected:
    std::uint64_t open(std::string_view name, const Integers& initial) {
        return client_.call(list::Open{.open = named(name, 0604), .initial = PackedIntegers(initial).views()}).object;
    }
    void fill(const Integers& items) {
        client_.call(list::Clear{.object = list_});
        client_.call(list::Extend{.object = list_, .values = PackedIntegers(items).views()});
    }
    Integers items() { return integers_of(client_.call(list::Copy{.object = list_}).values); }
    std::uint64_t length() { return client_.call(list::Len{.object = list_}).len; }

    Integers slice(Bound start, Bound stop, std::int64_t step = 1) {
        return integers_of(
            client_.call(list::GetSlice{.object = list_, .start = start, .stop = stop, .step = step}).values);
    }
    std::optional<Errc> set_slice(Bound start, Bound stop, std::int64_t step, const Integers& values) {
        const PackedIntegers packed(values);
        return client_.refusal(
            list::SetSlice{.object = list_, .start = start, .stop = stop, .step = step, .values = packed.views()});
    }
    void erase_slice(Bound start, Bound stop, std::int64_t step = 1) {
        client_.call(list::EraseSlice{.object = list_, .start = start, .stop = stop, .step = step});
    }

    Client client_ = client();
    std::uint64_t list_ = open("list", {});
};

TEST_F(AList, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    list_ = open("made", {1, 2});
    open("made", {3});
    EXPECT_EQ(items(), Integers({1, 2}));
}

TEST_F(AList, GrowsAtTheEnd) {
    client_.call(list::Append{.object = list_, .value = {pack(1)}});
    client_.call(list::Extend{.object = list_, .values = PackedIntegers({2, 3}).views()});
    client_.call(list::Extend{.object = list_});
    EXPECT_EQ(items(), Integers({1, 2, 3}));
    EXPECT_EQ(length(), 3U);
}

TEST_F(AList, InsertsBeforeAPositionAndAtAnEndBeyondIt) {
    fill({1, 2});
    const auto insert = [&](std::int64_t index, int value) {
        client_.call(list::Insert{.object = list_, .index = index, .value = {pack(value)}});
    };
    insert(1, 10);
    insert(-1, 20);
    insert(100, 30);
    insert(-100, 40);
    EXPECT_EQ(items(), Integers({40, 1, 10, 20, 2, 30}));
}

TEST_F(AList, PopsAtTheEndOrAnywhere) {
    fill({1, 2, 3, 4});
    EXPECT_EQ(integer_of(client_.call(list::Pop{.object = list_}).value), 4);
    EXPECT_EQ(integer_of(client_.call(list::Pop{.object = list_, .index = 0}).value), 1);
    EXPECT_EQ(integer_of(client_.call(list::Pop{.object = list_, .index = -2}).value), 2);
    EXPECT_EQ(items(), Integers({3}));
}

TEST_F(AList, RefusesToPopWhatIsNotThere) {
    EXPECT_EQ(client_.refusal(list::Pop{.object = list_}), Errc::empty);
    fill({1});
    EXPECT_EQ(client_.refusal(list::Pop{.object = list_, .index = 1}), Errc::index_out_of_range);
    EXPECT_EQ(client_.refusal(list::Pop{.object = list_, .index = -2}), Errc::index_out_of_range);
    EXPECT_EQ(items(), Integers({1}));
}

TEST_F(AList, GetsSetsAndErasesByPosition) {
    fill({1, 2, 3});
    EXPECT_EQ(integer_of(client_.call(list::Get{.object = list_, .index = -1}).value), 3);
    client_.call(list::Set{.object = list_, .index = -3, .value = {pack(10)}});
    client_.call(list::Erase{.object = list_, .index = 1});
    EXPECT_EQ(items(), Integers({10, 3}));
}

TEST_F(AList, RefusesPositionsOutsideOfIt) {
    fill({1, 2, 3});
    for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-4}, std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()}) {
        EXPECT_EQ(client_.refusal(list::Get{.object = list_, .index = index}), Errc::index_out_of_range);
        EXPECT_EQ(client_.refusal(list::Set{.object = list_, .index = index}), Errc::index_out_of_range);
        EXPECT_EQ(client_.refusal(list::Erase{.object = list_, .index = index}), Errc::index_out_of_range);
        EXPECT_EQ(client_.refusal(list::CompareExchange{.object = list_, .index = index}), Errc::index_out_of_range);
    }
    EXPECT_NE(client_.complaint(list::Get{.object = list_, .index = 7}).find("index 7"), std::string::npos);
    EXPECT_EQ(items(), Integers({1, 2, 3}));
}

TEST_F(AList, FindsTheFirstEqualItem) {
    fill({5, 6, 5, 7});
    const auto index = [&](const std::string& value, std::int64_t start = 0, Bound stop = std::nullopt) {
        return client_.call(list::Index{.object = list_, .value = {value}, .start = start, .stop = stop}).index;
    };
    EXPECT_EQ(index(pack(5)), 0U);
    EXPECT_EQ(index(pack(5), 1), 2U);
    EXPECT_EQ(index(pack(5), -2), 2U);
    EXPECT_EQ(index(pack(7), -100, 100), 3U);
    EXPECT_EQ(index(pack(6.0)), 1U) << "6 == 6.0, as in Python";
}

TEST_F(AList, RefusesToFindWhatIsNotThere) {
    fill({5, 6, 5, 7});
    const auto refusal = [&](const std::string& value, std::int64_t start = 0, Bound stop = std::nullopt) {
        return client_.refusal(list::Index{.object = list_, .value = {value}, .start = start, .stop = stop});
    };
    EXPECT_EQ(refusal(pack(8)), Errc::no_such_value);
    EXPECT_EQ(refusal(pack("5")), Errc::no_such_value);
    EXPECT_EQ(refusal(pack(7), 0, 3), Errc::no_such_value);
    EXPECT_EQ(refusal(pack(5), 3), Errc::no_such_value);
    EXPECT_EQ(refusal(pack(5), 3, 1), Errc::no_such_value) << "an empty range";
}

TEST_F(AList, RemovesTheFirstEqualItem) {
    fill({1, 2, 1});
    client_.call(list::Remove{.object = list_, .value = {pack(1.0)}});
    EXPECT_EQ(items(), Integers({2, 1}));
    EXPECT_EQ(client_.refusal(list::Remove{.object = list_, .value = {pack(9)}}), Errc::no_such_value);
    EXPECT_EQ(items(), Integers({2, 1}));
}

TEST_F(AList, CountsAndContains) {
    fill({1, 2, 1});
    EXPECT_EQ(client_.call(list::Count{.object = list_, .value = {pack(1)}}).count, 2U);
    EXPECT_EQ(client_.call(list::Count{.object = list_, .value = {pack(true)}}).count, 2U) << "1 == True";
    EXPECT_EQ(client_.call(list::Count{.object = list_, .value = {pack(3)}}).count, 0U);
    EXPECT_TRUE(client_.call(list::Contains{.object = list_, .value = {pack(2)}}).contains);
    EXPECT_FALSE(client_.call(list::Contains{.object = list_, .value = {pack(3)}}).contains);
}

TEST_F(AList, Reverses) {
    fill({1, 2, 3});
    client_.call(list::Reverse{.object = list_});
    EXPECT_EQ(items(), Integers({3, 2, 1}));
}

TEST_F(AList, Sorts) {
    fill({3, -1, 2});
    client_.call(list::Sort{.object = list_});
    EXPECT_EQ(items(), Integers({-1, 2, 3}));
    client_.call(list::Sort{.object = list_, .reverse = true});
    EXPECT_EQ(items(), Integers({3, 2, -1}));
}

TEST_F(AList, SortsEqualItemsInTheOrderThatTheyHadBothWays) {
    for (const bool reverse : {false, true}) {
        client_.call(list::Clear{.object = list_});
        for (const auto& value : {pack(1), pack(1.0), pack(true)})
            client_.call(list::Append{.object = list_, .value = {value}});
        client_.call(list::Sort{.object = list_, .reverse = reverse});
        const auto sorted = client_.call(list::Copy{.object = list_}).values;
        ASSERT_EQ(sorted.size(), 3U);
        EXPECT_EQ(sorted[0].bytes, pack(1));
        EXPECT_EQ(sorted[1].bytes, pack(1.0));
        EXPECT_EQ(sorted[2].bytes, pack(true));
    }
}

TEST_F(AList, RefusesToSortValuesWithoutAnOrderAndStaysAsItWas) {
    fill({2, 1});
    client_.call(list::Append{.object = list_, .value = {pack("text")}});
    EXPECT_EQ(client_.refusal(list::Sort{.object = list_}), Errc::type_mismatch);
    EXPECT_EQ(slice(0, 2), Integers({2, 1}));
    EXPECT_EQ(length(), 3U);
}

TEST_F(AList, StandsSortingNotANumber) {
    fill({3, 1, 2});
    for (int i = 0; i < 20; ++i)
        client_.call(list::Append{.object = list_, .value = {pack(std::numeric_limits<double>::quiet_NaN())}});
    EXPECT_EQ(client_.refusal(list::Sort{.object = list_}), std::nullopt);
    EXPECT_EQ(length(), 23U);
}

TEST_F(AList, RepeatsItself) {
    fill({1, 2});
    const auto repeat = [&](std::int64_t times) { client_.call(list::Repeat{.object = list_, .times = times}); };
    repeat(1);
    EXPECT_EQ(items(), Integers({1, 2}));
    repeat(3);
    EXPECT_EQ(items(), Integers({1, 2, 1, 2, 1, 2}));
    repeat(-1);
    EXPECT_EQ(items(), Integers({}));
    repeat(1'000'000'000);
    EXPECT_EQ(items(), Integers({})) << "nothing, however often";
}

TEST_F(AList, RefusesToRepeatItselfBeyondAllMemory) {
    fill({1});
    for (const std::int64_t times : {std::int64_t{100'000'000}, std::numeric_limits<std::int64_t>::max()})
        EXPECT_EQ(client_.refusal(list::Repeat{.object = list_, .times = times}), Errc::no_memory) << times;
    EXPECT_EQ(items(), Integers({1}));
}

TEST_F(AList, ExchangesAnItemThatEqualsTheExpected) {
    fill({1, 2});
    const auto exchange = [&](int expected) {
        return client_.call(
            list::CompareExchange{.object = list_, .index = -1, .expected = {pack(expected)}, .desired = {pack(9)}});
    };
    const auto kept = exchange(7);
    EXPECT_FALSE(kept.exchanged);
    EXPECT_EQ(integer_of(kept.current), 2);
    const auto exchanged = exchange(2);
    EXPECT_TRUE(exchanged.exchanged);
    EXPECT_EQ(integer_of(exchanged.current), 2);
    EXPECT_EQ(items(), Integers({1, 9}));
}

TEST_F(AList, ReadsSlices) {
    fill({0, 1, 2, 3, 4, 5});
    EXPECT_EQ(slice(1, 3), Integers({1, 2}));
    EXPECT_EQ(slice(-2, std::nullopt), Integers({4, 5}));
    EXPECT_EQ(slice(std::nullopt, std::nullopt, -1), Integers({5, 4, 3, 2, 1, 0}));
    EXPECT_EQ(slice(4, 0, -2), Integers({4, 2}));
    EXPECT_EQ(slice(3, 3), Integers({}));
}

TEST_F(AList, RefusesSlicesThatPythonRefuses) {
    fill({0, 1, 2, 3});
    EXPECT_EQ(client_.refusal(list::GetSlice{.object = list_, .step = 0}), Errc::invalid_argument);
    EXPECT_EQ(client_.refusal(list::EraseSlice{.object = list_, .step = 0}), Errc::invalid_argument);
    EXPECT_EQ(set_slice(std::nullopt, std::nullopt, 0, {}), Errc::invalid_argument);
    EXPECT_EQ(set_slice(std::nullopt, std::nullopt, 2, {1}), Errc::invalid_argument) << "two items cannot become one";
    EXPECT_EQ(set_slice(std::nullopt, std::nullopt, -1, {1, 2, 3, 4, 5}), Errc::invalid_argument);
    EXPECT_EQ(items(), Integers({0, 1, 2, 3}));
}

/// A list as the Python Language Reference describes it, for comparison: item by item, and nothing clever.
class PythonList {
  public:
    const Integers& items() const { return items_; }

    std::vector<std::size_t> selected(Bound start, Bound stop, std::int64_t step) const {
        const auto [first, last] = bounds(start, stop, step);
        std::vector<std::size_t> positions;
        for (auto at = first; step > 0 ? at < last : at > last; at += step)
            positions.push_back(static_cast<std::size_t>(at));
        return positions;
    }

    void erase(Bound start, Bound stop, std::int64_t step) {
        auto positions = selected(start, stop, step);
        std::ranges::sort(positions, std::greater{});
        for (const auto position : positions)
            items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(position));
    }

    void set(Bound start, Bound stop, std::int64_t step, const Integers& values) {
        if (step != 1) {
            const auto positions = selected(start, stop, step);
            for (std::size_t i = 0; i < positions.size(); ++i)
                items_[positions[i]] = values.at(i);
            return;
        }
        const auto first = bounds(start, stop, step).first;
        erase(start, stop, step);
        items_.insert(items_.begin() + first, values.begin(), values.end());
    }

  private:
    std::pair<std::int64_t, std::int64_t> bounds(Bound start, Bound stop, std::int64_t step) const {
        const auto size = static_cast<std::int64_t>(items_.size());
        const std::int64_t lowest = step > 0 ? 0 : -1;
        const auto highest = step > 0 ? size : size - 1;
        const auto bound = [&](Bound given, std::int64_t otherwise) {
            if (!given)
                return otherwise;
            return std::clamp(*given < 0 ? *given + size : *given, lowest, highest);
        };
        return {bound(start, step > 0 ? lowest : highest), bound(stop, step > 0 ? highest : lowest)};
    }

    Integers items_;
};

/// Slices as they come, of which many lie partly or wholly outside of a short list.
class RandomSlices {
  public:
    explicit RandomSlices(unsigned seed) : random_(seed) {}

    bool coin() { return below(2) == 0; }
    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    Bound bound() {
        const auto drawn = static_cast<std::int64_t>(below(30)) - 15;
        return drawn == 0 ? Bound() : Bound(drawn);
    }
    std::int64_t step() { return coin() ? 1 : std::array<std::int64_t, 5>{-3, -2, -1, 2, 3}[below(5)]; }

  private:
    std::mt19937 random_;
};

TEST_F(AList, ChangesAsPythonsListDoesWithAnySlice) {
    const auto seed = std::random_device{}();
    RandomSlices random(seed);
    PythonList model;
    std::int64_t next = 0;
    for (int round = 0; round < 2'000; ++round) {
        const auto start = random.bound();
        const auto stop = random.bound();
        const auto step = random.step();
        const auto selected = model.selected(start, stop, step).size();
        ASSERT_EQ(slice(start, stop, step).size(), selected) << "seed " << seed << ", round " << round;
        if (random.coin()) {
            erase_slice(start, stop, step);
            model.erase(start, stop, step);
        } else {
            Integers values(step == 1 ? random.below(8) : selected);
            std::iota(values.begin(), values.end(), next += 100);
            ASSERT_EQ(set_slice(start, stop, step, values), std::nullopt);
            model.set(start, stop, step, values);
        }
        ASSERT_EQ(items(), model.items()) << "seed " << seed << ", round " << round;
        tidy();
    }
}

TEST_F(AList, SurvivesARestart) {
    fill({1, 2, 3});
    restart();
    client_ = client();
    EXPECT_EQ(items(), Integers({1, 2, 3}));
    client_.call(list::Append{.object = list_, .value = {pack(4)}});
    EXPECT_EQ(items(), Integers({1, 2, 3, 4}));
}

TEST_F(AList, IsDescribedByItsLength) {
    fill({1, 2, 3});
    const auto info = client_.call(proto::object::Find{.name = "list"});
    EXPECT_EQ(info.count, 3U);
    EXPECT_EQ(info.state, "3 items");
}

TEST_F(AList, IsReadByReadersAndChangedByWriters) {
    fill({1});
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(list::Get{.object = list_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(list::Copy{.object = list_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(list::GetSlice{.object = list_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(list::Len{.object = list_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(list::Count{.object = list_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(list::Contains{.object = list_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(list::Index{.object = list_, .value = {pack(1)}}), std::nullopt);
    for (const auto refusal :
         {stranger.refusal(list::Append{.object = list_}), stranger.refusal(list::Extend{.object = list_}),
          stranger.refusal(list::Insert{.object = list_}), stranger.refusal(list::Pop{.object = list_}),
          stranger.refusal(list::Remove{.object = list_}), stranger.refusal(list::Reverse{.object = list_}),
          stranger.refusal(list::Sort{.object = list_}), stranger.refusal(list::Clear{.object = list_}),
          stranger.refusal(list::Set{.object = list_}), stranger.refusal(list::Erase{.object = list_}),
          stranger.refusal(list::SetSlice{.object = list_}), stranger.refusal(list::EraseSlice{.object = list_}),
          stranger.refusal(list::Repeat{.object = list_}), stranger.refusal(list::CompareExchange{.object = list_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(items(), Integers({1}));
}

TEST_F(AList, RefusesObjectsThatAreNoList) {
    const auto value = client_.call(proto::value::Open{.open = named("value")}).object;
    EXPECT_EQ(client_.refusal(list::Append{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(list::Pop{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(list::Len{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(list::SetSlice{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(list::Append{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::list_test
