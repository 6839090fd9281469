#include "daemon/objects/dict.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::dict_test {
namespace {

using proto::Errc;
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

TEST_F(ADict, KnowsWhetherItContainsAKey) {
    set(pack(nullptr), pack(nullptr));
    EXPECT_TRUE(client_.call(dict::Contains{.object = dict_, .key = {pack(nullptr)}}).contains);
    EXPECT_FALSE(client_.call(dict::Contains{.object = dict_, .key = {pack(0)}}).contains);
    client_.call(dict::Clear{.object = dict_});
    EXPECT_FALSE(client_.call(dict::Contains{.object = dict_, .key = {pack(nullptr)}}).contains);
}

TEST_F(ADict, GivesNoVersionTwiceThoughTheDaemonRestartsMeanwhile) {
    set(pack("a"), pack(1));
    const auto version = get(pack("a")).version;
    restart();
    client_ = client();
    set(pack("a"), pack(1));
    EXPECT_GT(get(pack("a")).version, version);
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
