#include "client/cli/table.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steward::cli {
namespace {

std::string rows_of(const Table& table) {
    std::ostringstream text;
    print_rows(text, table);
    return text.str();
}

std::string records_of(const Table& table) {
    std::ostringstream text;
    print_records(text, table);
    return text.str();
}

const std::vector<Column> one_column{{"name", "NAME"}};

Json agent(int pid, const std::string& command) {
    return {{"pid", pid}, {"command", command}, {"since_ms", 192'000}, {"where", ""}};
}

TEST(ATable, ShowsTheNumberOfAnObjectWithoutAName) {
    Table table({{"name", "NAME", ColumnType::name}});
    table.add({{"name", "a"}, {"id", 1}});
    table.add({{"name", nullptr}, {"id", 2}});
    EXPECT_EQ(rows_of(table), "NAME\na\n#2\n");
}

TEST(ATable, AlignsTextLeftAndNumbersRight) {
    Table table({{"name", "NAME"}, {"count", "COUNT", ColumnType::number}});
    table.add({{"name", "a"}, {"count", 1}});
    table.add({{"name", "longer"}, {"count", 1000}});
    EXPECT_EQ(rows_of(table),
              "NAME    COUNT\n"
              "a           1\n"
              "longer   1000\n");
}

TEST(ATable, ShowsEachTypeInItsOwnWay) {
    Table table({{"flag", "F", ColumnType::flag},
                 {"age", "A", ColumnType::age},
                 {"size", "S", ColumnType::size},
                 {"agents", "G", ColumnType::agents},
                 {"agents", "N", ColumnType::count}});
    table.add({{"flag", true}, {"age", 192'000}, {"size", 2048}, {"agents", {agent(7, "make"), agent(8, "sh")}}});
    EXPECT_EQ(rows_of(table),
              "F        A        S  G                  N\n"
              "yes  3m12s  2.0 KiB  7 make and 1 more  2\n");
}

TEST(ATable, ShowsADashWhereThereIsNothing) {
    Table table({{"token", "TOKEN", ColumnType::number}, {"name", "NAME"}, {"holders", "HELD BY", ColumnType::agents}});
    table.add({{"token", nullptr}, {"holders", Json::array()}});
    EXPECT_EQ(rows_of(table),
              "TOKEN  NAME  HELD BY\n"
              "    -  -     -\n");
}

TEST(ATable, OfNoRowsIsItsHeading) {
    EXPECT_EQ(rows_of(Table(one_column)), "NAME\n");
    EXPECT_EQ(Table(one_column).rows(), Json::array());
}

TEST(ATable, GivesAsJsonWhateverItsRowsHold) {
    Table table(one_column);
    table.add({{"name", "a"}, {"hidden", 1}});
    EXPECT_EQ(to_text(table.rows()), R"([{"name":"a","hidden":1}])");
}

TEST(ARecord, HasALineForEachColumnAndForEachAgent) {
    Table table({{"name", "Name"}, {"holders", "Held by", ColumnType::agents}});
    table.add({{"name", "gpu"}, {"holders", {agent(7, "make"), agent(8, "sh")}}});
    EXPECT_EQ(records_of(table),
              "Name:     gpu\n"
              "Held by:  7 make, since 3m12s\n"
              "          8 sh, since 3m12s\n");
}

TEST(ARecord, TellsAllOfOneThatHoldsOrWaitsOrDied) {
    Table table({{"holders", "Held by", ColumnType::agents},
                 {"waiters", "Waiting", ColumnType::agents},
                 {"abandoned", "Abandoned by", ColumnType::agents}});
    auto holder = agent(7, "make");
    holder.update({{"thread", 2}, {"amount", 3}, {"timeout_ms", nullptr}, {"token", 5}, {"where", "build.cpp:12"}});
    holder["unit"] = "ci.service";
    auto waiter = agent(8, "sh");
    waiter.update(
        {{"thread", 1}, {"amount", 1}, {"timeout_ms", 57'000}, {"others", Json::array({"lock 'b'", "event 'c'"})}});
    table.add({{"holders", Json::array({holder})},
               {"waiters", Json::array({waiter})},
               {"abandoned", {{"pid", 9}, {"command", "cp"}, {"when_ns", 0}, {"held_for_ns", 2'000'000'000}}}});
    const auto text = records_of(table);
    EXPECT_THAT(
        text, testing::HasSubstr("7 make, thread 2, since 3m12s, amount 3, token 5, at build.cpp:12, in ci.service\n"));
    EXPECT_THAT(text, testing::HasSubstr("8 sh, thread 1, since 3m12s, 57s left, waits for lock 'b', event 'c' too\n"));
    EXPECT_THAT(text, testing::ContainsRegex("9 cp, after 2s, [0-9]+d[0-9]+h ago\n"));
}

TEST(ATable, DoesNotLetACommandLineSteerTheTerminal) {
    Table table(std::vector<Column>{{"holder", "HELD BY", ColumnType::agents}});
    table.add({{"holder", agent(7, "\x1b[2J")}});
    EXPECT_EQ(rows_of(table).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace steward::cli
