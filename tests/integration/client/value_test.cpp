#include <steward/value.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using AValue = ClientTest;

TEST_F(AValue, HoldsWhatItWasMadeWithUntilItIsSet) {
    auto value = manager_.value<int>("value", 5);
    EXPECT_EQ(value.get(), 5);
    value.set(6);
    EXPECT_EQ(value.get(), 6);
    EXPECT_EQ(manager_.value<int>("value", 99).get(), 6);
}

TEST_F(AValue, HoldsAnyType) {
    using Nested = std::map<std::string, std::vector<std::optional<double>>>;
    const Nested nested{{"a", {1.5, std::nullopt}}};
    EXPECT_EQ(manager_.value<Nested>("nested", nested).get(), nested);
    EXPECT_TRUE(manager_.value("nil").get().is_nil());
}

TEST_F(AValue, IsExchangedWhereItEqualsTheExpectedOne) {
    auto value = manager_.value<int>("value", 5);
    int expected = 4;
    EXPECT_FALSE(value.compare_exchange(expected, 6));
    EXPECT_EQ(expected, 5);
    EXPECT_TRUE(value.compare_exchange(expected, 6));
    EXPECT_EQ(value.get(), 6);
}

TEST_F(AValue, AddsWithoutLosingAnything) {
    auto value = manager_.value<int>("value", 0);
    const auto add = [&value] {
        for (int i = 0; i < 500; ++i)
            value.fetch_add(1);
    };
    auto first = in_background(add);
    auto second = in_background(add);
    first.get();
    second.get();
    EXPECT_EQ(value.fetch_add(-1000), 1000);
    EXPECT_EQ(value.get(), 0);
}

TEST_F(AValue, RefusesASumThatDoesNotFit) {
    auto value = manager_.value<std::uint64_t>("value", std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(error_of([&] { value.fetch_add(1); }), errc::out_of_range);
    EXPECT_EQ(value.get(), std::numeric_limits<std::uint64_t>::max());
}

TEST_F(AValue, RefusesToBeReadAsAnotherType) {
    manager_.value<std::string>("value", "text");
    auto value = manager_.value<int>("value", 0);
    EXPECT_EQ(error_of([&] { value.get(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { value.fetch_add(1); }), errc::type_mismatch);
}

TEST_F(AValue, FailsWithoutExceptionsWhereThatIsAskedFor) {
    auto value = manager_.value<int>("value", 5);
    std::error_code ec;
    value.set(6, ec);
    EXPECT_EQ(value.get(ec), 6);
    EXPECT_EQ(value.fetch_add(1, ec), 6);
    EXPECT_FALSE(ec);
    value.remove(ec);
    EXPECT_EQ(value.get(ec), 0);
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
