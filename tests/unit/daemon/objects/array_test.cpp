#include "daemon/objects/array.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::array_test {
namespace {

using proto::Errc;
using proto::Packed;
namespace array = proto::array;

using Numbers = std::vector<std::int64_t>;

class AnArray : public DaemonTest {
  protected:
    /// Makes an array and lets the other methods mean it.
    void make(std::string_view typecode, std::uint64_t length) {
        array_ = client_.call(array::Open{.open = named(typecode), .length = length, .typecode = typecode}).object;
    }
    std::optional<Errc> refusal_to_open(std::string_view name, std::uint64_t length, std::string_view typecode,
                                        std::vector<Packed> initial = {}) {
        return client_.refusal(
            array::Open{.open = named(name), .length = length, .typecode = typecode, .initial = std::move(initial)});
    }
    std::optional<Errc> set(std::int64_t index, const std::string& value) {
        return client_.refusal(array::Set{.object = array_, .index = index, .value = {value}});
    }
    std::string get(std::int64_t index) {
        return std::string(client_.call(array::Get{.object = array_, .index = index}).value.bytes);
    }
    Numbers numbers() { return integers_of(client_.call(array::GetSlice{.object = array_}).values); }

    Client client_ = client();
    std::uint64_t array_ = client_.call(array::Open{.open = named("array", 0604), .length = 5, .typecode = "i"}).object;
};

TEST_F(AnArray, IsZeroAtFirst) {
    EXPECT_EQ(numbers(), Numbers(5));
    const auto shape = client_.call(array::Len{.object = array_});
    EXPECT_EQ(shape.len, 5U);
    EXPECT_EQ(shape.typecode, "i");
}

TEST_F(AnArray, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto one = pack(1);
    const auto two = pack(2);
    array_ = client_.call(array::Open{.open = named("made"), .length = 2, .typecode = "B", .initial = {{one}, {two}}})
                 .object;
    EXPECT_EQ(refusal_to_open("made", 2, "B", {{two}, {two}}), std::nullopt);
    EXPECT_EQ(numbers(), Numbers({1, 2}));
}

TEST_F(AnArray, IsNotMadeWithElementsThatAreNone) {
    const auto one = pack(1);
    const auto large = pack(256);
    const auto text = pack("x");
    EXPECT_EQ(refusal_to_open("made", 3, "B", {{one}, {one}}), Errc::invalid_argument) << "too few";
    EXPECT_EQ(refusal_to_open("made", 2, "B", {{one}, {large}}), Errc::out_of_range);
    EXPECT_EQ(refusal_to_open("made", 2, "B", {{one}, {text}}), Errc::type_mismatch);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_F(AnArray, RefusesTypecodesThatAreNone) {
    for (const auto* typecode : {"", "l", "u", "x", "ii"})
        EXPECT_EQ(refusal_to_open("made", 1, typecode), Errc::invalid_argument) << typecode;
}

TEST_F(AnArray, IsOpenedWithTheShapeThatItHasOnly) {
    EXPECT_EQ(refusal_to_open("array", 5, "i"), std::nullopt);
    EXPECT_EQ(refusal_to_open("array", 4, "i"), Errc::wrong_options);
    EXPECT_EQ(refusal_to_open("array", 5, "I"), Errc::wrong_options);
    EXPECT_EQ(client_.complaint(array::Open{.open = named("array"), .length = 4, .typecode = "d"}),
              "array 'array' was made with 5 elements of typecode i and is opened with 4 elements of typecode d");
}

TEST_F(AnArray, IsRefusedWhereItCannotFitTheMemory) {
    EXPECT_EQ(refusal_to_open("large", std::numeric_limits<std::uint64_t>::max(), "d"), Errc::no_memory);
    EXPECT_EQ(refusal_to_open("large", ample_bytes, "b"), Errc::no_memory);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "large"}), Errc::no_such_object);
}

TEST_F(AnArray, KeepsTheSmallestAndTheLargestOfItsType) {
    struct Range {
        const char* typecode;
        std::string smallest, largest;
        std::string below, above;
    };
    const auto most = std::numeric_limits<std::uint64_t>::max();
    const auto least = std::numeric_limits<std::int64_t>::min();
    const Range ranges[] = {
        {"b", pack(-128), pack(127), pack(-129), pack(128)},
        {"B", pack(0), pack(255), pack(-1), pack(256)},
        {"h", pack(-32'768), pack(32'767), pack(-32'769), pack(32'768)},
        {"H", pack(0), pack(65'535), pack(-1), pack(65'536)},
        {"i", pack(-2'147'483'648LL), pack(2'147'483'647), pack(-2'147'483'649LL), pack(2'147'483'648LL)},
        {"I", pack(0), pack(4'294'967'295LL), pack(-1), pack(4'294'967'296LL)},
        {"q", pack(least), pack(std::numeric_limits<std::int64_t>::max()), {}, pack(most)},
        {"Q", pack(0), pack(most), pack(-1), {}},
    };
    for (const auto& [typecode, smallest, largest, below, above] : ranges) {
        make(typecode, 2);
        EXPECT_EQ(set(0, smallest), std::nullopt) << typecode;
        EXPECT_EQ(set(1, largest), std::nullopt) << typecode;
        for (const auto& beyond : {below, above})
            EXPECT_TRUE(beyond.empty() || set(0, beyond) == Errc::out_of_range) << typecode;
        EXPECT_EQ(get(0), smallest) << typecode;
        EXPECT_EQ(get(1), largest) << typecode;
    }
}

TEST_F(AnArray, OfFloatsTakesEveryNumber) {
    make("d", 1);
    for (const auto& [value, kept] :
         {std::pair{pack(2.5), pack(2.5)},
          {pack(-3), pack(-3.0)},
          {pack(true), pack(1.0)},
          {pack(std::numeric_limits<double>::max()), pack(std::numeric_limits<double>::max())}}) {
        EXPECT_EQ(set(0, value), std::nullopt);
        EXPECT_EQ(get(0), kept);
    }
    make("f", 1);
    EXPECT_EQ(set(0, pack(0.1)), std::nullopt);
    EXPECT_EQ(get(0), pack(double{0.1F})) << "rounded";
    EXPECT_EQ(set(0, pack(1e300)), Errc::out_of_range);
    EXPECT_EQ(set(0, pack(-1e300)), Errc::out_of_range);
    EXPECT_EQ(set(0, pack(std::numeric_limits<double>::infinity())), std::nullopt);
    EXPECT_EQ(get(0), pack(std::numeric_limits<double>::infinity()));
}

TEST_F(AnArray, RefusesValuesOfAnotherKind) {
    for (const auto& value : {pack(nullptr), pack("1"), pack(1.0), pack(1.5), pack_array({pack(1)}), pack_map({})})
        EXPECT_EQ(set(0, value), Errc::type_mismatch);
    EXPECT_EQ(set(0, pack(true)), std::nullopt) << "a number in Python";
    EXPECT_EQ(get(0), pack(1));
    make("d", 1);
    for (const auto& value : {pack(nullptr), pack("1"), pack_array({pack(1)})})
        EXPECT_EQ(set(0, value), Errc::type_mismatch);
    EXPECT_EQ(client_.complaint(array::Set{.object = array_, .value = {pack("1")}}),
              "a value of type string is no element of array 'd', whose typecode d holds floats of 64 bits");
}

TEST_F(AnArray, CountsPositionsAsPythonDoes) {
    set(0, pack(1));
    set(-1, pack(5));
    EXPECT_EQ(numbers(), Numbers({1, 0, 0, 0, 5}));
    EXPECT_EQ(get(-5), pack(1));
    for (const std::int64_t outside : {5, -6}) {
        EXPECT_EQ(set(outside, pack(1)), Errc::index_out_of_range);
        EXPECT_EQ(client_.refusal(array::Get{.object = array_, .index = outside}), Errc::index_out_of_range);
        EXPECT_EQ(client_.refusal(array::FetchAdd{.object = array_, .index = outside, .by = {pack(1)}}),
                  Errc::index_out_of_range);
        EXPECT_EQ(client_.refusal(array::CompareExchange{.object = array_, .index = outside}),
                  Errc::index_out_of_range);
    }
}

TEST_F(AnArray, HasSlices) {
    for (int i = 0; i < 5; ++i)
        set(i, pack(i));
    const auto slice = [&](std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step) {
        return integers_of(
            client_.call(array::GetSlice{.object = array_, .start = start, .stop = stop, .step = step}).values);
    };
    EXPECT_EQ(slice(1, 3, 1), Numbers({1, 2}));
    EXPECT_EQ(slice({}, {}, -2), Numbers({4, 2, 0}));
    EXPECT_EQ(slice(-2, 99, 1), Numbers({3, 4}));
    EXPECT_EQ(slice(3, 1, 1), Numbers());
    EXPECT_EQ(client_.refusal(array::GetSlice{.object = array_, .step = 0}), Errc::invalid_argument);
}

TEST_F(AnArray, ReplacesASliceAllOrNothing) {
    const auto set_slice = [&](std::optional<std::int64_t> start, std::int64_t step,
                               const std::vector<std::string>& values) {
        return client_.refusal(array::SetSlice{.object = array_,
                                               .start = start,
                                               .step = step,
                                               .values = std::vector<Packed>(values.begin(), values.end())});
    };
    EXPECT_EQ(set_slice(2, 1, {pack(7), pack(8), pack(9)}), std::nullopt);
    EXPECT_EQ(numbers(), Numbers({0, 0, 7, 8, 9}));
    EXPECT_EQ(set_slice({}, -2, {pack(1), pack(2), pack(3)}), std::nullopt);
    EXPECT_EQ(numbers(), Numbers({3, 0, 2, 8, 1}));
    EXPECT_EQ(set_slice(9, 1, {}), std::nullopt) << "nothing";
    EXPECT_EQ(set_slice(2, 1, {pack(1), pack(1)}), Errc::invalid_argument) << "too few";
    EXPECT_EQ(set_slice(2, 1, {pack(1), pack(1), pack(1), pack(1)}), Errc::invalid_argument) << "too many";
    EXPECT_EQ(set_slice(2, 1, {pack(1), pack(1), pack(1LL << 32)}), Errc::out_of_range);
    EXPECT_EQ(set_slice(2, 1, {pack(1), pack(1), pack("x")}), Errc::type_mismatch);
    EXPECT_EQ(set_slice(2, 0, {}), Errc::invalid_argument);
    EXPECT_EQ(numbers(), Numbers({3, 0, 2, 8, 1}));
}

TEST_F(AnArray, IsFilled) {
    client_.call(array::Fill{.object = array_, .value = {pack(-4)}});
    EXPECT_EQ(numbers(), Numbers(5, -4));
    EXPECT_EQ(client_.refusal(array::Fill{.object = array_, .value = {pack("x")}}), Errc::type_mismatch);
    EXPECT_EQ(client_.refusal(array::Fill{.object = array_, .value = {pack(1LL << 31)}}), Errc::out_of_range);
    EXPECT_EQ(numbers(), Numbers(5, -4));
}

TEST_F(AnArray, AddsToAnElement) {
    const auto fetch_add = [&](const std::string& by) {
        return std::string(client_.call(array::FetchAdd{.object = array_, .index = 1, .by = {by}}).before.bytes);
    };
    EXPECT_EQ(fetch_add(pack(7)), pack(0));
    EXPECT_EQ(fetch_add(pack(-10)), pack(7));
    EXPECT_EQ(numbers(), Numbers({0, -3, 0, 0, 0}));
    make("d", 2);
    EXPECT_EQ(fetch_add(pack(1)), pack(0.0));
    EXPECT_EQ(fetch_add(pack(0.5)), pack(1.0));
    EXPECT_EQ(get(1), pack(1.5));
}

TEST_F(AnArray, RefusesSumsThatAreNoElementAndStaysAsItWas) {
    const auto refusal = [&](const std::string& by) {
        return client_.refusal(array::FetchAdd{.object = array_, .index = 1, .by = {by}});
    };
    set(1, pack(std::numeric_limits<std::int32_t>::max()));
    EXPECT_EQ(refusal(pack(1)), Errc::out_of_range);
    EXPECT_EQ(refusal(pack(0.5)), Errc::type_mismatch) << "an integer stays an integer";
    EXPECT_EQ(refusal(pack("x")), Errc::type_mismatch);
    EXPECT_EQ(get(1), pack(std::numeric_limits<std::int32_t>::max()));
    make("Q", 2);
    EXPECT_EQ(refusal(pack(-1)), Errc::out_of_range);
    set(1, pack(std::numeric_limits<std::uint64_t>::max()));
    EXPECT_EQ(refusal(pack(1)), Errc::out_of_range);
}

TEST_F(AnArray, ExchangesAnElementThatEqualsTheExpected) {
    const auto exchange = [&](const std::string& expected, const std::string& desired) {
        return client_.call(
            array::CompareExchange{.object = array_, .index = -1, .expected = {expected}, .desired = {desired}});
    };
    const auto kept = exchange(pack(1), pack(2));
    EXPECT_FALSE(kept.exchanged);
    EXPECT_EQ(kept.current.bytes, pack(0));
    const auto exchanged = exchange(pack(0.0), pack(2));
    EXPECT_TRUE(exchanged.exchanged) << "0 equals 0.0, as in Python";
    EXPECT_EQ(exchanged.current.bytes, pack(0));
    EXPECT_EQ(get(4), pack(2));
    EXPECT_EQ(client_.refusal(array::CompareExchange{.object = array_, .expected = {pack(0)}, .desired = {pack("x")}}),
              Errc::type_mismatch);
}

TEST_F(AnArray, SurvivesARestart) {
    make("H", 1'000);
    for (int i = 0; i < 1'000; ++i)
        set(i, pack(i));
    restart();
    client_ = client();
    EXPECT_EQ(numbers()[777], 777);
    EXPECT_EQ(refusal_to_open("H", 999, "H"), Errc::wrong_options);
}

TEST_F(AnArray, GivesItsMemoryBackWhenItIsRemoved) {
    const auto used = [&] {
        tidy();
        return client_.call(proto::daemon::Status{}).memory_used_bytes;
    };
    const auto before = used();
    for (int i = 0; i < 3; ++i) {
        make("q", 10'000);
        EXPECT_GE(used(), before + 80'000);
        client_.call(array::Fill{.object = array_, .value = {pack(1)}});
        client_.call(proto::object::Remove{.name = "q"});
    }
    EXPECT_LT(used(), before + 1'000);
}

TEST_F(AnArray, IsDescribedByItsShape) {
    const auto info = client_.call(proto::object::Find{.name = "array"});
    EXPECT_EQ(info.count, 5U);
    EXPECT_EQ(info.state, "5 elements of typecode i");
}

TEST_F(AnArray, IsReadByReadersAndChangedByWriters) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(array::Get{.object = array_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(array::GetSlice{.object = array_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(array::Len{.object = array_}), std::nullopt);
    for (const auto refusal :
         {stranger.refusal(array::Set{.object = array_}), stranger.refusal(array::SetSlice{.object = array_}),
          stranger.refusal(array::Fill{.object = array_}), stranger.refusal(array::FetchAdd{.object = array_}),
          stranger.refusal(array::CompareExchange{.object = array_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(numbers(), Numbers(5));
}

TEST_F(AnArray, RefusesObjectsThatAreNoArray) {
    const auto list = client_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    EXPECT_EQ(client_.refusal(array::Set{.object = list}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(array::Len{.object = list}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(array::Get{.object = 99}), Errc::no_such_object);
    EXPECT_EQ(refusal_to_open("list", 5, "i"), Errc::wrong_type);
}

}  // namespace
}  // namespace steward::daemon::array_test
