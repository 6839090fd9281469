#include "daemon/configuration_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace steward::daemon::configuration_file_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> entries(std::string_view text) {
    std::vector<std::string> found;
    for (const auto& entry : parse_configuration(text, "f"))
        found.push_back(std::to_string(entry.line) + " " + entry.name + "=" + entry.value);
    return found;
}

std::string complaint(std::string_view text) {
    try {
        parse_configuration(text, "/etc/f.conf");
        return {};
    } catch (const ConfigurationError& error) {
        return error.what();
    }
}

TEST(AConfigurationFile, HasAnEntryInALine) {
    EXPECT_THAT(entries("one = 1\ntwo=b c\r\n\n  log-level\t=  info  "),
                ElementsAre("1 one=1", "2 two=b c", "4 log-level=info"));
    EXPECT_THAT(entries(""), IsEmpty());
    EXPECT_THAT(entries("\n\n"), IsEmpty());
}

TEST(AConfigurationFile, HasComments) {
    EXPECT_THAT(entries("# one = 1\n  # more\ntwo = 2 # because\nthree = a#b\n"),
                ElementsAre("3 two=2", "4 three=a#b"));
}

TEST(AConfigurationFile, HasValuesInQuotes) {
    EXPECT_THAT(entries("a = \" x # y \"  # comment\nb = 'it'\nc = ''"), ElementsAre("1 a= x # y ", "2 b=it", "3 c="));
}

TEST(AConfigurationFile, IsRefusedWithFileAndLine) {
    EXPECT_THAT(complaint("a = 1\nnonsense\n"), StartsWith("/etc/f.conf:2: "));
    EXPECT_THAT(complaint("[section]"), HasSubstr(":1: a line is `name = value`"));
    EXPECT_THAT(complaint("--a = 1\n= 1"), HasSubstr(":2: a line is"));
    EXPECT_THAT(complaint("A = 1"), HasSubstr("name = value"));
    EXPECT_THAT(complaint("a ="), HasSubstr("no value"));
    EXPECT_THAT(complaint("a = # none"), HasSubstr("no value"));
    EXPECT_THAT(complaint("a = \"b"), HasSubstr("not closed"));
    EXPECT_THAT(complaint("a = 'b' c"), HasSubstr("behind the quoted value"));
    EXPECT_THAT(complaint("a = 1\n\na = 2"), HasSubstr(":3: a stands in line 1 already"));
}

}  // namespace
}  // namespace steward::daemon::configuration_file_test
