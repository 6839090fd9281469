#include <limits>
#include <vector>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::list_test {
namespace {

namespace list = proto::list;

using Bound = std::optional<std::int64_t>;
using Integers = std::vector<std::int64_t>;

/// Packed integers with the bytes that their views refer to.
class PackedIntegers {
  public:
    PackedIntegers(const Integers& integers) {
        for (const auto integer : integers)
            bytes_.push_back(pack(integer));
    }
    std::vector<Packed> views() const { return {bytes_.begin(), bytes_.end()}; }

  private:
    std::vector<std::string> bytes_;
};

class AList : public Conformance {
  protected:
    std::uint64_t open(Client& client, std::string_view name, const Integers& initial = {}) {
        const PackedIntegers packed(initial);
        return client.call(list::Open{.open = named(name, 0604), .initial = packed.views()}).object;
    }
    void fill(const Integers& items) {
        const PackedIntegers packed(items);
        writer_.call(list::Clear{.object = list_});
        writer_.call(list::Extend{.object = list_, .values = packed.views()});
    }
    void append(const std::string& value) { writer_.call(list::Append{.object = list_, .value = {value}}); }
    Integers items() { return integers_of(reader_.call(list::Copy{.object = list_}).values); }
    std::uint64_t length() { return reader_.call(list::Len{.object = list_}).len; }
    std::string get(std::int64_t index) {
        return std::string(reader_.call(list::Get{.object = list_, .index = index}).value.bytes);
    }
    std::optional<Errc> refusal_to_get(std::int64_t index) {
        return reader_.refusal(list::Get{.object = list_, .index = index});
    }
    Integers slice(Bound start, Bound stop, std::int64_t step = 1) {
        return integers_of(
            reader_.call(list::GetSlice{.object = list_, .start = start, .stop = stop, .step = step}).values);
    }
    std::optional<Errc> set_slice(Bound start, Bound stop, std::int64_t step, const Integers& values) {
        const PackedIntegers packed(values);
        return writer_.refusal(
            list::SetSlice{.object = list_, .start = start, .stop = stop, .step = step, .values = packed.views()});
    }
    std::optional<Errc> erase_slice(Bound start, Bound stop, std::int64_t step = 1) {
        return writer_.refusal(list::EraseSlice{.object = list_, .start = start, .stop = stop, .step = step});
    }

    Client writer_ = client();
    Client reader_ = client();
    std::uint64_t list_ = open(writer_, "list");
    std::uint64_t same_ = open(reader_, "list");
};

INSTANTIATE_TEST_SUITE_P(, AList, every_way(), name_of_way);

TEST_P(AList, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    list_ = open(writer_, "made", {1, 2});
    open(reader_, "made", {3});
    EXPECT_EQ(items(), Integers({1, 2}));
}

TEST_P(AList, GrowsAtTheEnd) {
    EXPECT_EQ(items(), Integers());
    const PackedIntegers packed({2, 3});
    append(pack(1));
    writer_.call(list::Extend{.object = list_, .values = packed.views()});
    writer_.call(list::Extend{.object = list_});
    EXPECT_EQ(items(), Integers({1, 2, 3}));
    EXPECT_EQ(length(), 3U);
}

TEST_P(AList, HoldsValuesOfAnyType) {
    for (const auto& value :
         {pack(nullptr), pack("text"), pack(2.5), pack_array({pack(1)}), pack_map({}), pack(true)}) {
        append(value);
        EXPECT_EQ(get(-1), value);
    }
    EXPECT_EQ(length(), 6U);
}

TEST_P(AList, InsertsBeforeAPositionAndAtAnEndBeyondIt) {
    fill({1, 2});
    const auto insert = [&](std::int64_t index, int value) {
        const auto packed = pack(value);
        writer_.call(list::Insert{.object = list_, .index = index, .value = {packed}});
    };
    insert(1, 10);
    insert(-1, 20);
    insert(100, 30);
    insert(-100, 40);
    EXPECT_EQ(items(), Integers({40, 1, 10, 20, 2, 30}));
}

TEST_P(AList, PopsAtTheEndOrAnywhere) {
    fill({1, 2, 3, 4});
    EXPECT_EQ(integer_of(writer_.call(list::Pop{.object = list_}).value), 4);
    EXPECT_EQ(integer_of(writer_.call(list::Pop{.object = list_, .index = 0}).value), 1);
    EXPECT_EQ(integer_of(writer_.call(list::Pop{.object = list_, .index = -2}).value), 2);
    EXPECT_EQ(items(), Integers({3}));
}

TEST_P(AList, RefusesToPopWhatIsNotThere) {
    EXPECT_EQ(writer_.refusal(list::Pop{.object = list_}), Errc::empty);
    fill({1});
    EXPECT_EQ(writer_.refusal(list::Pop{.object = list_, .index = 1}), Errc::index_out_of_range);
    EXPECT_EQ(writer_.refusal(list::Pop{.object = list_, .index = -2}), Errc::index_out_of_range);
    EXPECT_EQ(items(), Integers({1}));
}

TEST_P(AList, GetsSetsAndErasesByPosition) {
    fill({1, 2, 3});
    EXPECT_EQ(get(-1), pack(3));
    EXPECT_EQ(get(0), pack(1));
    const auto ten = pack(10);
    writer_.call(list::Set{.object = list_, .index = -3, .value = {ten}});
    EXPECT_EQ(get(0), ten);
    writer_.call(list::Erase{.object = list_, .index = 1});
    EXPECT_EQ(items(), Integers({10, 3}));
}

TEST_P(AList, RefusesPositionsOutsideOfIt) {
    fill({1, 2, 3});
    for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-4}, std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()}) {
        EXPECT_EQ(refusal_to_get(index), Errc::index_out_of_range);
        EXPECT_EQ(writer_.refusal(list::Set{.object = list_, .index = index}), Errc::index_out_of_range);
        EXPECT_EQ(writer_.refusal(list::Erase{.object = list_, .index = index}), Errc::index_out_of_range);
        EXPECT_EQ(writer_.refusal(list::CompareExchange{.object = list_, .index = index}), Errc::index_out_of_range);
    }
    EXPECT_EQ(items(), Integers({1, 2, 3}));
}

TEST_P(AList, FindsTheFirstEqualItem) {
    fill({5, 6, 5, 7});
    const auto index = [&](const std::string& value, std::int64_t start = 0, Bound stop = std::nullopt) {
        return reader_.call(list::Index{.object = list_, .value = {value}, .start = start, .stop = stop}).index;
    };
    EXPECT_EQ(index(pack(5)), 0U);
    EXPECT_EQ(index(pack(5), 1), 2U);
    EXPECT_EQ(index(pack(5), -2), 2U);
    EXPECT_EQ(index(pack(7), -100, 100), 3U);
    EXPECT_EQ(index(pack(6.0)), 1U) << "6 == 6.0, as in Python";
}

TEST_P(AList, RefusesToFindWhatIsNotThere) {
    fill({5, 6, 5, 7});
    const auto refusal = [&](const std::string& value, std::int64_t start = 0, Bound stop = std::nullopt) {
        return reader_.refusal(list::Index{.object = list_, .value = {value}, .start = start, .stop = stop});
    };
    EXPECT_EQ(refusal(pack(8)), Errc::no_such_value);
    EXPECT_EQ(refusal(pack("5")), Errc::no_such_value);
    EXPECT_EQ(refusal(pack(7), 0, 3), Errc::no_such_value);
    EXPECT_EQ(refusal(pack(5), 3), Errc::no_such_value);
    EXPECT_EQ(refusal(pack(5), 3, 1), Errc::no_such_value) << "an empty range";
}

TEST_P(AList, RemovesTheFirstEqualItem) {
    fill({1, 2, 1});
    const auto real = pack(1.0);
    const auto nine = pack(9);
    writer_.call(list::Remove{.object = list_, .value = {real}});
    EXPECT_EQ(items(), Integers({2, 1}));
    EXPECT_EQ(writer_.refusal(list::Remove{.object = list_, .value = {nine}}), Errc::no_such_value);
    EXPECT_EQ(items(), Integers({2, 1}));
}

TEST_P(AList, CountsAndContains) {
    fill({1, 2, 1});
    const auto count = [&](const std::string& value) {
        return reader_.call(list::Count{.object = list_, .value = {value}}).count;
    };
    const auto contains = [&](const std::string& value) {
        return reader_.call(list::Contains{.object = list_, .value = {value}}).contains;
    };
    EXPECT_EQ(count(pack(1)), 2U);
    EXPECT_EQ(count(pack(true)), 2U) << "1 == True";
    EXPECT_EQ(count(pack(3)), 0U);
    EXPECT_TRUE(contains(pack(2)));
    EXPECT_FALSE(contains(pack(3)));
}

TEST_P(AList, ReversesAndSorts) {
    fill({3, -1, 2});
    writer_.call(list::Reverse{.object = list_});
    EXPECT_EQ(items(), Integers({2, -1, 3}));
    writer_.call(list::Sort{.object = list_});
    EXPECT_EQ(items(), Integers({-1, 2, 3}));
    writer_.call(list::Sort{.object = list_, .reverse = true});
    EXPECT_EQ(items(), Integers({3, 2, -1}));
}

TEST_P(AList, SortsEqualItemsInTheOrderThatTheyHadBothWays) {
    for (const bool reverse : {false, true}) {
        writer_.call(list::Clear{.object = list_});
        for (const auto& value : {pack(1), pack(1.0), pack(true)})
            append(value);
        writer_.call(list::Sort{.object = list_, .reverse = reverse});
        EXPECT_EQ(get(0), pack(1));
        EXPECT_EQ(get(1), pack(1.0));
        EXPECT_EQ(get(2), pack(true));
    }
}

TEST_P(AList, RefusesToSortValuesWithoutAnOrderAndStaysAsItWas) {
    fill({2, 1});
    append(pack("text"));
    EXPECT_EQ(writer_.refusal(list::Sort{.object = list_}), Errc::type_mismatch);
    EXPECT_EQ(slice(0, 2), Integers({2, 1}));
    EXPECT_EQ(length(), 3U);
}

TEST_P(AList, RepeatsItself) {
    fill({1, 2});
    const auto repeat = [&](std::int64_t times) { writer_.call(list::Repeat{.object = list_, .times = times}); };
    repeat(1);
    EXPECT_EQ(items(), Integers({1, 2}));
    repeat(3);
    EXPECT_EQ(items(), Integers({1, 2, 1, 2, 1, 2}));
    repeat(-1);
    EXPECT_EQ(items(), Integers());
    repeat(1'000'000'000);
    EXPECT_EQ(items(), Integers()) << "nothing, however often";
}

TEST_P(AList, RefusesToRepeatItselfBeyondAllMemory) {
    fill({1});
    EXPECT_EQ(writer_.refusal(list::Repeat{.object = list_, .times = std::numeric_limits<std::int64_t>::max()}),
              Errc::no_memory);
    EXPECT_EQ(items(), Integers({1}));
}

TEST_P(AList, ExchangesAnItemThatEqualsTheExpected) {
    fill({1, 2});
    const auto nine = pack(9);
    const auto exchange = [&](const std::string& expected) {
        return writer_.call(
            list::CompareExchange{.object = list_, .index = -1, .expected = {expected}, .desired = {nine}});
    };
    const auto kept = exchange(pack(7));
    EXPECT_FALSE(kept.exchanged);
    EXPECT_EQ(integer_of(kept.current), 2);
    const auto exchanged = exchange(pack(2.0));
    EXPECT_TRUE(exchanged.exchanged) << "2 equals 2.0, as in Python";
    EXPECT_EQ(integer_of(exchanged.current), 2);
    EXPECT_EQ(items(), Integers({1, 9}));
}

TEST_P(AList, ReadsSlices) {
    fill({0, 1, 2, 3, 4, 5});
    EXPECT_EQ(slice({}, {}), items());
    EXPECT_EQ(slice(1, 3), Integers({1, 2}));
    EXPECT_EQ(slice(-2, {}), Integers({4, 5}));
    EXPECT_EQ(slice({}, {}, -1), Integers({5, 4, 3, 2, 1, 0}));
    EXPECT_EQ(slice(4, 0, -2), Integers({4, 2}));
    EXPECT_EQ(slice(3, 3), Integers());
    EXPECT_EQ(slice(-100, 100), items());
}

TEST_P(AList, ReplacesAndErasesSlicesAsPythonDoes) {
    fill({0, 1, 2, 3, 4, 5});
    EXPECT_EQ(set_slice(1, 3, 1, {10, 11, 12}), std::nullopt);
    EXPECT_EQ(items(), Integers({0, 10, 11, 12, 3, 4, 5}));
    EXPECT_EQ(set_slice(4, 2, 1, {7}), std::nullopt);
    EXPECT_EQ(items(), Integers({0, 10, 11, 12, 7, 3, 4, 5})) << "inserted where an empty slice begins";
    EXPECT_EQ(set_slice({}, {}, -4, {50, 40}), std::nullopt);
    EXPECT_EQ(items(), Integers({0, 10, 11, 40, 7, 3, 4, 50}));
    EXPECT_EQ(erase_slice({}, {}, 3), std::nullopt);
    EXPECT_EQ(items(), Integers({10, 11, 7, 3, 50}));
    EXPECT_EQ(erase_slice(-2, {}), std::nullopt);
    EXPECT_EQ(items(), Integers({10, 11, 7}));
}

TEST_P(AList, RefusesSlicesThatPythonRefuses) {
    fill({0, 1, 2, 3});
    EXPECT_EQ(reader_.refusal(list::GetSlice{.object = list_, .step = 0}), Errc::invalid_argument);
    EXPECT_EQ(erase_slice({}, {}, 0), Errc::invalid_argument);
    EXPECT_EQ(set_slice({}, {}, 0, {}), Errc::invalid_argument);
    EXPECT_EQ(set_slice({}, {}, 2, {1}), Errc::invalid_argument) << "two items cannot become one";
    EXPECT_EQ(set_slice({}, {}, -1, {1, 2, 3, 4, 5}), Errc::invalid_argument);
    EXPECT_EQ(items(), Integers({0, 1, 2, 3}));
}

TEST_P(AList, HoldsMoreThanAFew) {
    Integers many;
    for (int i = 0; i < 1'000; ++i)
        many.push_back(i);
    fill(many);
    EXPECT_EQ(items(), many);
    EXPECT_EQ(length(), 1'000U);
    EXPECT_EQ(get(777), pack(777));
    writer_.call(list::Clear{.object = list_});
    EXPECT_EQ(length(), 0U);
    EXPECT_EQ(refusal_to_get(0), Errc::index_out_of_range);
}

TEST_P(AList, OutlivesWhoWroteIt) {
    const auto one = pack(1);
    auto victim =
        path_.victim_that([&](Client& process) { process.call(list::Append{.object = list_, .value = {one}}); });
    victim.dies();
    writer_.close();
    EXPECT_EQ(items(), Integers({1}));
}

TEST_P(AList, IsGoneForAllWhenItIsRemoved) {
    fill({1});
    EXPECT_EQ(items(), Integers({1}));
    remove("list");
    EXPECT_EQ(refusal_to_get(0), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(list::Copy{.object = list_}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(list::Len{.object = list_}), Errc::no_such_object);
    EXPECT_EQ(writer_.refusal(list::Append{.object = list_}), Errc::no_such_object);
}

TEST_P(AList, IsReadWithoutTheDaemonWhereMemoryIsShared) {
    fill({1, 2, 3});
    append(pack("text"));
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(get(0), pack(1)); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(get(-1), pack("text")); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(length(), 4U); });
    expect_no_request_where_memory_is_shared(
        reader_, [&] { EXPECT_EQ(reader_.call(list::Copy{.object = list_}).values.size(), 4U); });
}

TEST_P(AList, RefusesObjectsThatAreNone) {
    const auto value = writer_.call(proto::value::Open{.open = named("value")}).object;
    EXPECT_EQ(writer_.refusal(list::Append{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(list::Get{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(list::Copy{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(list::Len{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(list::Append{.object = 99}), Errc::no_such_object);
}

TEST_P(AList, IsReadByWhoMayRead) {
    const auto one = pack(1);
    fill({1});
    expect_of_stranger(Path::Refusals(7), [&](Client& stranger) {
        open(stranger, "list");
        return Path::Refusals{stranger.refusal(list::Get{.object = list_}),
                              stranger.refusal(list::Copy{.object = list_}),
                              stranger.refusal(list::GetSlice{.object = list_}),
                              stranger.refusal(list::Len{.object = list_}),
                              stranger.refusal(list::Count{.object = list_}),
                              stranger.refusal(list::Contains{.object = list_}),
                              stranger.refusal(list::Index{.object = list_, .value = {one}})};
    });
}

TEST_P(AList, IsChangedByWhoMayWrite) {
    expect_of_stranger(Path::Refusals(14, Errc::no_permission), [&](Client& stranger) {
        open(stranger, "list");
        return Path::Refusals{stranger.refusal(list::Append{.object = list_}),
                              stranger.refusal(list::Extend{.object = list_}),
                              stranger.refusal(list::Insert{.object = list_}),
                              stranger.refusal(list::Pop{.object = list_}),
                              stranger.refusal(list::Remove{.object = list_}),
                              stranger.refusal(list::Reverse{.object = list_}),
                              stranger.refusal(list::Sort{.object = list_}),
                              stranger.refusal(list::Clear{.object = list_}),
                              stranger.refusal(list::Set{.object = list_}),
                              stranger.refusal(list::Erase{.object = list_}),
                              stranger.refusal(list::SetSlice{.object = list_}),
                              stranger.refusal(list::EraseSlice{.object = list_}),
                              stranger.refusal(list::Repeat{.object = list_}),
                              stranger.refusal(list::CompareExchange{.object = list_})};
    });
}

TEST_P(AList, IsHiddenFromWhoMayNotRead) {
    const auto hidden = writer_.call(list::Open{.open = named("hidden"), .initial = {}}).object;
    expect_of_stranger(Path::Refusals(7, Errc::no_permission), [&](Client& stranger) {
        return Path::Refusals{
            stranger.refusal(list::Get{.object = hidden}),     stranger.refusal(list::Copy{.object = hidden}),
            stranger.refusal(list::Len{.object = hidden}),     stranger.refusal(list::GetSlice{.object = hidden}),
            stranger.refusal(list::Index{.object = hidden}),   stranger.refusal(list::Count{.object = hidden}),
            stranger.refusal(list::Contains{.object = hidden})};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::list_test
