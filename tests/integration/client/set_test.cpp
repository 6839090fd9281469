#include <steward/set.hpp>

#include <atomic>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using Words = std::vector<std::string>;

class ASet : public ClientTest {
  protected:
    Set<std::string> set_ = manager_.set<std::string>("set", {"b", "a"});
};

TEST_F(ASet, HoldsWhatItWasMadeWith) {
    EXPECT_EQ(set_.copy(), (Words{"b", "a"}));
    EXPECT_EQ(manager_.set<std::string>("set", {"other"}).size(), 2U);
    EXPECT_TRUE(set_.contains("a"));
    EXPECT_FALSE(set_.contains("c"));
    EXPECT_EQ(set_.type(), ObjectType::set);
    EXPECT_EQ(to_string(set_.type()), "set");
}

TEST_F(ASet, GrowsByValuesThatAreNew) {
    EXPECT_TRUE(set_.add("c"));
    EXPECT_FALSE(set_.add("c"));
    set_.update({"d", "a"});
    set_ |= {"e"};
    EXPECT_EQ(set_.copy(), (Words{"b", "a", "c", "d", "e"}));
}

TEST_F(ASet, GivesAwayItsValues) {
    EXPECT_TRUE(set_.discard("a"));
    EXPECT_FALSE(set_.discard("a"));
    EXPECT_EQ(set_.pop(), "b");
    EXPECT_EQ(set_.try_pop(), std::nullopt);
    EXPECT_EQ(error_of([&] { set_.pop(); }), errc::empty);
    EXPECT_TRUE(set_.empty());
}

TEST_F(ASet, RemovesAValueOrSaysThatItIsNotThere) {
    set_.remove_value("a");
    EXPECT_EQ(error_of([&] { set_.remove_value("a"); }), errc::no_such_key);
    EXPECT_EQ(set_.size(), 1U);
}

TEST_F(ASet, IsCleared) {
    set_.clear();
    EXPECT_EQ(set_.copy(), Words{});
}

TEST_F(ASet, HasValuesThatAreEqualAsInPython) {
    auto set = manager_.set("any");
    EXPECT_TRUE(set.add(1));
    EXPECT_FALSE(set.add(true));
    EXPECT_TRUE(set.add(Any::Array{1, "x"}));
    EXPECT_TRUE(set.contains(Any::Array{1.0, "x"}));
    EXPECT_EQ(error_of([&] { set.add(Any::Map{}); }), errc::type_mismatch);
    EXPECT_EQ(set.size(), 2U);
}

TEST_F(ASet, GivesEachValueToOneOfThoseWhoAddIt) {
    std::atomic<int> wins = 0;
    const auto add_all = [&] {
        for (int i = 0; i < 300; ++i)
            wins += set_.add(std::to_string(i)) ? 1 : 0;
    };
    auto first = in_background(add_all);
    auto second = in_background(add_all);
    first.get();
    second.get();
    EXPECT_EQ(wins, 300);
}

TEST_F(ASet, IsSharedWithOtherProcesses) {
    const auto other = connect();
    EXPECT_TRUE(other.set<std::string>("set").add("c"));
    EXPECT_TRUE(set_.contains("c"));
}

TEST_F(ASet, RefusesToBeReadAsAnotherType) {
    EXPECT_EQ(error_of([&] { manager_.set<int>("set").copy(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { manager_.dict("set"); }), errc::wrong_type);
}

TEST_F(ASet, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    EXPECT_TRUE(set_.add("c", ec));
    EXPECT_TRUE(set_.contains("c", ec));
    EXPECT_TRUE(set_.discard("c", ec));
    EXPECT_FALSE(ec);
    set_.remove_value("c", ec);
    EXPECT_EQ(ec, errc::no_such_key);
    set_.update({"d"}, ec);
    EXPECT_EQ(set_.copy(ec).size(), 3U);
    EXPECT_EQ(set_.pop(ec), "b");
    set_.clear(ec);
    EXPECT_FALSE(ec);
    EXPECT_EQ(set_.try_pop(ec), std::nullopt);
    EXPECT_FALSE(ec);
    set_.remove();
    EXPECT_TRUE(set_.empty(ec));
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
