#include <steward/dict.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

class ADict : public ClientTest {
  protected:
    Dict<std::string, int> dict_ = manager_.dict<std::string, int>("dict", {{"a", 1}, {"b", 2}});
};

TEST_F(ADict, IsReadByKey) {
    EXPECT_EQ(dict_.get("a"), 1);
    EXPECT_EQ(dict_.get("none"), std::nullopt);
    EXPECT_EQ(dict_.at("b"), 2);
    EXPECT_EQ(dict_.value_or("none", 9), 9);
    EXPECT_TRUE(dict_.contains("a"));
    EXPECT_FALSE(dict_.contains("none"));
    EXPECT_EQ(dict_.size(), 2U);
}

TEST_F(ADict, NamesTheKeyThatIsMissing) {
    try {
        dict_.at("none");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::no_such_key);
        EXPECT_EQ(error.detail(), "dict 'dict', key \"none\"");
    }
}

TEST_F(ADict, IsChangedByKey) {
    dict_.set("c", 3);
    dict_.set("a", 10);
    EXPECT_TRUE(dict_.erase("b"));
    EXPECT_FALSE(dict_.erase("b"));
    EXPECT_EQ(dict_.copy(), (std::map<std::string, int>{{"a", 10}, {"c", 3}}));
    dict_.clear();
    EXPECT_TRUE(dict_.empty());
}

TEST_F(ADict, KeepsTheOrderOfInsertion) {
    dict_.set("0", 0);
    dict_.set("a", 5);
    EXPECT_EQ(dict_.keys(), (std::vector<std::string>{"a", "b", "0"}));
    EXPECT_EQ(dict_.values(), (std::vector<int>{5, 2, 0}));
    EXPECT_EQ(dict_.items().back(), (std::pair<std::string, int>{"0", 0}));
}

TEST_F(ADict, GivesAwayItsPairs) {
    EXPECT_EQ(dict_.pop("a"), 1);
    EXPECT_EQ(dict_.pop("a"), std::nullopt);
    EXPECT_EQ(dict_.pop_item(), (std::pair<std::string, int>{"b", 2}));
    EXPECT_EQ(dict_.pop_item(), std::nullopt);
}

TEST_F(ADict, SetsADefaultOnce) {
    EXPECT_EQ(dict_.set_default("c", 3), 3);
    EXPECT_EQ(dict_.set_default("c", 4), 3);
}

TEST_F(ADict, IsUpdatedWithSeveralPairs) {
    dict_.update({{"a", 7}, {"c", 8}});
    dict_ |= {{"d", 9}};
    EXPECT_EQ(dict_.copy(), (std::map<std::string, int>{{"a", 7}, {"b", 2}, {"c", 8}, {"d", 9}}));
}

TEST_F(ADict, CountsWithoutLosingAnything) {
    const auto count = [this] {
        for (int i = 0; i < 500; ++i)
            dict_.increment("hits");
    };
    auto first = in_background(count);
    auto second = in_background(count);
    first.get();
    second.get();
    EXPECT_EQ(dict_.increment("hits", -1000), 0);
}

TEST_F(ADict, RefusesToCountWhatIsNoNumber) {
    auto words = manager_.dict<std::string, std::string>("words", {{"a", "text"}});
    auto counts = manager_.dict<std::string, int>("words");
    EXPECT_EQ(error_of([&] { counts.increment("a"); }), errc::type_mismatch);
    EXPECT_EQ(words.at("a"), "text");
}

TEST_F(ADict, ExchangesAValueThatIsAsExpected) {
    EXPECT_FALSE(dict_.compare_exchange("a", 5, 6));
    EXPECT_FALSE(dict_.compare_exchange("none", 0, 6));
    EXPECT_TRUE(dict_.compare_exchange("a", 1, 6));
    EXPECT_EQ(dict_.at("a"), 6);
}

TEST_F(ADict, IsUpdatedByAFunction) {
    EXPECT_EQ(dict_.update("a", [](std::optional<int> now) { return now.value_or(0) * 10; }), 10);
    EXPECT_EQ(dict_.update("new", [](std::optional<int> now) { return now ? -1 : 5; }), 5);
}

TEST_F(ADict, CallsTheFunctionAgainWhereAnotherWasQuicker) {
    int calls = 0;
    const auto result = dict_.update("a", [&](std::optional<int> now) {
        if (++calls == 1)
            dict_.set("a", 100);
        return *now + 1;
    });
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(result, 101);
    EXPECT_EQ(dict_.at("a"), 101);
}

TEST_F(ADict, NoticesThatAKeyWasRemovedAndMadeAnewDuringAnUpdate) {
    int calls = 0;
    dict_.update("a", [&](std::optional<int> now) {
        if (++calls == 1) {
            dict_.erase("a");
            dict_.set("a", 1);
        }
        return now.value_or(0) + 1;
    });
    EXPECT_EQ(calls, 2);
}

TEST_F(ADict, ChangesNothingWhereTheFunctionThrows) {
    const auto fail = [](std::optional<int>) -> int { throw std::logic_error("theirs"); };
    EXPECT_THROW(dict_.update("a", fail), std::logic_error);
    EXPECT_EQ(dict_.at("a"), 1);
}

TEST_F(ADict, HasKeysThatAreEqualAsInPython) {
    auto dict = manager_.dict("any");
    dict.set(1, "int");
    dict.set(true, "bool");
    dict.set(Any::Array{1, "x"}, "array");
    EXPECT_EQ(dict.size(), 2U);
    EXPECT_EQ(dict.at(1.0), Any("bool"));
    EXPECT_EQ(dict.at(Any::Array{1.0, "x"}), Any("array"));
    EXPECT_EQ(error_of([&] { dict.set(Any::Map{}, 1); }), errc::type_mismatch);
}

TEST_F(ADict, GivesCopiesWhoseChangeChangesNothing) {
    auto dict = manager_.dict<std::string, std::vector<int>>("nested", {{"a", {1}}});
    dict.at("a").push_back(2);
    EXPECT_EQ(dict.at("a"), std::vector<int>{1});
}

TEST_F(ADict, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    EXPECT_EQ(dict_.at("a", ec), 1);
    EXPECT_FALSE(ec);
    EXPECT_EQ(dict_.at("none", ec), 0);
    EXPECT_EQ(ec, errc::no_such_key);
    EXPECT_EQ(dict_.get("none", ec), std::nullopt);
    EXPECT_FALSE(ec);
    dict_.remove();
    EXPECT_EQ(dict_.value_or("a", 9, ec), 9);
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
