#include <signal.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include <steward/manager.hpp>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

/// Two processes that say their numbers: the command itself, and a descendant that left its session and its parent.
const std::string two_processes = "echo $$; (setsid sh -c 'echo $$; exec sleep 1000' &); sleep 1000";

class ARun : public StewardTest {
  protected:
    Outcome run(std::vector<std::string> program) { return steward(run_under_lock(std::move(program))); }

    StewardProcess start_run(std::vector<std::string> program) { return start(run_under_lock(std::move(program))); }

    bool is_free(const std::string& lock) { return json({"show", lock}).at("holder").is_null(); }

    pid_t guard() { return json({"show", "deploy"}).at("holder").at("pid"); }

    bool somebody_waits() {
        return eventually([&] { return !json({"waits"}).empty(); });
    }

  private:
    static std::vector<std::string> run_under_lock(std::vector<std::string> program) {
        program.insert(program.begin(), {"run", "--lock", "deploy", "--"});
        return program;
    }
};

TEST_F(ARun, EndsWithTheCodeOfItsCommand) {
    EXPECT_EQ(run({"true"}).exit_code, 0);
    EXPECT_EQ(run({"sh", "-c", "exit 7"}).exit_code, 7);
    EXPECT_EQ(run({"sh", "-c", "kill -TERM $$"}).exit_code, 128 + SIGTERM);
}

TEST_F(ARun, EndsAsAShellDoesWhereTheCommandCannotBeRun) {
    EXPECT_EQ(run({"/nowhere/command"}).exit_code, 127);
    EXPECT_EQ(run({"/etc/passwd"}).exit_code, 126);
}

TEST_F(ARun, LeavesTheArgumentsOfItsCommandAlone) {
    EXPECT_EQ(run({"echo", "--json", "[a,b]", "--", "ls", ""}).out, "--json [a,b] -- ls \n");
}

TEST_F(ARun, TellsItsCommandNameAndTokenOfTheLock) {
    const std::vector<std::string> print{"sh", "-c", "echo $STEWARD_LOCK_NAME $STEWARD_LOCK_TOKEN"};
    EXPECT_EQ(run(print).out, "deploy 1\n");
    EXPECT_EQ(run(print).out, "deploy 2\n");
}

TEST_F(ARun, HoldsTheLockWhileItsCommandRuns) {
    auto process = start_run({"sh", "-c", "echo $$; exec sleep 1000"});
    const auto command = process.read_pid();
    EXPECT_FALSE(is_free("deploy"));
    ::kill(command, SIGINT);
    EXPECT_EQ(process.wait().exit_code, 128 + SIGINT);
    EXPECT_TRUE(is_free("deploy"));
}

TEST_F(ARun, GivesTheLockBackAndAbandonsNothing) {
    EXPECT_EQ(run({"true"}).exit_code, 0);
    EXPECT_TRUE(is_free("deploy"));
    EXPECT_TRUE(json({"show", "deploy"}).at("abandoned").is_null());
}

TEST_F(ARun, LeavesItsCommandInItsProcessGroupSoThatTheTerminalStaysUsable) {
    auto process = start_run({"sh", "-c", "cut -d ' ' -f 5 /proc/$$/stat"});
    EXPECT_EQ(process.read_pid(), process.pid());
    EXPECT_EQ(process.wait().exit_code, 0);
}

TEST_F(ARun, KeepsTheLockUntilTheLastDescendantHasEnded) {
    auto process = start_run({"sh", "-c", "echo $$; (setsid sh -c 'echo $$; exec sleep 1000' &); exit 3"});
    const auto command = process.read_pid();
    const auto descendant = process.read_pid();
    ASSERT_TRUE(process_ends(command));
    EXPECT_FALSE(is_free("deploy"));
    ::kill(descendant, SIGKILL);
    EXPECT_EQ(process.wait().exit_code, 3);
    EXPECT_TRUE(is_free("deploy"));
}

TEST_F(ARun, TakesItsCommandAndAllDescendantsAlongWhenItIsKilled) {
    auto process = start_run({"sh", "-c", two_processes});
    const auto command = process.read_pid();
    const auto descendant = process.read_pid();
    process.send(SIGKILL);
    EXPECT_TRUE(process_ends(command));
    EXPECT_TRUE(process_ends(descendant));
    EXPECT_EQ(process.wait().exit_code, 128 + SIGKILL);
    EXPECT_TRUE(eventually([&] { return is_free("deploy"); }));
}

TEST_F(ARun, TakesThemAlongEvenWhenTheDaemonDoesNotAnswer) {
    auto process = start_run({"sh", "-c", two_processes});
    const auto command = process.read_pid();
    const auto descendant = process.read_pid();
    daemon.stop();
    process.send(SIGKILL);
    EXPECT_TRUE(process_ends(command));
    EXPECT_TRUE(process_ends(descendant));
    daemon.go_on();
}

TEST_F(ARun, KillsThemWhenItsGuardIsKilled) {
    auto process = start_run({"sh", "-c", two_processes});
    const auto command = process.read_pid();
    const auto descendant = process.read_pid();
    ::kill(guard(), SIGKILL);
    EXPECT_TRUE(process_ends(command));
    EXPECT_TRUE(process_ends(descendant));
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 76);
    EXPECT_THAT(outcome.err, HasSubstr("guard"));
}

TEST_F(ARun, KillsThemWhenTheLockIsBroken) {
    auto process = start_run({"sh", "-c", two_processes});
    const auto command = process.read_pid();
    const auto descendant = process.read_pid();
    EXPECT_EQ(json({"break", "deploy"}).size(), 1U);
    EXPECT_TRUE(process_ends(command));
    EXPECT_TRUE(process_ends(descendant));
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 76);
    EXPECT_THAT(outcome.err, HasSubstr("lock 'deploy' was lost"));
}

TEST_F(ARun, EndsWhenTheLockIsRemoved) {
    auto process = start_run({"sh", "-c", two_processes});
    process.read_pid();
    process.read_pid();
    steward({"rm", "deploy"});
    EXPECT_EQ(process.wait().exit_code, 76);
}

TEST_F(ARun, EndsWhenTheDaemonDies) {
    auto process = start_run({"sh", "-c", two_processes});
    process.read_pid();
    process.read_pid();
    daemon.kill();
    EXPECT_EQ(process.wait().exit_code, 76);
}

TEST_F(ARun, PassesASignalOnToItsCommand) {
    auto process = start_run({"sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"});
    EXPECT_EQ(process.read_line(), "ready");
    process.send(SIGTERM);
    EXPECT_EQ(process.wait().exit_code, 7);
    EXPECT_TRUE(is_free("deploy"));
}

TEST_F(ARun, NamesTheHolderWhenItsTimeIsOver) {
    auto holder = start_run({"sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    for (const auto* timeout : {"0", "0.01"}) {
        const auto outcome = steward({"run", "--lock", "deploy", "--timeout", timeout, "--", "echo", "never"});
        EXPECT_EQ(outcome.exit_code, 75);
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.err, HasSubstr("lock 'deploy'"));
        EXPECT_THAT(outcome.err, HasSubstr("held by pid " + std::to_string(guard())));
        EXPECT_THAT(outcome.err, HasSubstr("run --lock deploy -- sh -c echo held"));
        EXPECT_THAT(outcome.err, MatchesRegex(".* since [0-9]+m?s.*\n"));
    }
}

TEST_F(ARun, StartsWhenTheLockBecomesFree) {
    auto holder = start_run({"sh", "-c", "echo $$; exec sleep 1000"});
    const auto command = holder.read_pid();
    auto next = start_run({"echo", "my turn"});
    ASSERT_TRUE(somebody_waits());
    ::kill(command, SIGKILL);
    EXPECT_EQ(next.wait().out, "my turn\n");
}

TEST_F(ARun, LeavesTheLineWhenItIsKilledWhileItWaits) {
    auto holder = start_run({"sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    for (const int number : {SIGINT, SIGKILL}) {
        auto waiting = start_run({"true"});
        ASSERT_TRUE(somebody_waits());
        waiting.send(number);
        EXPECT_EQ(waiting.wait().exit_code, 128 + number);
        EXPECT_TRUE(eventually([&] { return json({"waits"}).empty(); }));
    }
}

TEST_F(ARun, HoldsOneOfThePermitsOfASemaphore) {
    const std::vector<std::string> hold{
        "run", "--semaphore", "gpu", "--permits", "2", "--", "sh", "-c", "echo held; exec sleep 1000"};
    auto first = start(hold);
    auto second = start(hold);
    first.read_line();
    second.read_line();
    EXPECT_EQ(json({"show", "gpu"}).at("holders").size(), 2U);
    const auto third = steward({"run", "--semaphore", "gpu", "--timeout", "0", "--", "true"});
    EXPECT_EQ(third.exit_code, 75);
    EXPECT_THAT(third.err, HasSubstr("held by pid"));
    first.send(SIGKILL);
    EXPECT_EQ(steward({"run", "--semaphore", "gpu", "--", "sh", "-c", "exit 3"}).exit_code, 3);
}

TEST_F(ARun, EndsWhenItsPermitIsTakenAway) {
    auto process = start({"run", "--semaphore", "gpu", "--", "sh", "-c", two_processes});
    process.read_pid();
    process.read_pid();
    EXPECT_EQ(json({"break", "gpu"}).size(), 1U);
    EXPECT_EQ(process.wait().exit_code, 76);
}

TEST_F(ARun, RefusesASemaphoreWhosePermitsWouldBeLost) {
    const Manager manager({.socket = daemon.socket(), .client_name = "test"});
    manager.semaphore("signal", 1);
    const auto outcome = steward({"run", "--semaphore", "signal", "--", "true"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("without `recover`"));
}

}  // namespace
}  // namespace steward::tests
