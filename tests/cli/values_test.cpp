#include <cstdint>
#include <string>

#include <steward/manager.hpp>

#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class ACommandForValues : public StewardTest {};

TEST_F(ACommandForValues, MakesAValueOfANameThatDoesNotExist) {
    EXPECT_EQ(steward({"set", "limit", "5"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "limit"}).out, "5\n");
    EXPECT_EQ(json({"show", "limit"}).at("type"), "value");
}

TEST_F(ACommandForValues, ReplacesAValue) {
    steward({"set", "limit", "5"});
    EXPECT_EQ(steward({"set", "limit", "-5"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "limit"}).out, "-5\n");
}

TEST_F(ACommandForValues, MakesADictWhereAKeyIsGiven) {
    EXPECT_EQ(steward({"set", "stats", "hits", "1"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "stats", "hits"}).out, "1\n");
    EXPECT_EQ(steward({"get", "stats"}).out, "{\"hits\":1}\n");
    EXPECT_EQ(json({"show", "stats"}).at("type"), "dict");
}

TEST_F(ACommandForValues, TakesAKeyForANumberWhereItIsOne) {
    steward({"set", "stats", "7", "\"number\""});
    steward({"set", "--string", "stats", "7", "\"text\""});
    EXPECT_EQ(steward({"get", "stats", "7"}).out, "\"number\"\n");
    EXPECT_EQ(steward({"get", "stats", "\"7\""}).out, "\"text\"\n");
    EXPECT_EQ(steward({"get", "--string", "stats", "7"}).out, "\"text\"\n");
}

TEST_F(ACommandForValues, PushesAndPopsAtTheEndOfAList) {
    for (const auto* value : {"1", "[2,3]", "\"four\""})
        EXPECT_EQ(steward({"push", "jobs", value}).exit_code, 0);
    EXPECT_EQ(steward({"get", "jobs"}).out, "[1,[2,3],\"four\"]\n");
    EXPECT_EQ(steward({"get", "jobs", "-1"}).out, "\"four\"\n");
    EXPECT_EQ(steward({"pop", "jobs"}).out, "\"four\"\n");
    EXPECT_EQ(steward({"pop", "jobs", "0"}).out, "1\n");
    EXPECT_EQ(steward({"set", "jobs", "0", "null"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "jobs"}).out, "[null]\n");
}

TEST_F(ACommandForValues, PopsAKeyOfADictOrThePairInsertedLast) {
    steward({"set", "stats", "hits", "1"});
    steward({"set", "stats", "misses", "2"});
    steward({"set", "stats", "errors", "3"});
    EXPECT_EQ(steward({"pop", "stats", "hits"}).out, "1\n");
    EXPECT_EQ(steward({"pop", "stats"}).out, "[\"errors\",3]\n");
}

TEST_F(ACommandForValues, PushesToASetAndPopsAValueOfItOrTheFirst) {
    const Manager manager({.socket = daemon.socket()});
    manager.set<std::string>("tags", {"new", "old"});
    EXPECT_EQ(steward({"push", "tags", "7"}).exit_code, 0);
    EXPECT_EQ(steward({"push", "tags", "7.0"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "tags"}).out, "[\"new\",\"old\",7]\n");
    EXPECT_EQ(steward({"pop", "tags", "old"}).out, "\"old\"\n");
    EXPECT_EQ(steward({"pop", "tags", "old"}).exit_code, 66);
    EXPECT_EQ(steward({"pop", "tags"}).out, "\"new\"\n");
    EXPECT_EQ(steward({"push", "tags", "{}"}).exit_code, 1);
    EXPECT_EQ(steward({"get", "tags", "7"}).exit_code, 1);
    EXPECT_EQ(steward({"set", "tags", "7", "8"}).exit_code, 1);
    EXPECT_EQ(steward({"pop", "tags"}).out, "7\n");
    EXPECT_EQ(steward({"pop", "tags"}).exit_code, 66);
}

TEST_F(ACommandForValues, GetsAndSetsAttributesOfANamespace) {
    const Manager manager({.socket = daemon.socket()});
    manager.name_space("settings", {{"workers", 4}});
    EXPECT_EQ(steward({"set", "settings", "7", "\"text\""}).exit_code, 0);
    EXPECT_EQ(steward({"set", "settings", "workers", "5"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "settings"}).out, "{\"workers\":5,\"7\":\"text\"}\n");
    EXPECT_EQ(steward({"get", "settings", "7"}).out, "\"text\"\n") << "attributes are strings";
    EXPECT_EQ(steward({"get", "settings", "folder"}).exit_code, 66);
    EXPECT_EQ(steward({"set", "settings", "_x", "1"}).exit_code, 1);
    EXPECT_EQ(steward({"set", "settings", "1"}).exit_code, 1);
    EXPECT_EQ(steward({"pop", "settings"}).exit_code, 1);
    EXPECT_EQ(steward({"pop", "settings", "workers"}).out, "5\n");
    EXPECT_EQ(steward({"pop", "settings", "workers"}).exit_code, 66);
    EXPECT_EQ(steward({"get", "settings"}).out, "{\"7\":\"text\"}\n");
}

TEST_F(ACommandForValues, GetsAndSetsElementsOfAnArray) {
    const Manager manager({.socket = daemon.socket()});
    manager.array<std::int8_t>("counts", 3);
    EXPECT_EQ(steward({"set", "counts", "-1", "-7"}).exit_code, 0);
    EXPECT_EQ(steward({"get", "counts"}).out, "[0,0,-7]\n");
    EXPECT_EQ(steward({"get", "counts", "2"}).out, "-7\n");
    EXPECT_EQ(steward({"get", "counts", "3"}).exit_code, 66);
    EXPECT_EQ(steward({"set", "counts", "3", "1"}).exit_code, 66);
    EXPECT_EQ(steward({"set", "counts", "0", "128"}).exit_code, 1);
    EXPECT_EQ(steward({"set", "counts", "0", "\"one\""}).exit_code, 1);
    EXPECT_EQ(steward({"set", "counts", "[]"}).exit_code, 1);
    EXPECT_EQ(steward({"push", "counts", "1"}).exit_code, 1);
    EXPECT_EQ(steward({"pop", "counts"}).exit_code, 1);
}

TEST_F(ACommandForValues, CarriesBinaryBothWays) {
    const std::string binary = "{\"$binary\":\"AAH/\"}";
    EXPECT_EQ(steward({"set", "blob", binary}).exit_code, 0);
    EXPECT_EQ(steward({"get", "blob"}).out, binary + '\n');
}

TEST_F(ACommandForValues, RefusesAValueThatIsNoJson) {
    const auto outcome = steward({"set", "limit", "five"});
    EXPECT_EQ(outcome.exit_code, 65);
    EXPECT_THAT(outcome.err, HasSubstr("'five' is no JSON"));
    EXPECT_EQ(steward({"push", "jobs", ""}).exit_code, 65);
    EXPECT_EQ(steward({"get", "limit"}).exit_code, 66);
}

TEST_F(ACommandForValues, TellsANameAKeyAndAnIndexThatDoNotExistByTheSameCode) {
    steward({"set", "stats", "hits", "1"});
    steward({"push", "jobs", "1"});
    EXPECT_EQ(steward({"get", "nothing"}).exit_code, 66);
    EXPECT_EQ(steward({"get", "stats", "misses"}).exit_code, 66);
    EXPECT_EQ(steward({"pop", "stats", "misses"}).exit_code, 66);
    EXPECT_EQ(steward({"get", "jobs", "1"}).exit_code, 66);
    EXPECT_EQ(steward({"set", "jobs", "1", "2"}).exit_code, 66);
    steward({"pop", "jobs"});
    EXPECT_EQ(steward({"pop", "jobs"}).exit_code, 66);
}

TEST_F(ACommandForValues, RefusesAnIndexThatIsNoNumber) {
    steward({"push", "jobs", "1"});
    EXPECT_EQ(steward({"get", "jobs", "first"}).exit_code, 64);
}

TEST_F(ACommandForValues, RefusesWhatDoesNotFitTheType) {
    steward({"set", "limit", "5"});
    steward({"push", "jobs", "1"});
    steward({"event", "set", "done"});
    EXPECT_EQ(steward({"push", "limit", "1"}).exit_code, 1);
    EXPECT_EQ(steward({"get", "limit", "key"}).exit_code, 1);
    EXPECT_EQ(steward({"set", "limit", "key", "1"}).exit_code, 1);
    EXPECT_EQ(steward({"set", "jobs", "[]"}).exit_code, 1);
    EXPECT_EQ(steward({"get", "done"}).exit_code, 1);
}

}  // namespace
}  // namespace steward::tests
