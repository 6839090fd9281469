#include <steward/list.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/integration/client/client_test.hpp"

namespace steward::tests {
namespace {

using Integers = std::vector<int>;

class AList : public ClientTest {
  protected:
    /// A fresh list of these numbers.
    List<int> list_of(const Integers& numbers) {
        manager_.remove("list");
        return manager_.list<int>("list", numbers);
    }
};

TEST_F(AList, GrowsAtItsEnd) {
    auto list = list_of({});
    EXPECT_TRUE(list.empty());
    list.append(1);
    list.extend({2, 3});
    list += {4};
    EXPECT_EQ(list.copy(), (Integers{1, 2, 3, 4}));
    EXPECT_EQ(list.size(), 4U);
}

TEST_F(AList, InsertsBeforeAPosition) {
    auto list = list_of({1, 2});
    list.insert(1, 9);
    list.insert(-100, 0);
    list.insert(100, 5);
    EXPECT_EQ(list.copy(), (Integers{0, 1, 9, 2, 5}));
}

TEST_F(AList, PopsFromAnywhere) {
    auto list = list_of({1, 2, 3, 4});
    EXPECT_EQ(list.pop(), 4);
    EXPECT_EQ(list.pop(0), 1);
    EXPECT_EQ(list.pop(-2), 2);
    EXPECT_EQ(error_of([&] { list.pop(5); }), errc::index_out_of_range);
    EXPECT_EQ(list.try_pop(), 3);
    EXPECT_EQ(list.try_pop(), std::nullopt);
    EXPECT_EQ(error_of([&] { list.pop(); }), errc::empty);
}

TEST_F(AList, IsReadAndWrittenByPosition) {
    auto list = list_of({1, 2, 3});
    EXPECT_EQ(list.at(-1), 3);
    EXPECT_EQ(list.get(7), std::nullopt);
    list.set(1, 20);
    list.erase(0);
    EXPECT_EQ(list.copy(), (Integers{20, 3}));
    EXPECT_EQ(error_of([&] { list.at(2); }), errc::index_out_of_range);
    EXPECT_EQ(error_of([&] { list.set(-3, 0); }), errc::index_out_of_range);
    EXPECT_EQ(error_of([&] { list.erase(2); }), errc::index_out_of_range);
}

TEST_F(AList, FindsValues) {
    auto list = list_of({5, 6, 5});
    EXPECT_EQ(list.index(5), 0U);
    EXPECT_EQ(list.index(5, 1), 2U);
    EXPECT_EQ(list.index(5, -1), 2U);
    EXPECT_EQ(list.count(5), 2U);
    EXPECT_TRUE(list.contains(6));
    EXPECT_FALSE(list.contains(7));
    EXPECT_EQ(error_of([&] { list.index(6, 2); }), errc::no_such_value);
    EXPECT_EQ(error_of([&] { list.index(6, 0, 1); }), errc::no_such_value);
    list.remove_value(5);
    EXPECT_EQ(list.copy(), (Integers{6, 5}));
    EXPECT_EQ(error_of([&] { list.remove_value(7); }), errc::no_such_value);
}

TEST_F(AList, ComparesValuesAsPythonDoes) {
    manager_.list("mixed", {Any(1), Any("1"), Any(Any::Array{1, 2})});
    auto list = manager_.list("mixed");
    EXPECT_EQ(list.index(1.0), 0U);
    EXPECT_EQ(list.index(Any::Array{1.0, 2}), 2U);
}

TEST_F(AList, IsPutInOrder) {
    auto list = list_of({2, 3, 1});
    list.sort();
    EXPECT_EQ(list.copy(), (Integers{1, 2, 3}));
    list.sort(true);
    EXPECT_EQ(list.copy(), (Integers{3, 2, 1}));
    list.reverse();
    EXPECT_EQ(list.copy(), (Integers{1, 2, 3}));
    EXPECT_EQ(list.reversed(), (Integers{3, 2, 1}));
}

TEST_F(AList, OfValuesWithoutAnOrderIsNotSorted) {
    auto list = manager_.list("mixed", {Any(1), Any("a")});
    EXPECT_EQ(error_of([&] { list.sort(); }), errc::type_mismatch);
    EXPECT_EQ(list.at(0), Any(1));
}

TEST_F(AList, GivesSlices) {
    const auto list = list_of({0, 1, 2, 3, 4, 5});
    EXPECT_EQ(list.get_slice({.start = 1, .stop = 3}), (Integers{1, 2}));
    EXPECT_EQ(list.get_slice({.start = -2}), (Integers{4, 5}));
    EXPECT_EQ(list.get_slice({.step = 2}), (Integers{0, 2, 4}));
    EXPECT_EQ(list.get_slice({.start = 4, .stop = 1, .step = -2}), (Integers{4, 2}));
    EXPECT_EQ(list.get_slice({.start = 9}), Integers{});
    EXPECT_EQ(error_of([&] { list.get_slice({.step = 0}); }), errc::invalid_argument);
}

TEST_F(AList, ReplacesAndRemovesSlices) {
    auto list = list_of({0, 1, 2, 3, 4, 5});
    list.set_slice({.start = 1, .stop = 3}, {9});
    EXPECT_EQ(list.copy(), (Integers{0, 9, 3, 4, 5}));
    list.set_slice({.step = 2}, {7, 7, 7});
    EXPECT_EQ(list.copy(), (Integers{7, 9, 7, 4, 7}));
    EXPECT_EQ(error_of([&] { list.set_slice({.step = 2}, {1}); }), errc::invalid_argument);
    list.erase_slice({.start = -2});
    EXPECT_EQ(list.copy(), (Integers{7, 9, 7}));
    list.clear();
    EXPECT_TRUE(list.empty());
}

TEST_F(AList, IsRepeatedInPlaceAndCombinedAside) {
    auto list = list_of({1, 2});
    EXPECT_EQ(list + Integers{3}, (Integers{1, 2, 3}));
    EXPECT_EQ(list + list, (Integers{1, 2, 1, 2}));
    EXPECT_EQ(list * 2, (Integers{1, 2, 1, 2}));
    EXPECT_EQ(-1 * list, Integers{});
    EXPECT_EQ(list.size(), 2U);
    list *= 2;
    EXPECT_EQ(list.copy(), (Integers{1, 2, 1, 2}));
    list.repeat(0);
    EXPECT_TRUE(list.empty());
}

TEST_F(AList, ExchangesAnItemThatIsAsExpected) {
    auto list = list_of({1, 2});
    int expected = 5;
    EXPECT_FALSE(list.compare_exchange(1, expected, 9));
    EXPECT_EQ(expected, 2);
    EXPECT_TRUE(list.compare_exchange(1, expected, 9));
    EXPECT_EQ(list.at(1), 9);
    EXPECT_EQ(error_of([&] { list.compare_exchange(2, expected, 0); }), errc::index_out_of_range);
}

TEST_F(AList, GivesCopiesWhoseChangeChangesNothing) {
    auto list = manager_.list<Integers>("nested", {{1}});
    list.at(0).push_back(2);
    EXPECT_EQ(list.at(0), (Integers{1}));
}

TEST_F(AList, GivesEachItemToOneOfThoseWhoPop) {
    Integers numbers(1000);
    for (int i = 0; i < 1000; ++i)
        numbers[static_cast<std::size_t>(i)] = i;
    auto list = list_of(numbers);
    std::vector<Integers> taken(4);
    std::vector<std::thread> threads;
    for (auto& mine : taken)
        threads.emplace_back([&mine, list]() mutable {
            while (const auto number = list.try_pop(0))
                mine.push_back(*number);
        });
    for (auto& thread : threads)
        thread.join();
    std::multiset<int> all;
    for (const auto& mine : taken)
        all.insert(mine.begin(), mine.end());
    EXPECT_EQ(all, std::multiset<int>(numbers.begin(), numbers.end()));
}

TEST_F(AList, FailsWithoutExceptionsWhereThatIsAskedFor) {
    auto list = list_of({1});
    std::error_code ec;
    EXPECT_EQ(list.at(0, ec), 1);
    EXPECT_FALSE(ec);
    EXPECT_EQ(list.at(1, ec), 0);
    EXPECT_EQ(ec, errc::index_out_of_range);
    EXPECT_EQ(list.pop(ec), 1);
    EXPECT_FALSE(ec);
    EXPECT_EQ(list.pop(ec), 0);
    EXPECT_EQ(ec, errc::empty);
    EXPECT_EQ(list.try_pop(ec), std::nullopt);
    EXPECT_FALSE(ec);
}

}  // namespace
}  // namespace steward::tests
