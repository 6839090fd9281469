#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "proto/object_type.hpp"
#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

using Arguments = std::vector<std::string>;

/// A command that is to succeed, and what it prints; "it" stands for the object.
struct Use {
    Arguments arguments;
    std::string out;
};

struct LifeOfAType {
    std::string_view type;
    Arguments options;  ///< of `steward make`
    std::vector<Use> uses;
    Arguments look = {"show", "it"};
    std::string state;  ///< that `steward show` tells in the end
};

/// Whoever adds a type says here how it is used from the command line.
const std::vector<LifeOfAType> lives{
    {.type = "lock",
     .options = {"--fair"},
     .uses = {{{"run", "--lock", "it", "--", "echo", "held"}, "held\n"},
              {{"run", "--all", "it", "--", "echo", "held"}, "held\n"},
              {{"wait", "it"}, "it\n"},
              {{"break", "it", "--json"}, "[]\n"}},
     .state = "free"},
    {.type = "rlock",
     .uses = {{{"run", "--lock", "it", "--", "sh", "-c", "echo $STEWARD_LOCK_NAME $STEWARD_LOCK_TOKEN"}, "it 1\n"},
              {{"run", "--all", "it", "--", "echo", "held"}, "held\n"},
              {{"wait", "it"}, "it\n"}},
     .state = "free"},
    {.type = "rwlock",
     .uses = {{{"run", "--lock", "it", "--", "sh", "-c", "echo $STEWARD_LOCK_NAME $STEWARD_LOCK_TOKEN"}, "it 1\n"},
              {{"run", "--shared", "it", "--", "echo", "held"}, "held\n"},
              {{"run", "--all", "it", "--", "echo", "held"}, "held\n"},
              {{"wait", "it"}, "it\n"}},
     .state = "free"},
    {.type = "semaphore",
     .options = {"--permits", "2"},
     .uses = {{{"semaphore", "acquire", "it"}, ""},
              {{"wait", "it"}, "it\n"},
              {{"semaphore", "value", "it"}, "0\n"},
              {{"semaphore", "release", "it", "--permits", "3"}, ""}},
     .state = "3 free"},
    {.type = "bounded_semaphore",
     .options = {"--permits", "2"},
     .uses = {{{"run", "--semaphore", "it", "--", "echo", "held"}, "held\n"},
              {{"run", "--all", "it", "--", "echo", "held"}, "held\n"},
              {{"semaphore", "value", "it"}, "2\n"}},
     .state = "2 free of 2"},
    {.type = "condition", .uses = {{{"condition", "notify", "it"}, "0\n"}, {{"condition", "notify-all", "it"}, "0\n"}}},
    {.type = "event",
     .options = {"--auto-reset"},
     .uses = {{{"event", "set", "it"}, ""},
              {{"event", "wait", "it"}, ""},
              {{"event", "set", "it"}, ""},
              {{"wait", "it"}, "it\n"},
              {{"event", "set", "it"}, ""},
              {{"event", "clear", "it"}, ""}},
     .state = "clear"},
    {.type = "barrier",
     .options = {"--parties", "1"},
     .uses = {{{"barrier", "wait", "it"}, "0\n"}, {{"barrier", "abort", "it"}, ""}, {{"barrier", "reset", "it"}, ""}}},
    {.type = "queue",
     .options = {"--max-size", "2"},
     .uses = {{{"queue", "put", "it", "1"}, ""},
              {{"queue", "put", "it", "2"}, ""},
              {{"queue", "take", "it", "--", "sh", "-c", "echo $STEWARD_ITEM"}, "1\n"},
              {{"wait", "it"}, "it\n"},
              {{"queue", "get", "it"}, "2\n"},
              {{"queue", "task-done", "it"}, ""},
              {{"queue", "join", "it"}, ""},
              {{"queue", "size", "it"}, "0\n"}}},
    {.type = "value",
     .uses = {{{"get", "it"}, "null\n"}, {{"set", "it", "[1]"}, ""}},
     .look = {"get", "it"},
     .state = "[1]\n"},
    {.type = "list",
     .uses = {{{"push", "it", "1"}, ""},
              {{"push", "it", "2"}, ""},
              {{"set", "it", "-1", "3"}, ""},
              {{"get", "it", "1"}, "3\n"},
              {{"pop", "it", "0"}, "1\n"}},
     .look = {"get", "it"},
     .state = "[3]\n"},
    {.type = "dict",
     .uses = {{{"set", "it", "key", "1"}, ""},
              {{"set", "it", "other", "2"}, ""},
              {{"get", "it", "key"}, "1\n"},
              {{"pop", "it", "key"}, "1\n"}},
     .look = {"get", "it"},
     .state = "{\"other\":2}\n"},
    {.type = "set",
     .uses = {{{"push", "it", "1"}, ""},
              {{"push", "it", "\"two\""}, ""},
              {{"push", "it", "1.0"}, ""},
              {{"pop", "it", "two"}, "\"two\"\n"}},
     .look = {"get", "it"},
     .state = "[1]\n"},
    {.type = "namespace",
     .uses = {{{"set", "it", "workers", "4"}, ""},
              {{"set", "it", "folder", "\"/srv\""}, ""},
              {{"get", "it", "workers"}, "4\n"},
              {{"pop", "it", "workers"}, "4\n"}},
     .look = {"get", "it"},
     .state = "{\"folder\":\"/srv\"}\n"},
    {.type = "array",
     .options = {"--length", "3", "--typecode", "b"},
     .uses = {{{"set", "it", "0", "7"}, ""}, {{"set", "it", "-1", "-7"}, ""}, {{"get", "it", "2"}, "-7\n"}},
     .look = {"get", "it"},
     .state = "[7,0,-7]\n"},
};

class AType : public StewardTest, public testing::WithParamInterface<LifeOfAType> {
  protected:
    Outcome make() {
        Arguments arguments{"make", std::string(GetParam().type), "it"};
        arguments.insert(arguments.end(), GetParam().options.begin(), GetParam().options.end());
        return steward(arguments);
    }

    /// With the number of the object in the place of its name.
    Outcome use_by_number(Arguments arguments, const std::string& number) {
        std::ranges::replace(arguments, "it", number);
        return steward(arguments);
    }
};

std::string line_of(const Arguments& arguments) {
    std::string text;
    for (const auto& argument : arguments)
        text += argument + ' ';
    return text;
}

TEST_P(AType, IsMadeUsedLookedAtAndRemoved) {
    const auto& life = GetParam();
    const auto made = make();
    ASSERT_EQ(made.exit_code, 0) << made.err;
    for (const auto& use : life.uses) {
        const auto outcome = steward(use.arguments);
        EXPECT_EQ(outcome.exit_code, 0) << line_of(use.arguments) << outcome.err;
        EXPECT_EQ(outcome.out, use.out) << line_of(use.arguments);
    }
    EXPECT_THAT(steward(life.look).out, HasSubstr(life.state));
    EXPECT_EQ(json({"show", "it"}).at("type"), life.type);
    EXPECT_EQ(json({"ls", "--type", std::string(life.type)}).size(), 1U);
    EXPECT_EQ(steward({"rm", "it"}).exit_code, 0);
    EXPECT_EQ(steward({"show", "it"}).exit_code, 66);
}

TEST_P(AType, IsUsedByItsNumber) {
    const auto& life = GetParam();
    make();
    const auto number = "#" + json({"show", "it"}).at("id").dump();
    for (const auto& use : life.uses) {
        const auto outcome = use_by_number(use.arguments, number);
        EXPECT_EQ(outcome.exit_code, 0) << line_of(use.arguments) << outcome.err;
    }
    EXPECT_EQ(json({"ls"}).size(), 1U) << "nothing is made that is called " << number;
    EXPECT_EQ(steward({"rm", number}).exit_code, 0);
}

/// What it is not for is refused with a sentence that names it and says what to do, and leaves it as it is.
TEST_P(AType, RefusesTheCommandsOfOtherTypes) {
    make();
    const std::vector<Arguments> commands{
        {"get", "it"},
        {"set", "it", "0", "1"},
        {"push", "it", "1"},
        {"pop", "it", "key"},
        {"event", "clear", "it"},
        {"queue", "put", "it", "1", "--timeout", "0"},
        {"barrier", "status", "it"},
        {"condition", "notify", "it"},
        {"semaphore", "release", "it", "--permits", "0"},
        {"run", "--lock", "it", "--", "true"},
        {"run", "--shared", "it", "--", "true"},
        {"run", "--semaphore", "it", "--", "true"},
        {"run", "--all", "it", "--", "true"},
    };
    for (const auto& command : commands) {
        const auto outcome = steward(command);
        EXPECT_THAT(outcome.exit_code, AnyOf(0, 1, 64, 66)) << line_of(command) << outcome.err;
        if (outcome.exit_code == 1) {
            EXPECT_THAT(outcome.err, HasSubstr("'it'")) << line_of(command);
        }
    }
    EXPECT_EQ(json({"show", "it"}).at("type"), GetParam().type);
    EXPECT_EQ(json({"ls"}).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(OfTheCommandLine, AType, testing::ValuesIn(lives),
                         [](const auto& life) { return std::string(life.param.type); });

TEST(TheTypesOfTheCommandLine, AreAllButTheProcessWhichNobodyMakes) {
    for (const auto& entry : proto::object_types)
        EXPECT_EQ(std::ranges::count(lives, entry.name, &LifeOfAType::type),
                  entry.type == proto::ObjectType::process ? 0 : 1)
            << entry.name;
}

}  // namespace
}  // namespace steward::tests
