#include "client/src/packed_any.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace steward::detail {
namespace {

Any there_and_back(const Any& any) {
    return unpack(PackedAny(any));
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
    EXPECT_THROW(PackedAny{any}, Error);
}

TEST(APackedAny, RefusesAnExtensionType) {
    EXPECT_THROW(unpack({std::string_view("\xd4\x01x", 3)}), Error);
}

TEST(APackedArray, PacksEachItemForItself) {
    const PackedArray packed({1, "two", Any()});
    ASSERT_EQ(packed.values().size(), 3U);
    EXPECT_EQ(unpack(packed.values()[1]), Any("two"));
    EXPECT_EQ(unpack_all(packed.values()), (Any::Array{1, "two", Any()}));
}

TEST(APackedMap, PacksKeysAndValues) {
    const PackedMap packed({{"a", 1}, {"b", "two"}});
    ASSERT_EQ(packed.items().size(), 2U);
    EXPECT_EQ(unpack(packed.items()[1].first), Any("b"));
    EXPECT_EQ(unpack(packed.items()[1].second), Any("two"));
}

}  // namespace
}  // namespace steward::detail
