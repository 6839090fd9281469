#include "daemon/objects/set.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::set_test {
namespace {

using proto::Errc;
namespace set = proto::set;

using Values = std::vector<std::string>;

class ASet : public DaemonTest {
  protected:
    bool add(const std::string& value) { return client_.call(set::Add{.object = set_, .value = {value}}).added; }
    Values values() {
        Values values;
        for (const auto value : client_.call(set::Copy{.object = set_}).values)
            values.emplace_back(value.bytes);
        return values;
    }
    bool contains(const std::string& value) {
        return client_.call(set::Contains{.object = set_, .value = {value}}).contains;
    }
    std::uint64_t length() { return client_.call(set::Len{.object = set_}).len; }

    Client client_ = client();
    std::uint64_t set_ = client_.call(set::Open{.open = named("set", 0604), .initial = {}}).object;
};

TEST_F(ASet, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto a = pack("a");
    const auto one = pack(1);
    set_ = client_.call(set::Open{.open = named("made"), .initial = {{a}, {one}, {a}}}).object;
    client_.call(set::Open{.open = named("made"), .initial = {{pack(2)}}});
    EXPECT_EQ(values(), Values({a, one}));
}

TEST_F(ASet, IsNotMadeWithAValueThatCanBeNone) {
    EXPECT_EQ(client_.refusal(set::Open{.open = named("made"), .initial = {{pack_map({})}}}), Errc::type_mismatch);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_F(ASet, TellsWhetherAValueIsNew) {
    EXPECT_TRUE(add(pack("a")));
    EXPECT_FALSE(add(pack("a")));
    EXPECT_TRUE(contains(pack("a")));
    EXPECT_FALSE(contains(pack("b")));
    EXPECT_EQ(length(), 1U);
}

TEST_F(ASet, TakesValuesThatAreEqualInPythonForOneAndKeepsTheFirst) {
    EXPECT_TRUE(add(pack(1)));
    EXPECT_FALSE(add(pack(1.0)));
    EXPECT_FALSE(add(pack(true)));
    EXPECT_EQ(values(), Values({pack(1)}));
    EXPECT_TRUE(add(pack_array({pack(1), pack("x")})));
    EXPECT_TRUE(contains(pack_array({pack(1.0), pack("x")})));
    EXPECT_TRUE(add(pack(nullptr)));
    EXPECT_TRUE(contains(pack(nullptr)));
}

TEST_F(ASet, RefusesValuesThatCanBeNone) {
    for (const auto& value : {pack_map({}), pack_array({pack(1), pack_map({})}), std::string("\xd4\x05\x01", 3)}) {
        EXPECT_EQ(client_.refusal(set::Add{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Discard{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Remove{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Contains{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Update{.object = set_, .values = {{value}}}), Errc::type_mismatch);
    }
    EXPECT_EQ(length(), 0U);
}

TEST_F(ASet, KeepsTheOrderInWhichValuesWereAdded) {
    for (const auto* value : {"c", "a", "b", "c"})
        add(pack(value));
    client_.call(set::Discard{.object = set_, .value = {pack("a")}});
    add(pack("a"));
    EXPECT_EQ(values(), Values({pack("c"), pack("b"), pack("a")}));
}

TEST_F(ASet, DiscardsAValueOrTellsThatItWasNotThere) {
    add(pack("a"));
    EXPECT_TRUE(client_.call(set::Discard{.object = set_, .value = {pack("a")}}).discarded);
    EXPECT_FALSE(client_.call(set::Discard{.object = set_, .value = {pack("a")}}).discarded);
}

TEST_F(ASet, RemovesOnlyAValueThatIsThere) {
    add(pack(1));
    client_.call(set::Remove{.object = set_, .value = {pack(1.0)}});
    EXPECT_EQ(length(), 0U);
    EXPECT_EQ(client_.refusal(set::Remove{.object = set_, .value = {pack(1)}}), Errc::no_such_key);
    EXPECT_EQ(client_.complaint(set::Remove{.object = set_, .value = {pack(1)}}), "set 'set' has no such value");
}

TEST_F(ASet, PopsTheValueThatWasAddedFirst) {
    add(pack("a"));
    add(pack("b"));
    EXPECT_EQ(text_of(client_.call(set::Pop{.object = set_}).value), "a");
    EXPECT_EQ(text_of(client_.call(set::Pop{.object = set_}).value), "b");
    EXPECT_EQ(client_.refusal(set::Pop{.object = set_}), Errc::empty);
}

TEST_F(ASet, IsUpdatedWithAllOrNothing) {
    const auto a = pack("a");
    const auto b = pack("b");
    const auto map = pack_map({});
    add(a);
    client_.call(set::Update{.object = set_, .values = {{b}, {a}, {b}}});
    EXPECT_EQ(values(), Values({a, b}));
    EXPECT_EQ(client_.refusal(set::Update{.object = set_, .values = {{pack("c")}, {map}}}), Errc::type_mismatch);
    EXPECT_EQ(values(), Values({a, b})) << "the first of them is not there either";
    client_.call(set::Update{.object = set_});
    EXPECT_EQ(length(), 2U);
}

TEST_F(ASet, IsCleared) {
    for (int i = 0; i < 1'000; ++i)
        add(pack(i));
    client_.call(set::Clear{.object = set_});
    EXPECT_EQ(length(), 0U);
    EXPECT_FALSE(contains(pack(1)));
    EXPECT_TRUE(add(pack(1)));
}

TEST_F(ASet, SurvivesARestart) {
    for (int i = 0; i < 1'000; ++i)
        add(pack(i));
    restart();
    client_ = client();
    EXPECT_EQ(length(), 1'000U);
    EXPECT_TRUE(contains(pack(777)));
    EXPECT_EQ(values().front(), pack(0));
}

TEST_F(ASet, IsDescribedByItsLength) {
    add(pack("a"));
    const auto info = client_.call(proto::object::Find{.name = "set"});
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.state, "1 values");
}

TEST_F(ASet, IsReadByReadersAndChangedByWriters) {
    add(pack("a"));
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(set::Copy{.object = set_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(set::Contains{.object = set_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(set::Len{.object = set_}), std::nullopt);
    for (const auto refusal :
         {stranger.refusal(set::Add{.object = set_}), stranger.refusal(set::Discard{.object = set_}),
          stranger.refusal(set::Remove{.object = set_}), stranger.refusal(set::Pop{.object = set_}),
          stranger.refusal(set::Update{.object = set_}), stranger.refusal(set::Clear{.object = set_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(length(), 1U);
}

TEST_F(ASet, RefusesObjectsThatAreNoSet) {
    const auto dict = client_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    EXPECT_EQ(client_.refusal(set::Add{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(set::Copy{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(set::Clear{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(set::Pop{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::set_test
