#include "client/src/packed_any.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "proto/reader.hpp"
#include "tests/unit/client/fake_service.hpp"

namespace steward::detail {
namespace {

/// Of values that refer to nothing.
const std::shared_ptr<Client> nobody;

Any there_and_back(const Any& any) {
    return unpack(nobody, PackedAny(nobody, any));
}

TEST(APackedAny, KeepsEveryKind) {
    for (const Any& any : {Any(), Any(true), Any(-5), Any(std::numeric_limits<std::uint64_t>::max()), Any(1.5),
                           Any("text"), Any(Any::Binary{std::byte{1}}), Any(Any::Array{1, "a", Any::Array{}}),
                           Any(Any::Map{{"b", 1}, {"a", Any::Map{}}})}) {
        EXPECT_EQ(there_and_back(any), any);
        EXPECT_EQ(there_and_back(any).kind(), any.kind());
    }
}

TEST(APackedAny, KeepsTheOrderOfAMap) {
    EXPECT_EQ(there_and_back(Any::Map{{"b", 1}, {"a", 2}}).to_json(), R"({"b":1,"a":2})");
}

TEST(APackedAny, RefusesWhatIsNestedMoreDeeplyThanTheDaemonAccepts) {
    Any any;
    for (int i = 0; i < 100; ++i)
        any = Any::Array{any};
    EXPECT_THROW(PackedAny(nobody, any), Error);
}

TEST(APackedAny, RefusesAnExtensionType) {
    EXPECT_THROW(unpack(nobody, {std::string_view("\xd4\x01x", 3)}), Error);
}

/// As damaged memory may hold it: what comes over the socket has been walked before.
TEST(APackedAny, BelievesNoNumberOfElementsAndNoDepth) {
    EXPECT_THROW(unpack(nobody, {std::string_view("\xdd\xff\xff\xff\xff\x01", 6)}), proto::Malformed);
    EXPECT_THROW(unpack(nobody, {std::string_view("\xdf\xff\xff\xff\xff\x01", 6)}), proto::Malformed);
    const std::string deep(1'000'000, '\x91');
    EXPECT_THROW(unpack(nobody, {deep}), proto::Malformed);
}

/// A value that refers to an object.
using APackedReference = tests::FakeService;

TEST_F(APackedReference, IsOfTypeAndNumber) {
    const Any reference = lock(0x0102);
    EXPECT_EQ(proto::Packed(PackedAny(manager_, reference)).bytes,
              std::string_view("\xc7\x09\x01\x01\0\0\0\0\0\0\x01\x02", 12));
    EXPECT_EQ(unpack(manager_, PackedAny(manager_, reference)), reference);
}

TEST_F(APackedReference, ToAnObjectOfAnotherDaemonIsRefused) {
    EXPECT_THROW(PackedAny(nobody, lock(5)), Error);
    EXPECT_THROW(PackedAny(nobody, Any::Array{Any::Map{{"a", lock(5)}}}), Error);
}

TEST(APackedArray, PacksEachItemForItself) {
    const PackedArray packed(nobody, {1, "two", Any()});
    ASSERT_EQ(packed.values().size(), 3U);
    EXPECT_EQ(unpack(nobody, packed.values()[1]), Any("two"));
    EXPECT_EQ(unpack_all(nobody, packed.values()), (Any::Array{1, "two", Any()}));
}

TEST(APackedMap, PacksKeysAndValues) {
    const PackedMap packed(nobody, {{"a", 1}, {"b", "two"}});
    ASSERT_EQ(packed.items().size(), 2U);
    EXPECT_EQ(unpack(nobody, packed.items()[1].first), Any("b"));
    EXPECT_EQ(unpack(nobody, packed.items()[1].second), Any("two"));
}

}  // namespace
}  // namespace steward::detail
