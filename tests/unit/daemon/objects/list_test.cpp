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

TEST_F(AList, SaysWhichPositionIsOutsideOfIt) {
    fill({1, 2, 3});
    EXPECT_NE(client_.complaint(list::Get{.object = list_, .index = 7}).find("index 7"), std::string::npos);
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

TEST_F(AList, StandsSortingNotANumber) {
    fill({3, 1, 2});
    for (int i = 0; i < 20; ++i)
        client_.call(list::Append{.object = list_, .value = {pack(std::numeric_limits<double>::quiet_NaN())}});
    EXPECT_EQ(client_.refusal(list::Sort{.object = list_}), std::nullopt);
    EXPECT_EQ(length(), 23U);
}

TEST_F(AList, StaysAsItWasWhereTheMemoryOfTheDaemonEndsWhileItIsRepeated) {
    fill({1});
    EXPECT_EQ(client_.refusal(list::Repeat{.object = list_, .times = 100'000'000}), Errc::no_memory);
    EXPECT_EQ(items(), Integers({1}));
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
