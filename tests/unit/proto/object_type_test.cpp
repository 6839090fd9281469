#include "proto/object_type.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace steward::proto {
namespace {

TEST(TheObjectTypes, KeepTheirNumbers) {
    std::map<int, std::string> numbers;
    for (const auto& entry : object_types)
        EXPECT_TRUE(numbers.emplace(static_cast<int>(entry.type), entry.name).second) << entry.name;
    EXPECT_EQ(numbers, (std::map<int, std::string>{{1, "lock"},
                                                   {2, "semaphore"},
                                                   {3, "event"},
                                                   {4, "list"},
                                                   {5, "dict"},
                                                   {6, "value"},
                                                   {7, "rlock"},
                                                   {8, "rwlock"},
                                                   {9, "bounded_semaphore"},
                                                   {10, "condition"},
                                                   {11, "barrier"},
                                                   {12, "queue"},
                                                   {13, "namespace"},
                                                   {14, "array"},
                                                   {15, "set"},
                                                   {16, "process"}}));
}

TEST(AnObjectType, IsFoundByItsName) {
    for (const auto& entry : object_types) {
        EXPECT_EQ(object_type_from(entry.name), entry.type);
        EXPECT_EQ(to_string(entry.type), entry.name);
    }
    EXPECT_EQ(object_type_from("barrel"), std::nullopt);
    EXPECT_EQ(object_type_from(""), std::nullopt);
    EXPECT_EQ(to_string(static_cast<ObjectType>(200)), "unknown");
}

}  // namespace
}  // namespace steward::proto
