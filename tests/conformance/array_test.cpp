#include <limits>
#include <vector>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::array_test {
namespace {

namespace array = proto::array;

using Numbers = std::vector<std::int64_t>;

class AnArray : public Conformance {
  protected:
    /// Makes an array and lets the other methods mean it.
    void make(std::string_view typecode, std::uint64_t length) {
        const array::Open open{.open = named(typecode, 0604), .length = length, .typecode = typecode};
        array_ = writer_.call(open).object;
        reader_.call(open);
    }
    std::optional<Errc> refusal_to_open(std::string_view name, std::uint64_t length, std::string_view typecode,
                                        const std::vector<Packed>& initial = {}) {
        return writer_.refusal(
            array::Open{.open = named(name), .length = length, .typecode = typecode, .initial = initial});
    }
    std::optional<Errc> set(std::int64_t index, const std::string& value) {
        return writer_.refusal(array::Set{.object = array_, .index = index, .value = {value}});
    }
    std::string get(std::int64_t index) {
        return std::string(reader_.call(array::Get{.object = array_, .index = index}).value.bytes);
    }
    std::optional<Errc> refusal_to_get(std::int64_t index) {
        return reader_.refusal(array::Get{.object = array_, .index = index});
    }
    Numbers slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step) {
        return integers_of(
            reader_.call(array::GetSlice{.object = array_, .start = start, .stop = stop, .step = step}).values);
    }
    Numbers numbers() { return slice({}, {}, 1); }

    Client writer_ = client();
    Client reader_ = client();
    std::uint64_t array_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, AnArray, every_way(), name_of_way);

TEST_P(AnArray, IsZeroAtFirst) {
    make("i", 5);
    EXPECT_EQ(numbers(), Numbers(5));
    const auto shape = reader_.call(array::Len{.object = array_});
    EXPECT_EQ(shape.len, 5U);
    EXPECT_EQ(shape.typecode, "i");
}

TEST_P(AnArray, MayHaveNoElements) {
    make("d", 0);
    EXPECT_EQ(numbers(), Numbers());
    EXPECT_EQ(refusal_to_get(0), Errc::index_out_of_range);
}

TEST_P(AnArray, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto one = pack(1);
    const auto two = pack(2);
    const auto open = [&](Client& client, const std::string& first) {
        return client
            .call(array::Open{.open = named("made"), .length = 2, .typecode = "B", .initial = {{first}, {two}}})
            .object;
    };
    array_ = open(writer_, one);
    open(reader_, two);
    EXPECT_EQ(numbers(), Numbers({1, 2}));
}

TEST_P(AnArray, IsNotMadeWithElementsThatAreNone) {
    const auto one = pack(1);
    const auto large = pack(256);
    const auto text = pack("x");
    EXPECT_EQ(refusal_to_open("made", 3, "B", {{one}, {one}}), Errc::invalid_argument) << "too few";
    EXPECT_EQ(refusal_to_open("made", 2, "B", {{one}, {large}}), Errc::out_of_range);
    EXPECT_EQ(refusal_to_open("made", 2, "B", {{one}, {text}}), Errc::type_mismatch);
    for (const auto* typecode : {"", "l", "u", "x", "ii"})
        EXPECT_EQ(refusal_to_open("made", 1, typecode), Errc::invalid_argument) << typecode;
    EXPECT_EQ(refusal_to_open("made", std::numeric_limits<std::uint64_t>::max(), "d"), Errc::no_memory);
    EXPECT_EQ(writer_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_P(AnArray, IsOpenedWithTheShapeThatItHasOnly) {
    make("i", 5);
    EXPECT_EQ(refusal_to_open("i", 5, "i"), std::nullopt);
    EXPECT_EQ(refusal_to_open("i", 4, "i"), Errc::wrong_options);
    EXPECT_EQ(refusal_to_open("i", 5, "I"), Errc::wrong_options);
}

TEST_P(AnArray, KeepsTheSmallestAndTheLargestOfItsType) {
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

TEST_P(AnArray, OfFloatsTakesEveryNumber) {
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

TEST_P(AnArray, RefusesValuesOfAnotherKind) {
    make("i", 1);
    for (const auto& value : {pack(nullptr), pack("1"), pack(1.0), pack(1.5), pack_array({pack(1)}), pack_map({})})
        EXPECT_EQ(set(0, value), Errc::type_mismatch);
    EXPECT_EQ(set(0, pack(true)), std::nullopt) << "a number in Python";
    EXPECT_EQ(get(0), pack(1));
    make("d", 1);
    for (const auto& value : {pack(nullptr), pack("1"), pack_array({pack(1)})})
        EXPECT_EQ(set(0, value), Errc::type_mismatch);
}

TEST_P(AnArray, CountsPositionsAsPythonDoes) {
    make("i", 5);
    set(0, pack(1));
    set(-1, pack(5));
    EXPECT_EQ(numbers(), Numbers({1, 0, 0, 0, 5}));
    EXPECT_EQ(get(-5), pack(1));
    EXPECT_EQ(get(4), pack(5));
    const auto one = pack(1);
    for (const std::int64_t outside : {std::int64_t{5}, std::int64_t{-6}, std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max()}) {
        EXPECT_EQ(set(outside, one), Errc::index_out_of_range);
        EXPECT_EQ(refusal_to_get(outside), Errc::index_out_of_range);
        EXPECT_EQ(writer_.refusal(array::FetchAdd{.object = array_, .index = outside, .by = {one}}),
                  Errc::index_out_of_range);
        EXPECT_EQ(writer_.refusal(array::CompareExchange{.object = array_, .index = outside}),
                  Errc::index_out_of_range);
    }
}

TEST_P(AnArray, HasSlices) {
    make("i", 5);
    for (int i = 0; i < 5; ++i)
        set(i, pack(i));
    EXPECT_EQ(slice({}, {}, 1), Numbers({0, 1, 2, 3, 4}));
    EXPECT_EQ(slice(1, 3, 1), Numbers({1, 2}));
    EXPECT_EQ(slice({}, {}, -2), Numbers({4, 2, 0}));
    EXPECT_EQ(slice(-2, 99, 1), Numbers({3, 4}));
    EXPECT_EQ(slice(3, 1, 1), Numbers());
    EXPECT_EQ(reader_.refusal(array::GetSlice{.object = array_, .step = 0}), Errc::invalid_argument);
}

TEST_P(AnArray, ReplacesASliceAllOrNothing) {
    make("i", 5);
    const auto set_slice = [&](std::optional<std::int64_t> start, std::int64_t step,
                               const std::vector<std::string>& values) {
        return writer_.refusal(array::SetSlice{.object = array_,
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

TEST_P(AnArray, IsFilled) {
    make("i", 5);
    const auto fill = [&](const std::string& value) {
        return writer_.refusal(array::Fill{.object = array_, .value = {value}});
    };
    EXPECT_EQ(fill(pack(-4)), std::nullopt);
    EXPECT_EQ(fill(pack("x")), Errc::type_mismatch);
    EXPECT_EQ(fill(pack(1LL << 31)), Errc::out_of_range);
    EXPECT_EQ(numbers(), Numbers(5, -4));
}

TEST_P(AnArray, AddsToAnElement) {
    make("i", 3);
    const auto fetch_add = [&](const std::string& by) {
        return std::string(writer_.call(array::FetchAdd{.object = array_, .index = 1, .by = {by}}).before.bytes);
    };
    EXPECT_EQ(fetch_add(pack(7)), pack(0));
    EXPECT_EQ(fetch_add(pack(-10)), pack(7));
    EXPECT_EQ(numbers(), Numbers({0, -3, 0}));
    make("d", 2);
    EXPECT_EQ(fetch_add(pack(1)), pack(0.0));
    EXPECT_EQ(fetch_add(pack(0.5)), pack(1.0));
    EXPECT_EQ(get(1), pack(1.5));
}

TEST_P(AnArray, RefusesSumsThatAreNoElementAndStaysAsItWas) {
    const auto refusal = [&](const std::string& by) {
        return writer_.refusal(array::FetchAdd{.object = array_, .index = 1, .by = {by}});
    };
    make("i", 2);
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

TEST_P(AnArray, ExchangesAnElementThatEqualsTheExpected) {
    make("i", 5);
    const auto exchange = [&](const std::string& expected, const std::string& desired) {
        return writer_.call(
            array::CompareExchange{.object = array_, .index = -1, .expected = {expected}, .desired = {desired}});
    };
    const auto kept = exchange(pack(1), pack(2));
    EXPECT_FALSE(kept.exchanged);
    EXPECT_EQ(kept.current.bytes, pack(0));
    const auto exchanged = exchange(pack(0.0), pack(2));
    EXPECT_TRUE(exchanged.exchanged) << "0 equals 0.0, as in Python";
    EXPECT_EQ(exchanged.current.bytes, pack(0));
    EXPECT_EQ(get(4), pack(2));
    const auto zero = pack(0);
    const auto text = pack("x");
    EXPECT_EQ(writer_.refusal(array::CompareExchange{.object = array_, .expected = {zero}, .desired = {text}}),
              Errc::type_mismatch);
}

TEST_P(AnArray, OutlivesWhoWroteIt) {
    make("i", 2);
    const auto one = pack(1);
    auto victim =
        path_.victim_that([&](Client& process) { process.call(array::Fill{.object = array_, .value = {one}}); });
    victim.dies();
    writer_.close();
    EXPECT_EQ(numbers(), Numbers({1, 1}));
}

TEST_P(AnArray, IsGoneForAllWhenItIsRemoved) {
    make("i", 2);
    EXPECT_EQ(numbers(), Numbers(2));
    remove("i");
    EXPECT_EQ(refusal_to_get(0), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(array::GetSlice{.object = array_}), Errc::no_such_object);
    EXPECT_EQ(set(0, pack(1)), Errc::no_such_object);
}

TEST_P(AnArray, IsReadWithoutTheDaemonWhereMemoryIsShared) {
    for (const auto* typecode : {"b", "I", "q", "f", "d"}) {
        make(typecode, 3);
        expect_no_request_where_memory_is_shared(reader_, [&] { get(-1); });
        expect_no_request_where_memory_is_shared(
            reader_, [&] { EXPECT_EQ(reader_.call(array::GetSlice{.object = array_}).values.size(), 3U); });
        expect_no_request_where_memory_is_shared(
            reader_, [&] { EXPECT_EQ(reader_.call(array::Len{.object = array_}).len, 3U); });
    }
}

TEST_P(AnArray, RefusesObjectsThatAreNone) {
    const auto list = writer_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    EXPECT_EQ(writer_.refusal(array::Set{.object = list}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(array::Get{.object = list}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(array::GetSlice{.object = list}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(array::Len{.object = list}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(array::Get{.object = 99}), Errc::no_such_object);
    EXPECT_EQ(refusal_to_open("list", 5, "i"), Errc::wrong_type);
}

TEST_P(AnArray, IsReadByWhoMayReadAndChangedByWhoMayWrite) {
    make("i", 1);
    expect_of_stranger({std::nullopt, std::nullopt, std::nullopt, Errc::no_permission, Errc::no_permission,
                        Errc::no_permission, Errc::no_permission, Errc::no_permission},
                       [&](Client& stranger) {
                           stranger.call(array::Open{.open = named("i"), .length = 1, .typecode = "i"});
                           return Path::Refusals{stranger.refusal(array::Get{.object = array_}),
                                                 stranger.refusal(array::GetSlice{.object = array_}),
                                                 stranger.refusal(array::Len{.object = array_}),
                                                 stranger.refusal(array::Set{.object = array_}),
                                                 stranger.refusal(array::SetSlice{.object = array_}),
                                                 stranger.refusal(array::Fill{.object = array_}),
                                                 stranger.refusal(array::FetchAdd{.object = array_}),
                                                 stranger.refusal(array::CompareExchange{.object = array_})};
                       });
}

TEST_P(AnArray, IsHiddenFromWhoMayNotRead) {
    const auto hidden = writer_.call(array::Open{.open = named("hidden"), .length = 1}).object;
    expect_of_stranger(Path::Refusals(3, Errc::no_permission), [&](Client& stranger) {
        return Path::Refusals{stranger.refusal(array::Get{.object = hidden}),
                              stranger.refusal(array::GetSlice{.object = hidden}),
                              stranger.refusal(array::Len{.object = hidden})};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::array_test
