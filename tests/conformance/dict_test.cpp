#include <limits>
#include <vector>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::dict_test {
namespace {

namespace dict = proto::dict;

using Pairs = std::vector<std::pair<std::string, std::string>>;

class ADict : public Conformance {
  protected:
    void set(const std::string& key, const std::string& value) {
        writer_.call(dict::Set{.object = dict_, .key = {key}, .value = {value}});
    }
    dict::Get::Result get(const std::string& key) { return reader_.call(dict::Get{.object = dict_, .key = {key}}); }
    std::string value_of(const std::string& key) {
        const auto found = get(key);
        return found.found ? std::string(found.value.bytes) : "nothing";
    }
    bool contains(const std::string& key) {
        return reader_.call(dict::Contains{.object = dict_, .key = {key}}).contains;
    }
    bool erase(const std::string& key) { return writer_.call(dict::Erase{.object = dict_, .key = {key}}).erased; }
    std::uint64_t length() { return reader_.call(dict::Len{.object = dict_}).len; }
    Pairs items() {
        Pairs pairs;
        for (const auto& [key, value] : reader_.call(dict::Items{.object = dict_}).items)
            pairs.emplace_back(key.bytes, value.bytes);
        return pairs;
    }

    Client writer_ = client();
    Client reader_ = client();
    std::uint64_t dict_ = writer_.call(dict::Open{.open = named("dict", 0604), .initial = {}}).object;
    std::uint64_t same_ = reader_.call(dict::Open{.open = named("dict"), .initial = {}}).object;
};

INSTANTIATE_TEST_SUITE_P(, ADict, every_way(), name_of_way);

TEST_P(ADict, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto a = pack("a");
    const auto one = pack(1);
    dict_ = writer_.call(dict::Open{.open = named("made"), .initial = {{{a}, {one}}}}).object;
    reader_.call(dict::Open{.open = named("made"), .initial = {{{one}, {one}}}});
    EXPECT_EQ(items(), Pairs({{a, one}}));
}

TEST_P(ADict, IsNotMadeWithAKeyThatIsNone) {
    const auto map = pack_map({});
    EXPECT_EQ(writer_.refusal(dict::Open{.open = named("made"), .initial = {{{map}, {map}}}}), Errc::type_mismatch);
    EXPECT_EQ(writer_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_P(ADict, GivesTheValueOfAKey) {
    EXPECT_FALSE(get(pack("a")).found);
    set(pack("a"), pack(1));
    EXPECT_EQ(value_of(pack("a")), pack(1));
    set(pack("a"), pack_array({pack("another")}));
    EXPECT_EQ(value_of(pack("a")), pack_array({pack("another")}));
    EXPECT_FALSE(get(pack("b")).found);
    set(pack("b"), pack(nullptr));
    EXPECT_TRUE(get(pack("b")).found) << "nil is a value";
}

TEST_P(ADict, TakesKeysThatAreEqualInPythonForOne) {
    set(pack(1), pack("first"));
    set(pack(1.0), pack("second"));
    set(pack(true), pack("third"));
    EXPECT_EQ(items(), Pairs({{pack(1), pack("third")}})) << "the key stays as it was";
    for (const auto& key : {pack(1), pack(1.0), pack(true)}) {
        EXPECT_EQ(value_of(key), pack("third"));
        EXPECT_TRUE(contains(key));
    }
    EXPECT_FALSE(contains(pack("1")));
    set(pack_array({pack(1), pack("x")}), pack(2));
    EXPECT_TRUE(get(pack_array({pack(1.0), pack("x")})).found);
    set(pack(nullptr), pack(3));
    EXPECT_EQ(value_of(pack(nullptr)), pack(3));
    EXPECT_FALSE(contains(pack(0)));
    EXPECT_FALSE(contains(pack(false)));
}

TEST_P(ADict, RefusesKeysThatAreNone) {
    for (const auto& key : {pack_map({}), pack_array({pack(1), pack_map({})})}) {
        EXPECT_EQ(writer_.refusal(dict::Set{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(reader_.refusal(dict::Get{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(reader_.refusal(dict::Contains{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(dict::Erase{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(dict::Pop{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(dict::SetDefault{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(dict::Increment{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(dict::CompareExchange{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(dict::SetIfVersion{.object = dict_, .key = {key}}), Errc::type_mismatch);
    }
    EXPECT_EQ(length(), 0U);
}

TEST_P(ADict, KeepsTheOrderOfInsertion) {
    for (const auto* key : {"c", "a", "b"})
        set(pack(key), pack(1));
    set(pack("c"), pack(2));
    EXPECT_TRUE(erase(pack("a")));
    set(pack("a"), pack(3));
    EXPECT_EQ(items(), Pairs({{pack("c"), pack(2)}, {pack("b"), pack(1)}, {pack("a"), pack(3)}}));
    const auto keys = reader_.call(dict::Keys{.object = dict_}).keys;
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_EQ(text_of(keys[0]), "c");
    EXPECT_EQ(text_of(keys[1]), "b");
    EXPECT_EQ(text_of(keys[2]), "a");
    EXPECT_EQ(integers_of(reader_.call(dict::Values{.object = dict_}).values), std::vector<std::int64_t>({2, 1, 3}));
}

TEST_P(ADict, ErasesAndPops) {
    set(pack("a"), pack(1));
    set(pack("b"), pack(2));
    EXPECT_TRUE(erase(pack("a")));
    EXPECT_FALSE(erase(pack("a")));
    EXPECT_FALSE(contains(pack("a")));
    const auto b = pack("b");
    const auto popped = writer_.call(dict::Pop{.object = dict_, .key = {b}});
    EXPECT_TRUE(popped.found);
    EXPECT_EQ(integer_of(popped.value), 2);
    EXPECT_FALSE(writer_.call(dict::Pop{.object = dict_, .key = {b}}).found);
    EXPECT_EQ(length(), 0U);
}

TEST_P(ADict, PopsThePairThatWasInsertedLast) {
    set(pack("a"), pack(1));
    set(pack("b"), pack(2));
    const auto last = writer_.call(dict::PopItem{.object = dict_});
    EXPECT_EQ(text_of(last.key), "b");
    EXPECT_EQ(integer_of(last.value), 2);
    writer_.call(dict::PopItem{.object = dict_});
    EXPECT_EQ(writer_.refusal(dict::PopItem{.object = dict_}), Errc::empty);
}

TEST_P(ADict, SetsADefaultOnlyWhereThereIsNoValue) {
    const auto a = pack("a");
    const auto set_default = [&](int value) {
        const auto packed = pack(value);
        return integer_of(writer_.call(dict::SetDefault{.object = dict_, .key = {a}, .value = {packed}}).value);
    };
    EXPECT_EQ(set_default(1), 1);
    EXPECT_EQ(set_default(2), 1);
    EXPECT_EQ(value_of(a), pack(1));
}

TEST_P(ADict, UpdatesAllOrNothing) {
    const auto a = pack("a");
    const auto b = pack("b");
    const auto map = pack_map({});
    set(a, pack(1));
    writer_.call(dict::Update{.object = dict_, .items = {{{b}, {a}}, {{a}, {b}}}});
    EXPECT_EQ(items(), Pairs({{a, b}, {b, a}}));
    EXPECT_EQ(writer_.refusal(dict::Update{.object = dict_, .items = {{{a}, {a}}, {{map}, {a}}}}), Errc::type_mismatch);
    EXPECT_EQ(items(), Pairs({{a, b}, {b, a}})) << "the first pair is not there either";
    writer_.call(dict::Update{.object = dict_});
    EXPECT_EQ(length(), 2U);
}

TEST_P(ADict, HoldsMoreThanAFew) {
    for (int i = 0; i < 500; ++i)
        set(pack(i), pack(std::to_string(i)));
    EXPECT_EQ(length(), 500U);
    for (int i = 0; i < 500; i += 50)
        EXPECT_EQ(value_of(pack(i)), pack(std::to_string(i)));
    EXPECT_EQ(items().size(), 500U);
    writer_.call(dict::Clear{.object = dict_});
    EXPECT_EQ(length(), 0U);
    EXPECT_FALSE(contains(pack(1)));
    EXPECT_EQ(items(), Pairs());
}

TEST_P(ADict, CountsUpFromNothing) {
    const auto key = pack("n");
    const auto increment = [&](const std::string& by) {
        return std::string(writer_.call(dict::Increment{.object = dict_, .key = {key}, .by = {by}}).value.bytes);
    };
    EXPECT_EQ(increment(pack(2)), pack(2));
    EXPECT_EQ(increment(pack(-3)), pack(-1));
    EXPECT_EQ(increment(pack(0.5)), pack(-0.5));
    EXPECT_EQ(value_of(key), pack(-0.5));
}

TEST_P(ADict, RefusesToCountWhatIsNoNumberOrTooLarge) {
    const auto refusal = [&](const std::string& key, const std::string& by) {
        return writer_.refusal(dict::Increment{.object = dict_, .key = {key}, .by = {by}});
    };
    const auto most = pack(std::numeric_limits<std::uint64_t>::max());
    set(pack("text"), pack("x"));
    set(pack("large"), most);
    EXPECT_EQ(refusal(pack("text"), pack(1)), Errc::type_mismatch);
    EXPECT_EQ(refusal(pack("new"), pack("x")), Errc::type_mismatch);
    EXPECT_EQ(refusal(pack("large"), pack(1)), Errc::out_of_range);
    EXPECT_EQ(items(), Pairs({{pack("text"), pack("x")}, {pack("large"), most}})) << "nothing changed";
}

TEST_P(ADict, ExchangesAValueThatEqualsTheExpected) {
    const auto a = pack("a");
    const auto nine = pack(9);
    const auto exchange = [&](const std::string& expected) {
        return writer_
            .call(dict::CompareExchange{.object = dict_, .key = {a}, .expected = {expected}, .desired = {nine}})
            .exchanged;
    };
    EXPECT_FALSE(exchange(pack(nullptr))) << "the key has to exist";
    set(a, pack(1));
    EXPECT_FALSE(exchange(pack(2)));
    EXPECT_EQ(value_of(a), pack(1));
    EXPECT_TRUE(exchange(pack(1.0))) << "1 equals 1.0, as in Python";
    EXPECT_EQ(value_of(a), nine);
}

TEST_P(ADict, SetsAValueOnlyWhereNobodyChangedItMeanwhile) {
    const auto a = pack("a");
    const auto set_if = [&](std::uint64_t version, int value) {
        const auto packed = pack(value);
        return writer_.call(dict::SetIfVersion{.object = dict_, .key = {a}, .version = version, .value = {packed}}).set;
    };
    EXPECT_EQ(get(a).version, 0U);
    EXPECT_FALSE(set_if(7, 1));
    EXPECT_TRUE(set_if(0, 1)) << "it must not exist";
    EXPECT_FALSE(set_if(0, 2));
    const auto version = get(a).version;
    EXPECT_TRUE(set_if(version, 2));
    EXPECT_FALSE(set_if(version, 3)) << "it has another version now";
    EXPECT_EQ(value_of(a), pack(2));
}

TEST_P(ADict, GivesNoVersionTwiceThoughTheKeyWasErasedMeanwhile) {
    set(pack("a"), pack(1));
    const auto version = get(pack("a")).version;
    erase(pack("a"));
    set(pack("a"), pack(1));
    EXPECT_GT(get(pack("a")).version, version);
}

TEST_P(ADict, OutlivesWhoWroteIt) {
    const auto one = pack(1);
    auto victim = path_.victim_that(
        [&](Client& process) { process.call(dict::Set{.object = dict_, .key = {one}, .value = {one}}); });
    victim.dies();
    writer_.close();
    EXPECT_EQ(items(), Pairs({{one, one}}));
}

TEST_P(ADict, IsGoneForAllWhenItIsRemoved) {
    set(pack("a"), pack(1));
    EXPECT_TRUE(contains(pack("a")));
    remove("dict");
    const auto a = pack("a");
    EXPECT_EQ(reader_.refusal(dict::Get{.object = dict_, .key = {a}}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(dict::Contains{.object = dict_, .key = {a}}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(dict::Len{.object = dict_}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(dict::Items{.object = dict_}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(dict::Keys{.object = dict_}), Errc::no_such_object);
    EXPECT_EQ(writer_.refusal(dict::Set{.object = dict_, .key = {a}, .value = {a}}), Errc::no_such_object);
}

TEST_P(ADict, IsReadWithoutTheDaemonWhereMemoryIsShared) {
    set(pack("a"), pack(1));
    set(pack(2), pack_array({pack("b")}));
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(value_of(pack("a")), pack(1)); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(value_of(pack(2)), pack_array({pack("b")})); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_FALSE(get(pack("c")).found); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_TRUE(contains(pack("a"))); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(length(), 2U); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(items().size(), 2U); });
}

TEST_P(ADict, RefusesObjectsThatAreNone) {
    const auto value = writer_.call(proto::value::Open{.open = named("value")}).object;
    EXPECT_EQ(writer_.refusal(dict::Set{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(dict::Get{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(dict::Items{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(dict::Clear{.object = value}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(dict::Get{.object = 99}), Errc::no_such_object);
}

TEST_P(ADict, IsReadByWhoMayRead) {
    expect_of_stranger(Path::Refusals(6), [&](Client& stranger) {
        stranger.call(dict::Open{.open = named("dict"), .initial = {}});
        return Path::Refusals{
            stranger.refusal(dict::Get{.object = dict_}),  stranger.refusal(dict::Contains{.object = dict_}),
            stranger.refusal(dict::Len{.object = dict_}),  stranger.refusal(dict::Items{.object = dict_}),
            stranger.refusal(dict::Keys{.object = dict_}), stranger.refusal(dict::Values{.object = dict_})};
    });
}

TEST_P(ADict, IsChangedByWhoMayWrite) {
    expect_of_stranger(Path::Refusals(10, Errc::no_permission), [&](Client& stranger) {
        stranger.call(dict::Open{.open = named("dict"), .initial = {}});
        return Path::Refusals{stranger.refusal(dict::Set{.object = dict_}),
                              stranger.refusal(dict::Erase{.object = dict_}),
                              stranger.refusal(dict::Pop{.object = dict_}),
                              stranger.refusal(dict::PopItem{.object = dict_}),
                              stranger.refusal(dict::SetDefault{.object = dict_}),
                              stranger.refusal(dict::Update{.object = dict_}),
                              stranger.refusal(dict::Clear{.object = dict_}),
                              stranger.refusal(dict::Increment{.object = dict_}),
                              stranger.refusal(dict::CompareExchange{.object = dict_}),
                              stranger.refusal(dict::SetIfVersion{.object = dict_})};
    });
}

TEST_P(ADict, IsHiddenFromWhoMayNotRead) {
    const auto hidden = writer_.call(dict::Open{.open = named("hidden"), .initial = {}}).object;
    expect_of_stranger(Path::Refusals(6, Errc::no_permission), [&](Client& stranger) {
        return Path::Refusals{
            stranger.refusal(dict::Get{.object = hidden}),      stranger.refusal(dict::Items{.object = hidden}),
            stranger.refusal(dict::Contains{.object = hidden}), stranger.refusal(dict::Len{.object = hidden}),
            stranger.refusal(dict::Keys{.object = hidden}),     stranger.refusal(dict::Values{.object = hidden})};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::dict_test
