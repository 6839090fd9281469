#include "shared/typed_array.hpp"

#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class ATypedArray : public HeapTest {
  protected:
    TypedArray array() { return {*heap_, object_->state_as<TypedArrayState>()}; }

    template <class Change>
    void change(Change apply) {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        apply(mutation);
    }
    template <class T>
    void make(char typecode, const std::vector<T>& elements) {
        change([&](Mutation& mutation) { array().make(mutation, typecode, elements.size(), bytes_of(elements)); });
    }
    template <class T>
    void set(std::size_t index, const std::vector<T>& elements) {
        change([&](Mutation& mutation) { array().set(mutation, index, bytes_of(elements)); });
    }
    template <class T>
    std::vector<T> elements() {
        std::vector<T> elements(array().size());
        const auto bytes = array().bytes();
        if (!bytes.empty())
            std::memcpy(elements.data(), bytes.data(), bytes.size());
        return elements;
    }
    template <class T>
    static std::span<const std::byte> bytes_of(const std::vector<T>& elements) {
        return std::as_bytes(std::span{elements});
    }
};

TEST(AnElement, IsAsWideAsInPython) {
    for (const auto& [typecode, bytes] : {std::pair{'b', 1U},
                                          {'B', 1U},
                                          {'h', 2U},
                                          {'H', 2U},
                                          {'i', 4U},
                                          {'I', 4U},
                                          {'q', 8U},
                                          {'Q', 8U},
                                          {'f', 4U},
                                          {'d', 8U}})
        EXPECT_EQ(element_bytes(typecode), bytes) << typecode;
    for (const char none : {'l', 'L', 'u', 'w', 'x', '\0'})
        EXPECT_EQ(element_bytes(none), 0U) << none;
}

TEST_F(ATypedArray, IsZeroAtFirst) {
    change([&](Mutation& mutation) { array().make(mutation, 'h', 5); });
    EXPECT_EQ(array().size(), 5U);
    EXPECT_EQ(array().typecode(), 'h');
    EXPECT_EQ(array().width(), 2U);
    EXPECT_EQ(elements<std::int16_t>(), std::vector<std::int16_t>(5));
}

TEST_F(ATypedArray, HoldsWhatItWasMadeWith) {
    make<double>('d', {1.5, -2, 1e300});
    EXPECT_EQ(elements<double>(), std::vector<double>({1.5, -2, 1e300}));
    EXPECT_EQ(array().at(1).size(), 8U);
    EXPECT_EQ(std::memcmp(array().at(1).data(), array().bytes().data() + 8, 8), 0);
}

TEST_F(ATypedArray, MayBeEmpty) {
    const auto used = used_bytes();
    make<double>('d', {});
    EXPECT_EQ(array().size(), 0U);
    EXPECT_EQ(array().typecode(), 'd');
    EXPECT_TRUE(array().bytes().empty());
    set<double>(0, {});
    change([&](Mutation& mutation) { array().fill(mutation, bytes_of(std::vector<double>{1})); });
    EXPECT_EQ(used_bytes(), used);
}

TEST_F(ATypedArray, ChangesNothingBesideTheElementsThatAreSet) {
    make<std::int8_t>('b', {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    set<std::int8_t>(6, {-1, -2, -3});
    set<std::int8_t>(10, {-4});
    set<std::int8_t>(0, {-5});
    EXPECT_EQ(elements<std::int8_t>(), std::vector<std::int8_t>({-5, 1, 2, 3, 4, 5, -1, -2, -3, 9, -4}));
}

TEST_F(ATypedArray, IsFilledWithOneElement) {
    make<std::uint32_t>('I', {1, 2, 3});
    change([&](Mutation& mutation) { array().fill(mutation, bytes_of(std::vector<std::uint32_t>{7})); });
    EXPECT_EQ(elements<std::uint32_t>(), std::vector<std::uint32_t>(3, 7));
    EXPECT_EQ(array().typecode(), 'I');
}

TEST_F(ATypedArray, IsOneFlatBlock) {
    const auto used = used_bytes();
    change([&](Mutation& mutation) { array().make(mutation, 'B', 100'000); });
    EXPECT_LE(used_bytes() - used, 100'000U + 48U);
}

TEST_F(ATypedArray, GivesItsMemoryBack) {
    const auto used = used_bytes();
    make<std::uint64_t>('Q', std::vector<std::uint64_t>(1'000, 1));
    change([&](Mutation& mutation) { array().fill(mutation, bytes_of(std::vector<std::uint64_t>{7})); });
    change([&](Mutation& mutation) { array().clear(mutation); });
    EXPECT_EQ(array().size(), 0U);
    EXPECT_EQ(used_bytes(), used);
}

TEST_F(ATypedArray, RefusesToBeLargerThanABlock) {
    for (const std::size_t length : {Heap::largest_block_bytes / 8, std::numeric_limits<std::size_t>::max()})
        EXPECT_THROW(change([&](Mutation& mutation) { array().make(mutation, 'd', length); }), NoMemory);
    EXPECT_EQ(array().typecode(), 0);
}

TEST_F(ATypedArray, IsUnchangedWhereverAChangeFails) {
    const std::vector<std::int32_t> before{1, 2, 3, 4, 5};
    make('i', before);
    EXPECT_GT(fail_at_every_step(
                  [&](Mutation& mutation) {
                      array().set(mutation, 1, bytes_of(std::vector<std::int32_t>{7, 8, 9}));
                      array().fill(mutation, bytes_of(std::vector<std::int32_t>{-1}));
                      array().clear(mutation);
                  },
                  [&] { ASSERT_EQ(elements<std::int32_t>(), before); }),
              6);
}

}  // namespace
}  // namespace steward::shared
