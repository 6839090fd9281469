#include "daemon/objects/dict.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::dict_test {
namespace {

using proto::Errc;
using proto::Packed;
namespace dict = proto::dict;

using Pairs = std::vector<std::pair<std::string, std::string>>;

class ADict : public DaemonTest {
  protected:
    void set(const std::string& key, const std::string& value) {
        client_.call(dict::Set{.object = dict_, .key = {key}, .value = {value}});
    }
    dict::Get::Result get(const std::string& key) { return client_.call(dict::Get{.object = dict_, .key = {key}}); }
    Pairs items() {
        Pairs pairs;
        for (const auto& [key, value] : client_.call(dict::Items{.object = dict_}).items)
            pairs.emplace_back(key.bytes, value.bytes);
        return pairs;
    }
    std::uint64_t length() { return client_.call(dict::Len{.object = dict_}).len; }

    Client client_ = client();
    std::uint64_t dict_ = client_.call(dict::Open{.open = named("dict", 0604), .initial = {}}).object;
};

TEST_F(ADict, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto a = pack("a");
    const auto one = pack(1);
    dict_ = client_.call(dict::Open{.open = named("made"), .initial = {{{a}, {one}}}}).object;
    client_.call(dict::Open{.open = named("made"), .initial = {{{one}, {one}}}});
    EXPECT_EQ(items(), Pairs({{a, one}}));
}

TEST_F(ADict, IsNotMadeWithAKeyThatIsNone) {
    const auto map = pack_map({});
    EXPECT_EQ(client_.refusal(dict::Open{.open = named("made"), .initial = {{{map}, {map}}}}), Errc::type_mismatch);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_F(ADict, GivesTheValueOfAKey) {
    set(pack("a"), pack(1));
    const auto found = get(pack("a"));
    EXPECT_TRUE(found.found);
    EXPECT_EQ(integer_of(found.value), 1);
    EXPECT_FALSE(get(pack("b")).found);
}

TEST_F(ADict, TakesKeysThatAreEqualInPythonForOne) {
    set(pack(1), pack("first"));
    set(pack(1.0), pack("second"));
    set(pack(true), pack("third"));
    EXPECT_EQ(items(), Pairs({{pack(1), pack("third")}})) << "the key stays as it was";
    set(pack_array({pack(1), pack("x")}), pack(2));
    EXPECT_TRUE(get(pack_array({pack(1.0), pack("x")})).found);
}

TEST_F(ADict, RefusesKeysThatAreNone) {
    for (const auto& key : {pack_map({}), pack_array({pack(1), pack_map({})}), std::string("\xd4\x05\x01", 3)}) {
        EXPECT_EQ(client_.refusal(dict::Set{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::Get{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::Erase{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::Pop{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::SetDefault{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::Contains{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::Increment{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::CompareExchange{.object = dict_, .key = {key}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(dict::SetIfVersion{.object = dict_, .key = {key}}), Errc::type_mismatch);
    }
    EXPECT_EQ(length(), 0U);
}

TEST_F(ADict, KeepsInsertionOrder) {
    for (const auto* key : {"c", "a", "b"})
        set(pack(key), pack(1));
    set(pack("c"), pack(2));
    client_.call(dict::Erase{.object = dict_, .key = {pack("a")}});
    set(pack("a"), pack(3));
    EXPECT_EQ(items(), Pairs({{pack("c"), pack(2)}, {pack("b"), pack(1)}, {pack("a"), pack(3)}}));
    const auto keys = client_.call(dict::Keys{.object = dict_}).keys;
    const auto values = client_.call(dict::Values{.object = dict_}).values;
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_EQ(text_of(keys[1]), "b");
    EXPECT_EQ(integers_of(values), std::vector<std::int64_t>({2, 1, 3}));
}

TEST_F(ADict, ErasesAndPops) {
    set(pack("a"), pack(1));
    set(pack("b"), pack(2));
    EXPECT_TRUE(client_.call(dict::Erase{.object = dict_, .key = {pack("a")}}).erased);
    EXPECT_FALSE(client_.call(dict::Erase{.object = dict_, .key = {pack("a")}}).erased);
    const auto popped = client_.call(dict::Pop{.object = dict_, .key = {pack("b")}});
    EXPECT_TRUE(popped.found);
    EXPECT_EQ(integer_of(popped.value), 2);
    EXPECT_FALSE(client_.call(dict::Pop{.object = dict_, .key = {pack("b")}}).found);
    EXPECT_EQ(length(), 0U);
}

TEST_F(ADict, PopsThePairThatWasInsertedLast) {
    set(pack("a"), pack(1));
    set(pack("b"), pack(2));
    const auto last = client_.call(dict::PopItem{.object = dict_});
    EXPECT_EQ(text_of(last.key), "b");
    EXPECT_EQ(integer_of(last.value), 2);
    client_.call(dict::PopItem{.object = dict_});
    EXPECT_EQ(client_.refusal(dict::PopItem{.object = dict_}), Errc::empty);
}

TEST_F(ADict, SetsADefaultOnlyWhereThereIsNoValue) {
    const auto set_default = [&](int value) {
        return integer_of(
            client_.call(dict::SetDefault{.object = dict_, .key = {pack("a")}, .value = {pack(value)}}).value);
    };
    EXPECT_EQ(set_default(1), 1);
    EXPECT_EQ(set_default(2), 1);
    EXPECT_EQ(integer_of(get(pack("a")).value), 1);
}

TEST_F(ADict, UpdatesAllOrNothing) {
    const auto a = pack("a");
    const auto b = pack("b");
    const auto map = pack_map({});
    set(a, pack(1));
    client_.call(dict::Update{.object = dict_, .items = {{{b}, {a}}, {{a}, {b}}}});
    EXPECT_EQ(items(), Pairs({{a, b}, {b, a}}));
    EXPECT_EQ(client_.refusal(dict::Update{.object = dict_, .items = {{{a}, {a}}, {{map}, {a}}}}), Errc::type_mismatch);
    EXPECT_EQ(items(), Pairs({{a, b}, {b, a}})) << "the first pair is not there either";
    client_.call(dict::Update{.object = dict_});
    EXPECT_EQ(length(), 2U);
}

TEST_F(ADict, KnowsWhetherItContainsAKey) {
    set(pack(nullptr), pack(nullptr));
    EXPECT_TRUE(client_.call(dict::Contains{.object = dict_, .key = {pack(nullptr)}}).contains);
    EXPECT_FALSE(client_.call(dict::Contains{.object = dict_, .key = {pack(0)}}).contains);
    client_.call(dict::Clear{.object = dict_});
    EXPECT_FALSE(client_.call(dict::Contains{.object = dict_, .key = {pack(nullptr)}}).contains);
}

TEST_F(ADict, CountsUpFromNothing) {
    const auto increment = [&](const std::string& by) {
        return std::string(client_.call(dict::Increment{.object = dict_, .key = {pack("n")}, .by = {by}}).value.bytes);
    };
    EXPECT_EQ(increment(pack(2)), pack(2));
    EXPECT_EQ(increment(pack(-3)), pack(-1));
    EXPECT_EQ(increment(pack(0.5)), pack(-0.5));
    EXPECT_EQ(get(pack("n")).value.bytes, pack(-0.5));
}

TEST_F(ADict, RefusesToCountWhatIsNoNumberOrTooLarge) {
    set(pack("text"), pack("x"));
    EXPECT_EQ(client_.refusal(dict::Increment{.object = dict_, .key = {pack("text")}, .by = {pack(1)}}),
              Errc::type_mismatch);
    EXPECT_EQ(client_.refusal(dict::Increment{.object = dict_, .key = {pack("new")}, .by = {pack("x")}}),
              Errc::type_mismatch);
    set(pack("large"), pack(std::numeric_limits<std::uint64_t>::max()));
    EXPECT_EQ(client_.refusal(dict::Increment{.object = dict_, .key = {pack("large")}, .by = {pack(1)}}),
              Errc::out_of_range);
    EXPECT_EQ(length(), 2U) << "nothing changed";
    EXPECT_EQ(get(pack("large")).value.bytes, pack(std::numeric_limits<std::uint64_t>::max()));
}

TEST_F(ADict, ExchangesAValueThatEqualsTheExpected) {
    const auto exchange = [&](const std::string& expected) {
        return client_
            .call(dict::CompareExchange{
                .object = dict_, .key = {pack("a")}, .expected = {expected}, .desired = {pack(9)}})
            .exchanged;
    };
    EXPECT_FALSE(exchange(pack(nullptr))) << "the key has to exist";
    set(pack("a"), pack(1));
    EXPECT_FALSE(exchange(pack(2)));
    EXPECT_TRUE(exchange(pack(1)));
    EXPECT_EQ(integer_of(get(pack("a")).value), 9);
}

TEST_F(ADict, SetsAValueOnlyWhereNobodyChangedItMeanwhile) {
    const auto set_if = [&](std::uint64_t version, int value) {
        return client_
            .call(dict::SetIfVersion{.object = dict_, .key = {pack("a")}, .version = version, .value = {pack(value)}})
            .set;
    };
    EXPECT_EQ(get(pack("a")).version, 0U);
    EXPECT_FALSE(set_if(7, 1));
    EXPECT_TRUE(set_if(0, 1)) << "it must not exist";
    EXPECT_FALSE(set_if(0, 2));
    const auto version = get(pack("a")).version;
    EXPECT_TRUE(set_if(version, 2));
    EXPECT_FALSE(set_if(version, 3)) << "it has another version now";
    EXPECT_EQ(integer_of(get(pack("a")).value), 2);
}

TEST_F(ADict, GivesNoVersionTwiceThoughTheKeyWasErasedMeanwhile) {
    set(pack("a"), pack(1));
    const auto version = get(pack("a")).version;
    client_.call(dict::Erase{.object = dict_, .key = {pack("a")}});
    set(pack("a"), pack(1));
    EXPECT_GT(get(pack("a")).version, version);
    const auto second = get(pack("a")).version;
    restart();
    client_ = client();
    set(pack("a"), pack(1));
    EXPECT_GT(get(pack("a")).version, second);
}

TEST_F(ADict, SurvivesARestart) {
    for (int i = 0; i < 1'000; ++i)
        set(pack(i), pack(std::to_string(i)));
    restart();
    client_ = client();
    EXPECT_EQ(length(), 1'000U);
    EXPECT_EQ(text_of(get(pack(777)).value), "777");
    EXPECT_EQ(items().front().first, pack(0));
}

TEST_F(ADict, IsDescribedByItsLength) {
    set(pack("a"), pack(1));
    const auto info = client_.call(proto::object::Find{.name = "dict"});
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.state, "1 keys");
}

TEST_F(ADict, IsReadByReadersAndChangedByWriters) {
    set(pack("a"), pack(1));
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(dict::Get{.object = dict_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(dict::Keys{.object = dict_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(dict::Values{.object = dict_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(dict::Items{.object = dict_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(dict::Contains{.object = dict_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(dict::Len{.object = dict_}), std::nullopt);
    for (const auto refusal :
         {stranger.refusal(dict::Set{.object = dict_}), stranger.refusal(dict::Erase{.object = dict_}),
          stranger.refusal(dict::Pop{.object = dict_}), stranger.refusal(dict::PopItem{.object = dict_}),
          stranger.refusal(dict::SetDefault{.object = dict_}), stranger.refusal(dict::Update{.object = dict_}),
          stranger.refusal(dict::Clear{.object = dict_}), stranger.refusal(dict::Increment{.object = dict_}),
          stranger.refusal(dict::CompareExchange{.object = dict_}),
          stranger.refusal(dict::SetIfVersion{.object = dict_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(length(), 1U);
}

TEST_F(ADict, RefusesObjectsThatAreNoDict) {
    const auto value = client_.call(proto::value::Open{.open = named("value")}).object;
    EXPECT_EQ(client_.refusal(dict::Set{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(dict::Get{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(dict::Clear{.object = value}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(dict::Get{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::dict_test
