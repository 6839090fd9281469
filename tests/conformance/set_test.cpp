#include <vector>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::set_test {
namespace {

namespace set = proto::set;

using Values = std::vector<std::string>;

class ASet : public Conformance {
  protected:
    bool add(const std::string& value) { return writer_.call(set::Add{.object = set_, .value = {value}}).added; }
    bool discard(const std::string& value) {
        return writer_.call(set::Discard{.object = set_, .value = {value}}).discarded;
    }
    bool contains(const std::string& value) {
        return reader_.call(set::Contains{.object = set_, .value = {value}}).contains;
    }
    std::uint64_t length() { return reader_.call(set::Len{.object = set_}).len; }
    Values values() {
        Values values;
        for (const auto value : reader_.call(set::Copy{.object = set_}).values)
            values.emplace_back(value.bytes);
        return values;
    }

    Client writer_ = client();
    Client reader_ = client();
    std::uint64_t set_ = writer_.call(set::Open{.open = named("set", 0604), .initial = {}}).object;
    std::uint64_t same_ = reader_.call(set::Open{.open = named("set"), .initial = {}}).object;
};

INSTANTIATE_TEST_SUITE_P(, ASet, every_way(), name_of_way);

TEST_P(ASet, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto a = pack("a");
    const auto one = pack(1);
    set_ = writer_.call(set::Open{.open = named("made"), .initial = {{a}, {one}, {a}}}).object;
    reader_.call(set::Open{.open = named("made"), .initial = {{one}}});
    EXPECT_EQ(values(), Values({a, one}));
}

TEST_P(ASet, IsNotMadeWithAValueThatCanBeNone) {
    const auto map = pack_map({});
    EXPECT_EQ(writer_.refusal(set::Open{.open = named("made"), .initial = {{map}}}), Errc::type_mismatch);
    EXPECT_EQ(writer_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_P(ASet, TellsWhetherAValueIsNew) {
    EXPECT_TRUE(add(pack("a")));
    EXPECT_FALSE(add(pack("a")));
    EXPECT_TRUE(contains(pack("a")));
    EXPECT_FALSE(contains(pack("b")));
    EXPECT_EQ(length(), 1U);
}

TEST_P(ASet, TakesValuesThatAreEqualInPythonForOneAndKeepsTheFirst) {
    EXPECT_TRUE(add(pack(1)));
    EXPECT_FALSE(add(pack(1.0)));
    EXPECT_FALSE(add(pack(true)));
    EXPECT_EQ(values(), Values({pack(1)}));
    for (const auto& value : {pack(1), pack(1.0), pack(true)})
        EXPECT_TRUE(contains(value));
    EXPECT_TRUE(add(pack_array({pack(1), pack("x")})));
    EXPECT_TRUE(contains(pack_array({pack(1.0), pack("x")})));
    EXPECT_TRUE(add(pack(nullptr)));
    EXPECT_TRUE(contains(pack(nullptr)));
    EXPECT_FALSE(contains(pack(0)));
}

TEST_P(ASet, RefusesValuesThatCanBeNone) {
    for (const auto& value : {pack_map({}), pack_array({pack(1), pack_map({})})}) {
        EXPECT_EQ(writer_.refusal(set::Add{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(set::Discard{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(set::Remove{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(reader_.refusal(set::Contains{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(writer_.refusal(set::Update{.object = set_, .values = {{value}}}), Errc::type_mismatch);
    }
    EXPECT_EQ(length(), 0U);
}

TEST_P(ASet, KeepsTheOrderInWhichValuesWereAdded) {
    for (const auto* value : {"c", "a", "b", "c"})
        add(pack(value));
    EXPECT_TRUE(discard(pack("a")));
    add(pack("a"));
    EXPECT_EQ(values(), Values({pack("c"), pack("b"), pack("a")}));
}

TEST_P(ASet, DiscardsAValueOrTellsThatItWasNotThere) {
    add(pack("a"));
    EXPECT_TRUE(discard(pack("a")));
    EXPECT_FALSE(discard(pack("a")));
    EXPECT_FALSE(contains(pack("a")));
}

TEST_P(ASet, RemovesOnlyAValueThatIsThere) {
    const auto real = pack(1.0);
    add(pack(1));
    writer_.call(set::Remove{.object = set_, .value = {real}});
    EXPECT_EQ(length(), 0U);
    EXPECT_EQ(writer_.refusal(set::Remove{.object = set_, .value = {real}}), Errc::no_such_key);
}

TEST_P(ASet, PopsTheValueThatWasAddedFirst) {
    add(pack("a"));
    add(pack("b"));
    EXPECT_EQ(text_of(writer_.call(set::Pop{.object = set_}).value), "a");
    EXPECT_EQ(text_of(writer_.call(set::Pop{.object = set_}).value), "b");
    EXPECT_EQ(writer_.refusal(set::Pop{.object = set_}), Errc::empty);
}

TEST_P(ASet, IsUpdatedWithAllOrNothing) {
    const auto a = pack("a");
    const auto b = pack("b");
    const auto c = pack("c");
    const auto map = pack_map({});
    add(a);
    writer_.call(set::Update{.object = set_, .values = {{b}, {a}, {b}}});
    EXPECT_EQ(values(), Values({a, b}));
    EXPECT_EQ(writer_.refusal(set::Update{.object = set_, .values = {{c}, {map}}}), Errc::type_mismatch);
    EXPECT_EQ(values(), Values({a, b})) << "the first of them is not there either";
    writer_.call(set::Update{.object = set_});
    EXPECT_EQ(length(), 2U);
}

TEST_P(ASet, IsCleared) {
    for (int i = 0; i < 300; ++i)
        add(pack(i));
    EXPECT_EQ(length(), 300U);
    EXPECT_TRUE(contains(pack(277)));
    writer_.call(set::Clear{.object = set_});
    EXPECT_EQ(length(), 0U);
    EXPECT_FALSE(contains(pack(277)));
    EXPECT_TRUE(add(pack(277)));
}

TEST_P(ASet, OutlivesWhoWroteIt) {
    const auto one = pack(1);
    auto victim = path_.victim_that([&](Client& process) { process.call(set::Add{.object = set_, .value = {one}}); });
    victim.dies();
    writer_.close();
    EXPECT_EQ(values(), Values({one}));
}

TEST_P(ASet, IsGoneForAllWhenItIsRemoved) {
    const auto one = pack(1);
    add(one);
    EXPECT_TRUE(contains(one));
    remove("set");
    EXPECT_EQ(reader_.refusal(set::Contains{.object = set_, .value = {one}}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(set::Len{.object = set_}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(set::Copy{.object = set_}), Errc::no_such_object);
    EXPECT_EQ(writer_.refusal(set::Add{.object = set_, .value = {one}}), Errc::no_such_object);
}

TEST_P(ASet, IsReadWithoutTheDaemonWhereMemoryIsShared) {
    add(pack("a"));
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_TRUE(contains(pack("a"))); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_FALSE(contains(pack("b"))); });
    expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(length(), 1U); });
}

TEST_P(ASet, RefusesObjectsThatAreNone) {
    const auto dict = writer_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    EXPECT_EQ(writer_.refusal(set::Add{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(set::Contains{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(set::Len{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(set::Copy{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(set::Pop{.object = 99}), Errc::no_such_object);
}

TEST_P(ASet, IsReadByWhoMayReadAndChangedByWhoMayWrite) {
    expect_of_stranger(
        {std::nullopt, std::nullopt, std::nullopt, Errc::no_permission, Errc::no_permission, Errc::no_permission,
         Errc::no_permission, Errc::no_permission, Errc::no_permission},
        [&](Client& stranger) {
            stranger.call(set::Open{.open = named("set"), .initial = {}});
            return Path::Refusals{
                stranger.refusal(set::Copy{.object = set_}),    stranger.refusal(set::Contains{.object = set_}),
                stranger.refusal(set::Len{.object = set_}),     stranger.refusal(set::Add{.object = set_}),
                stranger.refusal(set::Discard{.object = set_}), stranger.refusal(set::Remove{.object = set_}),
                stranger.refusal(set::Pop{.object = set_}),     stranger.refusal(set::Update{.object = set_}),
                stranger.refusal(set::Clear{.object = set_})};
        });
}

TEST_P(ASet, IsHiddenFromWhoMayNotRead) {
    const auto hidden = writer_.call(set::Open{.open = named("hidden"), .initial = {}}).object;
    expect_of_stranger(Path::Refusals(3, Errc::no_permission), [&](Client& stranger) {
        return Path::Refusals{stranger.refusal(set::Contains{.object = hidden}),
                              stranger.refusal(set::Len{.object = hidden}),
                              stranger.refusal(set::Copy{.object = hidden})};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::set_test
