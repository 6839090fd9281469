#include <signal.h>
#include <sys/types.h>

#include <string>
#include <utility>
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

TEST_F(ARun, GoesOnUnderTheNextDaemon) {
    auto process = start_run({"sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"});
    EXPECT_EQ(process.read_line(), "ready");
    daemon.kill();
    daemon.start();
    EXPECT_FALSE(is_free("deploy"));
    process.send(SIGTERM);
    EXPECT_EQ(process.wait().exit_code, 7);
    EXPECT_TRUE(eventually([&] { return is_free("deploy"); }));
}

TEST_F(ARun, EndsWhenTheNextDaemonDoesNotKnowIt) {
    auto process = start_run({"sh", "-c", two_processes});
    process.read_pid();
    process.read_pid();
    daemon.kill();
    EXPECT_EQ(run_stewardd({"--socket", daemon.socket(), "--forget"}).exit_code, 0);
    daemon.start();
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
    for (const auto* option : {"--semaphore", "--all"}) {
        const auto outcome = steward({"run", option, "signal", "--", "true"});
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_THAT(outcome.err, HasSubstr("without `recover`"));
    }
}

TEST_F(ARun, RefusesABoundedSemaphoreWhosePermitsWouldBeLost) {
    steward({"make", "bounded_semaphore", "gpu", "--no-recover"});
    for (const auto* option : {"--semaphore", "--all"}) {
        const auto outcome = steward({"run", option, "gpu", "--", "true"});
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_THAT(outcome.err, HasSubstr("bounded_semaphore 'gpu' was made without `recover`"));
    }
}

TEST_F(ARun, IsTheWriterOfAnRwlock) {
    steward({"make", "rwlock", "index"});
    auto writer = start({"run", "--lock", "index", "--", "sh", "-c", "echo held; exec sleep 1000"});
    writer.read_line();
    const auto reader = steward({"run", "--shared", "index", "--timeout", "0", "--", "true"});
    EXPECT_EQ(reader.exit_code, 75);
    EXPECT_THAT(reader.err, HasSubstr("rwlock 'index' could not be taken"));
    EXPECT_EQ(json({"break", "index"}).size(), 1U);
    const auto outcome = writer.wait();
    EXPECT_EQ(outcome.exit_code, 76);
    EXPECT_THAT(outcome.err, HasSubstr("rwlock 'index' was lost"));
}

TEST_F(ARun, RefusesToHoldWhatIsNoLock) {
    steward({"event", "set", "done"});
    const auto lock = steward({"run", "--lock", "done", "--", "true"});
    EXPECT_EQ(lock.exit_code, 1);
    EXPECT_THAT(lock.err, HasSubstr("event 'done' is no lock, rlock or rwlock"));
    const auto semaphore = steward({"run", "--semaphore", "done", "--", "true"});
    EXPECT_EQ(semaphore.exit_code, 1);
    EXPECT_THAT(semaphore.err, HasSubstr("event 'done' is no semaphore or bounded_semaphore"));
}

TEST_F(ARun, TakesALockWhateverItsOptions) {
    const Manager manager({.socket = daemon.socket(), .client_name = "test"});
    manager.lock("deploy", {.fair = true});
    EXPECT_EQ(run({"sh", "-c", "exit 7"}).exit_code, 7);
}

TEST_F(ARun, SharesARwlockWithOtherReadersOnly) {
    const std::vector<std::string> read{"run", "--shared", "index", "--", "sh", "-c", "echo held; exec sleep 1000"};
    auto first = start(read);
    auto second = start(read);
    first.read_line();
    second.read_line();
    EXPECT_EQ(json({"show", "index"}).at("holders").size(), 2U);
    const auto writer = steward({"run", "--all", "index", "--timeout", "0", "--", "true"});
    EXPECT_EQ(writer.exit_code, 75);
    EXPECT_THAT(writer.err, HasSubstr("rwlock 'index' held by pid"));
    EXPECT_EQ(steward({"run", "--shared", "index", "--", "sh", "-c", "exit 3"}).exit_code, 3);
}

TEST_F(ARun, EndsWhenItsHoldAsAReaderIsTakenAway) {
    auto process = start({"run", "--shared", "index", "--", "sh", "-c", two_processes});
    process.read_pid();
    process.read_pid();
    EXPECT_EQ(json({"break", "index"}).size(), 1U);
    EXPECT_EQ(process.wait().exit_code, 76);
}

TEST_F(ARun, TakesSeveralLocksAtOnceAndTellsItsCommandAllTokens) {
    const Manager manager({.socket = daemon.socket(), .client_name = "test"});
    manager.rwlock("index");
    manager.bounded_semaphore("gpu", 1);
    EXPECT_EQ(run({"true"}).exit_code, 0);
    auto process = start({"run", "--all", "deploy,index,gpu", "--", "sh", "-c",
                          "echo $STEWARD_LOCK_NAME $STEWARD_LOCK_TOKEN; echo $$; exec sleep 1000"});
    EXPECT_EQ(process.read_line(), "deploy,index,gpu 2,1,0");
    const auto command = process.read_pid();
    for (const auto* name : {"deploy", "index", "gpu"})
        EXPECT_EQ(json({"show", name}).at("holders").size(), 1U);
    ::kill(command, SIGKILL);
    EXPECT_EQ(process.wait().exit_code, 128 + SIGKILL);
    for (const auto* name : {"deploy", "index", "gpu"}) {
        EXPECT_EQ(json({"show", name}).at("holders").size(), 0U);
        EXPECT_TRUE(json({"show", name}).at("abandoned").is_null());
    }
}

TEST_F(ARun, TakesNoneOfSeveralLocksWhileOneIsMissing) {
    auto holder = start_run({"sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    auto waiting = start({"run", "--all", "build,deploy", "--", "true"});
    ASSERT_TRUE(somebody_waits());
    EXPECT_TRUE(is_free("build"));
    EXPECT_EQ(steward({"run", "--lock", "deploy", "--timeout", "0", "--", "true"}).exit_code, 75);
    const auto late = steward({"run", "--all", "build,deploy", "--timeout", "0", "--", "true"});
    EXPECT_EQ(late.exit_code, 75);
    EXPECT_THAT(late.err, HasSubstr("lock 'deploy' held by pid " + std::to_string(guard())));
    holder.send(SIGKILL);
    EXPECT_EQ(waiting.wait().exit_code, 0);
}

TEST_F(ARun, EndsWhenOneOfItsLocksIsTakenAway) {
    auto process = start({"run", "--all", "build,deploy", "--", "sh", "-c", two_processes});
    process.read_pid();
    process.read_pid();
    EXPECT_EQ(json({"break", "build"}).size(), 1U);
    const auto outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, 76);
    EXPECT_THAT(outcome.err, HasSubstr("'build', 'deploy' was lost"));
}

TEST_F(ARun, RefusesANameTwiceAndWhatNobodyHolds) {
    EXPECT_EQ(steward({"run", "--all", "build,build", "--", "true"}).exit_code, 1);
    steward({"set", "limit", "5"});
    const auto outcome = steward({"run", "--all", "build,limit", "--", "true"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("'limit' cannot be a part of acquire_all"));
}

/// A run in the command of another run.
class ANestedRun : public ARun {
  protected:
    /// The words of `steward`, for a shell.
    std::string shell(const std::string& arguments) const { return shell(daemon, arguments); }

    static std::string shell(const DaemonProcess& daemon, const std::string& arguments) {
        return std::string(STEWARD_PATH) + " --socket '" + daemon.socket() + "' " + arguments;
    }

    /// Says "held" with the one lock and goes on to the other when the event is set.
    StewardProcess start_nested(const std::string& outer, const std::string& inner) {
        return start(
            {"run", "--lock", outer, "--", "sh", "-c",
             "echo held; " + shell("event wait go") + " && exec " + shell("run --lock " + inner + " -- true")});
    }
};

TEST_F(ANestedRun, IsRefusedWhereItWouldCloseACycle) {
    auto first = start_nested("a", "b");
    auto second = start_nested("b", "a");
    first.read_line();
    second.read_line();
    steward({"event", "set", "go"});
    auto outcomes = std::vector{first.wait(), second.wait()};
    if (outcomes[0].exit_code == 0)
        std::swap(outcomes[0], outcomes[1]);
    EXPECT_EQ(outcomes[0].exit_code, 80);
    EXPECT_THAT(outcomes[0].err,
                MatchesRegex(".* wants lock (a|b) held by pid .*, which wants lock (a|b) held by .*\n"));
    EXPECT_THAT(outcomes[0].err, HasSubstr("steward run --all"));
    EXPECT_EQ(outcomes[1].exit_code, 0) << outcomes[1].err;
    EXPECT_EQ(outcomes[1].err, "");
}

TEST_F(ANestedRun, OfTheSameLockIsRefused) {
    const auto outcome = run({"sh", "-c", "exec " + shell("run --lock deploy -- true")});
    EXPECT_EQ(outcome.exit_code, 80);
    EXPECT_THAT(outcome.err, HasSubstr("wants lock deploy held by pid"));
    EXPECT_EQ(run({"sh", "-c", "exec " + shell("run --all build,deploy -- true")}).exit_code, 80);
}

TEST_F(ANestedRun, OfTheSameLockTimesOutWhereItHasATime) {
    EXPECT_EQ(run({"sh", "-c", "exec " + shell("run --lock deploy --timeout 0.01 -- true")}).exit_code, 75);
}

TEST_F(ANestedRun, OfAnotherLockRuns) {
    EXPECT_EQ(run({"sh", "-c", "exec " + shell("run --lock build -- sh -c 'exit 3'")}).exit_code, 3);
}

TEST_F(ANestedRun, AtAnotherDaemonHasNothingToDoWithTheOuter) {
    const DaemonProcess other;
    EXPECT_EQ(run({"sh", "-c", "exec " + shell(other, "run --lock deploy -- sh -c 'exit 3'")}).exit_code, 3);
}

TEST_F(ANestedRun, RunsInItsOwnNameWhereTheOuterHasEnded) {
    const auto under = [this](const std::string& session) {
        return run({"sh", "-c", "STEWARD_SESSION=" + session + " exec " + shell("run --lock build -- sh -c 'exit 3'")});
    };
    EXPECT_EQ(under("4000000000@" + daemon.socket()).exit_code, 3);
    for (const auto* nonsense : {"''", "1", "1@", "@", "x@y", "99999999999999@/"})
        EXPECT_EQ(under(nonsense).exit_code, 3) << nonsense;
}

}  // namespace
}  // namespace steward::tests
