#include <steward/array.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using Numbers = std::vector<std::int32_t>;

class AnArray : public ClientTest {
  protected:
    Array<std::int32_t> array_ = manager_.array<std::int32_t>("array", 4);
};

TEST_F(AnArray, IsZeroAtFirst) {
    EXPECT_EQ(array_.copy(), Numbers(4));
    EXPECT_EQ(array_.size(), 4U);
    EXPECT_EQ(array_.typecode(), 'i');
    EXPECT_EQ(array_.type(), ObjectType::array);
    EXPECT_EQ(to_string(array_.type()), "array");
}

TEST_F(AnArray, HoldsWhatItWasMadeWith) {
    const auto array = manager_.array<double>("made", std::vector<double>{1.5, -2});
    EXPECT_EQ(array.copy(), (std::vector<double>{1.5, -2}));
    EXPECT_EQ(manager_.array<double>("made", std::vector<double>{3, 4}).at(0), 1.5);
    EXPECT_EQ(manager_.array<double>("made", 2).at(1), -2);
}

template <class T>
class AnArrayOf : public ClientTest {};

using Elements = testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                                std::int64_t, std::uint64_t, float, double>;
TYPED_TEST_SUITE(AnArrayOf, Elements);

TYPED_TEST(AnArrayOf, EachTypeKeepsItsSmallestAndItsLargest) {
    using Limits = std::numeric_limits<TypeParam>;
    const std::vector<TypeParam> elements{Limits::lowest(), Limits::max(), TypeParam{1}};
    auto array = this->manager_.template array<TypeParam>("array", elements);
    EXPECT_EQ(array.copy(), elements);
    EXPECT_EQ(array.fetch_add(2, TypeParam{2}), TypeParam{1});
    EXPECT_EQ(array.at(-1), TypeParam{3});
}

TEST_F(AnArray, IsOpenedOnlyWithItsTypeAndItsLength) {
    EXPECT_EQ(error_of([&] { manager_.array<std::int32_t>("array", 5); }), errc::wrong_options);
    EXPECT_EQ(error_of([&] { manager_.array<std::uint32_t>("array", 4); }), errc::wrong_options);
    EXPECT_EQ(error_of([&] { manager_.list("array"); }), errc::wrong_type);
    EXPECT_EQ(manager_.array<std::int32_t>("array", 4), array_);
}

TEST_F(AnArray, IsChangedByPosition) {
    array_.set(0, 7);
    array_.set(-1, -7);
    EXPECT_EQ(array_.copy(), (Numbers{7, 0, 0, -7}));
    EXPECT_EQ(array_.at(3), -7);
    EXPECT_EQ(array_.get(4), std::nullopt);
    EXPECT_EQ(error_of([&] { array_.at(4); }), errc::index_out_of_range);
    EXPECT_EQ(error_of([&] { array_.set(-5, 1); }), errc::index_out_of_range);
    array_.fill(9);
    EXPECT_EQ(array_.copy(), Numbers(4, 9));
}

TEST_F(AnArray, HasSlices) {
    array_.set_slice({}, {1, 2, 3, 4});
    EXPECT_EQ(array_.get_slice({.start = -2}), (Numbers{3, 4}));
    array_.set_slice({.step = -2}, {40, 20});
    EXPECT_EQ(array_.copy(), (Numbers{1, 20, 3, 40}));
    EXPECT_EQ(error_of([&] { array_.set_slice({.start = 2}, {1}); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { array_.get_slice({.step = 0}); }), errc::invalid_argument);
}

TEST_F(AnArray, CountsWithoutLosingAnything) {
    const auto count = [this] {
        for (int i = 0; i < 500; ++i)
            array_.fetch_add(2, 1);
    };
    auto first = in_background(count);
    auto second = in_background(count);
    first.get();
    second.get();
    EXPECT_EQ(array_.at(2), 1'000);
}

TEST_F(AnArray, RefusesASumThatDoesNotFit) {
    array_.set(0, std::numeric_limits<std::int32_t>::max());
    EXPECT_EQ(error_of([&] { array_.fetch_add(0, 1); }), errc::out_of_range);
    EXPECT_EQ(array_.at(0), std::numeric_limits<std::int32_t>::max());
}

TEST_F(AnArray, ExchangesAnElementThatIsAsExpected) {
    std::int32_t expected = 1;
    EXPECT_FALSE(array_.compare_exchange(1, expected, 5));
    EXPECT_EQ(expected, 0);
    EXPECT_TRUE(array_.compare_exchange(1, expected, 5));
    EXPECT_EQ(array_.at(1), 5);
}

TEST_F(AnArray, IsSharedWithOtherProcesses) {
    const auto other = connect();
    other.array<std::int32_t>("array", 4).set(0, 3);
    EXPECT_EQ(array_.at(0), 3);
}

TEST_F(AnArray, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    array_.set(0, 1, ec);
    EXPECT_EQ(array_.at(0, ec), 1);
    EXPECT_EQ(array_.fetch_add(0, 1, ec), 1);
    std::int32_t expected = 2;
    EXPECT_TRUE(array_.compare_exchange(0, expected, 3, ec));
    array_.set_slice({.start = 3}, {4}, ec);
    EXPECT_EQ(array_.get_slice({.start = 3}, ec), Numbers{4});
    array_.fill(0, ec);
    EXPECT_EQ(array_.copy(ec), Numbers(4));
    EXPECT_EQ(array_.get(9, ec), std::nullopt);
    EXPECT_FALSE(ec);
    EXPECT_EQ(array_.at(9, ec), 0);
    EXPECT_EQ(ec, errc::index_out_of_range);
    EXPECT_FALSE((manager_.array<std::int32_t>("array", 5, {}, ec)));
    EXPECT_EQ(ec, errc::wrong_options);
    EXPECT_TRUE((manager_.array<std::int32_t>("array", Numbers(4), {}, ec)));
    EXPECT_FALSE(ec);
    array_.remove();
    EXPECT_EQ(array_.at(0, ec), 0);
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
