#include <cstdint>
#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/run/guarded_run.hpp"

namespace steward::cli {
namespace {

struct Options {
    std::string lock;
    std::string semaphore;
    std::int64_t permits = 1;
    PatienceOption timeout;
};

std::unique_ptr<Claim> claim(const Options& options, Daemon& daemon) {
    const auto patience = options.timeout.patience();
    return options.semaphore.empty() ? claim_lock(daemon, options.lock, patience)
                                     : claim_permit(daemon, options.semaphore, options.permits, patience);
}

int run(const Options& options, Context& context) {
    if (options.lock.empty() == options.semaphore.empty())
        throw Failure(ExitStatus::usage, "run: one of --lock and --semaphore is needed; see `steward run --help`");
    if (context.program().empty())
        throw Failure(ExitStatus::usage, "run: what to run is missing; it stands behind `--`");
    return run_guarded({context.program(), [&] { return claim(options, context.daemon()); }});
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("--lock", options->lock, "lock to hold; made where it does not exist")->option_text("NAME");
    auto* semaphore = arguments
                          .add_option("--semaphore", options->semaphore,
                                      "semaphore to hold a permit of; made with `recover` where it does not exist")
                          ->option_text("NAME")
                          ->excludes("--lock");
    arguments.add_option("--permits", options->permits, "permits of a semaphore that is made (default: 1)")
        ->option_text("N")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 32))
        ->needs(semaphore);
    options->timeout.add_to(arguments);
    arguments.footer(
        "The command finds STEWARD_LOCK_NAME and STEWARD_LOCK_TOKEN, a number that grows with each holder, in its\n"
        "environment. What it holds is given back when the last of its descendants has ended. The command and all its\n"
        "descendants are killed when the lock is lost and when `steward run` ends in whatever way; only a\n"
        "simultaneous kill -9 of `steward run` and of its child, the guard, leaves descendants behind.\n\n"
        "The exit code is the command's own; 126: cannot be executed; 127: does not exist; 128+N: ended by signal N;\n"
        "75: the time is over; 76: the lock was lost.");
    return [options](Context& context) { return run(*options, context); };
}

}  // namespace

extern const Command run_command{"run", "(--lock NAME | --semaphore NAME) -- COMMAND...",
                                 "Runs a command that holds a lock or a permit, and cannot outlive it.", prepare, true};

}  // namespace steward::cli
