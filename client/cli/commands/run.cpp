#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/run/guarded_run.hpp"
#include "client/cli/stands_for.hpp"

namespace steward::cli {
namespace run_parts {
namespace {

struct Options {
    std::string lock;
    std::string shared;
    std::string semaphore;
    std::string all;
    std::int64_t permits = 1;
    PatienceOption timeout;
};

std::unique_ptr<Claim> claim(const Options& options, Daemon& daemon) {
    const auto patience = options.timeout.patience();
    if (!options.lock.empty())
        return claim_lock(daemon, options.lock, patience);
    if (!options.shared.empty())
        return claim_shared(daemon, options.shared, patience);
    if (!options.semaphore.empty())
        return claim_permit(daemon, options.semaphore, options.permits, patience);
    return claim_all(daemon, parts_of(options.all), patience);
}

std::size_t wanted(const Options& options) {
    return std::size_t{!options.lock.empty()} + std::size_t{!options.shared.empty()} +
           std::size_t{!options.semaphore.empty()} + std::size_t{!options.all.empty()};
}

int run(const Options& options, Context& context) {
    if (wanted(options) != 1)
        throw Failure(
            ExitStatus::usage,
            "run: exactly one of --lock, --shared, --semaphore and --all is needed; see `steward run --help`");
    if (context.program().empty())
        throw Failure(ExitStatus::usage, "run: what to run is missing; it stands behind `--`");
    auto& daemon = context.daemon();
    return run_guarded({context.program(), daemon, [&] { return claim(options, daemon); }});
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments
        .add_option("--lock", options->lock,
                    "lock or rlock to hold, or rwlock as its writer; one that does not exist becomes a lock")
        ->option_text("NAME")
        ->check(names_object({proto::ObjectType::lock, proto::ObjectType::rlock, proto::ObjectType::rwlock}));
    arguments.add_option("--shared", options->shared, "rwlock to hold as a reader; made where it does not exist")
        ->option_text("NAME")
        ->check(names_object({proto::ObjectType::rwlock}));
    auto* semaphore =
        arguments
            .add_option("--semaphore", options->semaphore,
                        "semaphore, bounded or not, to hold a permit of; made with `recover` where it does not "
                        "exist")
            ->option_text("NAME")
            ->check(names_object({proto::ObjectType::semaphore, proto::ObjectType::bounded_semaphore}));
    arguments
        .add_option(
            "--all", options->all,
            "locks of any kind, and semaphores, to take at once or none; one that does not exist becomes a lock")
        ->option_text("NAME,...")
        ->check(names_objects({proto::ObjectType::lock, proto::ObjectType::rlock, proto::ObjectType::rwlock,
                               proto::ObjectType::semaphore, proto::ObjectType::bounded_semaphore}));
    arguments.add_option("--permits", options->permits, "permits of a semaphore that is made (default: 1)")
        ->option_text("N")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1} << 32))
        ->needs(semaphore);
    options->timeout.add_to(arguments);
    arguments.footer(
        "The command finds STEWARD_LOCK_NAME and STEWARD_LOCK_TOKEN, a number that grows with each holder, in its\n"
        "environment; with --all both are lists, separated by commas. What it holds is given back when the last of its\n"
        "descendants has ended. The command and all its descendants are killed when the lock is lost and when\n"
        "`steward run` ends in whatever way; only a simultaneous kill -9 of `steward run` and of its child, the guard,\n"
        "leaves descendants behind.\n\n"
        "The command may run `steward run` in turn, which knows by STEWARD_SESSION what the outer one holds. It is\n"
        "refused where it would wait for ever: for what the outer one holds itself, or for somebody who waits for that.\n\n"
        "The exit code is the command's own; 126: cannot be executed; 127: does not exist; 128+N: ended by signal N;\n"
        "75: the time is over; 76: the lock was lost; 80: deadlock, the message tells who waits for whom.");
    return [options](Context& context) { return run(*options, context); };
}

}  // namespace
}  // namespace run_parts

extern const Command run_command{
    "run", "(--lock NAME | --shared NAME | --semaphore NAME | --all NAME,...) -- COMMAND...",
    "Runs a command that holds a lock or a permit, and cannot outlive it.", run_parts::prepare, true};

}  // namespace steward::cli
