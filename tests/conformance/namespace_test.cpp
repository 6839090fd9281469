#include <utility>
#include <vector>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::namespace_test {
namespace {

namespace name_space = proto::name_space;

using Attributes = std::vector<std::pair<std::string, std::string>>;

class ANamespace : public Conformance {
  protected:
    void set(std::string_view attribute, const std::string& value) {
        writer_.call(name_space::Set{.object = namespace_, .attribute = attribute, .value = {value}});
    }
    std::string get(std::string_view attribute) {
        return std::string(reader_.call(name_space::Get{.object = namespace_, .attribute = attribute}).value.bytes);
    }
    std::optional<Errc> refusal_to_get(std::string_view attribute) {
        return reader_.refusal(name_space::Get{.object = namespace_, .attribute = attribute});
    }
    bool contains(std::string_view attribute) {
        return reader_.call(name_space::Contains{.object = namespace_, .attribute = attribute}).contains;
    }
    Attributes attributes() {
        Attributes attributes;
        for (const auto& [name, value] : reader_.call(name_space::Copy{.object = namespace_}).attributes)
            attributes.emplace_back(name, value.bytes);
        return attributes;
    }

    Client writer_ = client();
    Client reader_ = client();
    std::uint64_t namespace_ = writer_.call(name_space::Open{.open = named("settings", 0604), .initial = {}}).object;
    std::uint64_t same_ = reader_.call(name_space::Open{.open = named("settings"), .initial = {}}).object;
};

INSTANTIATE_TEST_SUITE_P(, ANamespace, every_way(), name_of_way);

TEST_P(ANamespace, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto one = pack(1);
    namespace_ = writer_.call(name_space::Open{.open = named("made"), .initial = {{"x", {one}}}}).object;
    reader_.call(name_space::Open{.open = named("made"), .initial = {{"y", {one}}}});
    EXPECT_EQ(attributes(), Attributes({{"x", one}}));
}

TEST_P(ANamespace, IsNotMadeWithAnAttributeThatIsNotShared) {
    const auto one = pack(1);
    EXPECT_EQ(writer_.refusal(name_space::Open{.open = named("made"), .initial = {{"x", {one}}, {"_y", {one}}}}),
              Errc::invalid_argument);
    EXPECT_EQ(writer_.refusal(proto::object::Find{.name = "made"}), Errc::no_such_object);
}

TEST_P(ANamespace, HoldsAttributesOfAnyType) {
    set("number", pack(1));
    set("text", pack("x"));
    set("nothing", pack(nullptr));
    EXPECT_EQ(get("number"), pack(1));
    set("number", pack_array({pack(2)}));
    EXPECT_EQ(get("number"), pack_array({pack(2)}));
    EXPECT_EQ(get("text"), pack("x"));
    EXPECT_EQ(get("nothing"), pack(nullptr));
}

TEST_P(ANamespace, RefusesAttributesThatDoNotExist) {
    EXPECT_EQ(refusal_to_get("x"), Errc::no_such_key);
    EXPECT_EQ(writer_.refusal(name_space::Erase{.object = namespace_, .attribute = "x"}), Errc::no_such_key);
    EXPECT_EQ(writer_.refusal(name_space::CompareExchange{.object = namespace_, .attribute = "x"}), Errc::no_such_key);
    EXPECT_FALSE(contains("x"));
}

TEST_P(ANamespace, RefusesAttributesThatAreNotShared) {
    for (const auto* attribute : {"_", "_x", "__init__"}) {
        EXPECT_EQ(refusal_to_get(attribute), Errc::invalid_argument);
        EXPECT_EQ(writer_.refusal(name_space::Set{.object = namespace_, .attribute = attribute}),
                  Errc::invalid_argument);
        EXPECT_EQ(writer_.refusal(name_space::Erase{.object = namespace_, .attribute = attribute}),
                  Errc::invalid_argument);
        EXPECT_EQ(writer_.refusal(name_space::Contains{.object = namespace_, .attribute = attribute}),
                  Errc::invalid_argument);
        EXPECT_EQ(writer_.refusal(name_space::CompareExchange{.object = namespace_, .attribute = attribute}),
                  Errc::invalid_argument);
    }
    EXPECT_EQ(attributes(), Attributes());
    set("x_", pack(1));
    EXPECT_TRUE(contains("x_")) << "an underscore elsewhere does no harm";
}

TEST_P(ANamespace, KeepsTheOrderInWhichAttributesWereFirstSet) {
    for (const auto* attribute : {"c", "a", "b"})
        set(attribute, pack(1));
    set("c", pack(2));
    EXPECT_EQ(reader_.call(name_space::Names{.object = namespace_}).names,
              std::vector<std::string_view>({"c", "a", "b"}));
    EXPECT_EQ(attributes(), Attributes({{"c", pack(2)}, {"a", pack(1)}, {"b", pack(1)}}));
}

TEST_P(ANamespace, ErasesAnAttribute) {
    set("x", pack(1));
    EXPECT_EQ(get("x"), pack(1));
    writer_.call(name_space::Erase{.object = namespace_, .attribute = "x"});
    EXPECT_FALSE(contains("x"));
    EXPECT_EQ(refusal_to_get("x"), Errc::no_such_key);
}

TEST_P(ANamespace, ExchangesAnAttributeThatEqualsTheExpected) {
    const auto desired = pack("new");
    const auto exchange = [&](const std::string& expected) {
        return writer_.call(name_space::CompareExchange{
            .object = namespace_, .attribute = "x", .expected = {expected}, .desired = {desired}});
    };
    set("x", pack(1));
    const auto kept = exchange(pack(2));
    EXPECT_FALSE(kept.exchanged);
    EXPECT_EQ(kept.current.bytes, pack(1));
    const auto exchanged = exchange(pack(1.0));
    EXPECT_TRUE(exchanged.exchanged) << "1 equals 1.0, as in Python";
    EXPECT_EQ(exchanged.current.bytes, pack(1));
    EXPECT_EQ(get("x"), desired);
}

TEST_P(ANamespace, OutlivesWhoWroteIt) {
    const auto one = pack(1);
    auto victim = path_.victim_that([&](Client& process) {
        process.call(name_space::Set{.object = namespace_, .attribute = "x", .value = {one}});
    });
    victim.dies();
    writer_.close();
    EXPECT_EQ(get("x"), one);
}

TEST_P(ANamespace, IsGoneForAllWhenItIsRemoved) {
    set("x", pack(1));
    EXPECT_EQ(get("x"), pack(1));
    remove("settings");
    EXPECT_EQ(refusal_to_get("x"), Errc::no_such_object);
    EXPECT_EQ(writer_.refusal(name_space::Set{.object = namespace_, .attribute = "x"}), Errc::no_such_object);
    EXPECT_EQ(reader_.refusal(name_space::Names{.object = namespace_}), Errc::no_such_object);
}

TEST_P(ANamespace, IsReadWithoutTheDaemonWhereMemoryIsShared) {
    set("x", pack(1));
    set("text", pack("y"));
    expect_no_request_where_memory_is_shared(reader_, [&] {
        EXPECT_EQ(get("x"), pack(1));
        EXPECT_EQ(get("text"), pack("y"));
    });
}

TEST_P(ANamespace, RefusesObjectsThatAreNone) {
    const auto dict = writer_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    EXPECT_EQ(writer_.refusal(name_space::Get{.object = dict, .attribute = "x"}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(name_space::Set{.object = dict, .attribute = "x"}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(name_space::Copy{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(name_space::Get{.object = 99, .attribute = "x"}), Errc::no_such_object);
}

TEST_P(ANamespace, IsReadByWhoMayReadAndChangedByWhoMayWrite) {
    set("x", pack(1));
    expect_of_stranger({std::nullopt, std::nullopt, std::nullopt, std::nullopt, Errc::no_permission,
                        Errc::no_permission, Errc::no_permission},
                       [&](Client& stranger) {
                           stranger.call(name_space::Open{.open = named("settings"), .initial = {}});
                           return Path::Refusals{
                               stranger.refusal(name_space::Get{.object = namespace_, .attribute = "x"}),
                               stranger.refusal(name_space::Contains{.object = namespace_, .attribute = "x"}),
                               stranger.refusal(name_space::Names{.object = namespace_}),
                               stranger.refusal(name_space::Copy{.object = namespace_}),
                               stranger.refusal(name_space::Set{.object = namespace_, .attribute = "x"}),
                               stranger.refusal(name_space::Erase{.object = namespace_, .attribute = "x"}),
                               stranger.refusal(name_space::CompareExchange{.object = namespace_, .attribute = "x"})};
                       });
}

TEST_P(ANamespace, IsHiddenFromWhoMayNotRead) {
    const auto hidden = writer_.call(name_space::Open{.open = named("hidden"), .initial = {}}).object;
    expect_of_stranger(Path::Refusals(4, Errc::no_permission), [&](Client& stranger) {
        return Path::Refusals{stranger.refusal(name_space::Get{.object = hidden, .attribute = "x"}),
                              stranger.refusal(name_space::Contains{.object = hidden, .attribute = "x"}),
                              stranger.refusal(name_space::Names{.object = hidden}),
                              stranger.refusal(name_space::Copy{.object = hidden})};
    });
}

}  // namespace
}  // namespace steward::tests::conformance::namespace_test
