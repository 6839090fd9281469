#include "proto/errors.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace steward::proto {
namespace {

/// As they stand on the wire, in `steward::errc` and in other people's programs. Lines are added, never changed.
const std::map<int, std::string> numbers_for_ever{
    {1, "not_connected"},       {2, "protocol_error"}, {3, "version_mismatch"}, {4, "unknown_method"},
    {5, "invalid_argument"},    {6, "invalid_name"},   {7, "no_such_object"},   {8, "object_exists"},
    {9, "object_removed"},      {10, "wrong_type"},    {11, "wrong_options"},   {12, "no_permission"},
    {13, "not_owner"},          {14, "deadlock"},      {15, "no_such_key"},     {16, "index_out_of_range"},
    {17, "no_such_value"},      {18, "empty"},         {19, "type_mismatch"},   {20, "out_of_range"},
    {21, "semaphore_overflow"}, {22, "no_memory"},     {23, "too_large"},       {24, "busy"},
    {25, "cancelled"},          {26, "shutting_down"}, {27, "session_lost"},    {28, "internal_error"},
    {29, "broken_barrier"},     {30, "other_domain"},  {31, "domain_damaged"},
};

TEST(TheErrors, KeepTheirNumbers) {
    std::map<int, std::string> numbers;
    for (const auto& entry : errors)
        EXPECT_TRUE(numbers.emplace(static_cast<int>(entry.code), entry.name).second) << entry.name;
    EXPECT_EQ(numbers, numbers_for_ever);
}

TEST(TheErrors, HaveASentenceEach) {
    for (const auto& entry : errors) {
        EXPECT_GT(entry.sentence.size(), 10U) << entry.name;
        EXPECT_FALSE(entry.sentence.ends_with('.')) << "details follow it: " << entry.name;
    }
}

TEST(AnError, IsDescribedByItsEntry) {
    EXPECT_EQ(describe(Errc::deadlock).name, "deadlock");
    EXPECT_EQ(describe(static_cast<Errc>(999)).name, "internal_error") << "of a later version";
}

TEST(ARefusal, SaysWhatHappenedAndItsNumber) {
    const Refusal refusal(Errc::empty, "list 'jobs' is empty");
    EXPECT_EQ(refusal.code(), Errc::empty);
    EXPECT_STREQ(refusal.what(), "list 'jobs' is empty");
}

}  // namespace
}  // namespace steward::proto
