#include <limits>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::value_test {
namespace {

using proto::value::CompareExchange;
using proto::value::FetchAdd;
using proto::value::Get;
using proto::value::Open;
using proto::value::Set;

class AValue : public Conformance {
  protected:
    std::string get() { return std::string(reader_.call(Get{.object = value_}).value.bytes); }
    void set(const std::string& packed) { writer_.call(Set{.object = value_, .value = {packed}}); }
    std::optional<Errc> refusal_to_add(const std::string& by) {
        return writer_.refusal(FetchAdd{.object = value_, .by = {by}});
    }

    Client writer_ = client();
    Client reader_ = client();
    std::uint64_t value_ = writer_.call(Open{.open = named("value", 0604)}).object;
    std::uint64_t same_ = reader_.call(Open{.open = named("value")}).object;
};

INSTANTIATE_TEST_SUITE_P(, AValue, every_way(), name_of_way);

TEST_P(AValue, IsNilAtFirst) {
    EXPECT_EQ(get(), pack(nullptr));
}

TEST_P(AValue, HoldsWhatItWasMadeWithAndNotWhatItWasOpenedWith) {
    const auto seven = pack(7);
    const auto eight = pack(8);
    value_ = writer_.call(Open{.open = named("made"), .initial = {seven}}).object;
    reader_.call(Open{.open = named("made"), .initial = {eight}});
    EXPECT_EQ(get(), seven);
}

TEST_P(AValue, HoldsAnyValueAsItWasGiven) {
    const auto least = std::numeric_limits<std::int64_t>::min();
    const auto most = std::numeric_limits<std::uint64_t>::max();
    for (const auto& packed :
         {pack(true), pack(-1), pack(least), pack(most), pack(2.5), pack("text"), pack(""),
          pack_array({pack(1), pack_array({})}), pack_map({pack("k"), pack(nullptr)}),
          pack_map({pack(1), pack_map({pack(2.0), pack("deep")})}), pack(std::string(100'000, 'x')), pack(nullptr)}) {
        set(packed);
        EXPECT_EQ(get(), packed);
    }
}

TEST_P(AValue, IsExchangedWhereItEqualsTheExpected) {
    set(pack(1));
    const auto real = pack(1.0);
    const auto text = pack("x");
    const auto exchanged = writer_.call(CompareExchange{.object = value_, .expected = {real}, .desired = {text}});
    EXPECT_TRUE(exchanged.exchanged) << "1 equals 1.0, as in Python";
    EXPECT_EQ(exchanged.current.bytes, pack(1));
    EXPECT_EQ(get(), text);
    const auto kept = writer_.call(CompareExchange{.object = value_, .expected = {real}, .desired = {real}});
    EXPECT_FALSE(kept.exchanged);
    EXPECT_EQ(kept.current.bytes, text);
    EXPECT_EQ(get(), text);
}

TEST_P(AValue, IsAddedTo) {
    const auto add = [&](const std::string& by) {
        return std::string(writer_.call(FetchAdd{.object = value_, .by = {by}}).before.bytes);
    };
    set(pack(40));
    EXPECT_EQ(add(pack(2)), pack(40));
    EXPECT_EQ(get(), pack(42));
    EXPECT_EQ(add(pack(-43)), pack(42));
    EXPECT_EQ(get(), pack(-1));
    EXPECT_EQ(add(pack(0.5)), pack(-1));
    EXPECT_EQ(get(), pack(-0.5));
}

TEST_P(AValue, RefusesSumsThatAreNoneAndStaysAsItWas) {
    EXPECT_EQ(refusal_to_add(pack(1)), Errc::type_mismatch) << "nil";
    set(pack(1));
    EXPECT_EQ(refusal_to_add(pack("one")), Errc::type_mismatch);
    EXPECT_EQ(get(), pack(1));
    set(pack(std::numeric_limits<std::uint64_t>::max()));
    EXPECT_EQ(refusal_to_add(pack(1)), Errc::out_of_range);
    set(pack(std::numeric_limits<std::int64_t>::min()));
    EXPECT_EQ(refusal_to_add(pack(-1)), Errc::out_of_range);
    EXPECT_EQ(get(), pack(std::numeric_limits<std::int64_t>::min()));
}

TEST_P(AValue, OutlivesWhoWroteIt) {
    const auto text = pack("kept");
    auto victim = path_.victim_that([&](Client& process) { process.call(Set{.object = value_, .value = {text}}); });
    victim.dies();
    writer_.close();
    EXPECT_EQ(get(), text);
}

TEST_P(AValue, IsGoneForAllWhenItIsRemoved) {
    set(pack(1));
    EXPECT_EQ(get(), pack(1));
    remove("value");
    EXPECT_EQ(reader_.refusal(Get{.object = value_}), Errc::no_such_object);
    EXPECT_EQ(writer_.refusal(Set{.object = value_}), Errc::no_such_object);
    EXPECT_EQ(writer_.refusal(CompareExchange{.object = value_}), Errc::no_such_object);
    EXPECT_EQ(refusal_to_add(pack(1)), Errc::no_such_object);
    const auto again = writer_.call(Open{.open = named("value")});
    EXPECT_TRUE(again.created);
    EXPECT_NE(again.object, value_);
}

TEST_P(AValue, IsReadWithoutTheDaemonWhereMemoryIsShared) {
    for (const auto& packed : {pack(1), pack("text"), pack_array({pack(1)})}) {
        set(packed);
        expect_no_request_where_memory_is_shared(reader_, [&] { EXPECT_EQ(get(), packed); });
    }
}

TEST_P(AValue, RefusesObjectsThatAreNone) {
    const auto lock = writer_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(writer_.refusal(Get{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(Set{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(CompareExchange{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(FetchAdd{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(writer_.refusal(Get{.object = 99}), Errc::no_such_object);
}

TEST_P(AValue, IsReadByWhoMayReadAndChangedByWhoMayWrite) {
    expect_of_stranger(
        {std::nullopt, Errc::no_permission, Errc::no_permission, Errc::no_permission}, [&](Client& stranger) {
            stranger.call(Open{.open = named("value")});
            return Path::Refusals{stranger.refusal(Get{.object = value_}), stranger.refusal(Set{.object = value_}),
                                  stranger.refusal(FetchAdd{.object = value_}),
                                  stranger.refusal(CompareExchange{.object = value_})};
        });
}

TEST_P(AValue, IsHiddenFromWhoMayNotRead) {
    const auto hidden = writer_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Get{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::value_test
