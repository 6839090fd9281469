#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <steward/timeout.hpp>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/objects/condition.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/rlock.hpp"

namespace steward::cli {
namespace condition_parts {
namespace {

constexpr std::string_view where = "steward condition";

struct Options {
    std::string verb;
    std::string name;
    std::uint64_t count = 1;
    PatienceOption timeout;
};

/// The time that is left of that which was given.
class TimeLeft {
  public:
    explicit TimeLeft(Patience patience) {
        if (patience)
            countdown_.emplace(*patience);
    }

    std::optional<std::int64_t> to_wire() const {
        return cli::to_wire(countdown_ ? Patience((*countdown_)()) : Patience());
    }

  private:
    std::optional<steward::detail::Countdown> countdown_;
};

struct ItsLock {
    std::uint64_t object;
    bool recursive;
};

ItsLock lock_of(Daemon& daemon, const proto::ObjectInfo& condition) {
    const auto status = daemon.call(proto::condition::Status{condition.object});
    if (!status->lock)
        throw Failure(ExitStatus::not_found,
                      "the lock of " + title(condition) + " was removed; remove the condition too, and make both anew");
    return {*status->lock, status->lock_type == proto::ObjectType::rlock};
}

bool acquire(Daemon& daemon, const ItsLock& lock, const TimeLeft& left) {
    if (lock.recursive)
        return daemon.call(proto::rlock::Acquire{lock.object, main_thread, left.to_wire(), where})->acquired;
    return daemon.call(proto::lock::Acquire{lock.object, main_thread, left.to_wire(), where})->acquired;
}

void release(Daemon& daemon, const ItsLock& lock) {
    if (lock.recursive)
        daemon.call(proto::rlock::Release{lock.object, main_thread});
    else
        daemon.call(proto::lock::Release{lock.object, main_thread});
}

/// With the lock held.
int act(const Options& options, std::uint64_t condition, const TimeLeft& left, Daemon& daemon) {
    if (options.verb == "wait") {
        if (!daemon.call(proto::condition::Wait{condition, main_thread, left.to_wire(), where})->notified)
            throw Failure(ExitStatus::timed_out, "condition '" + options.name + "' was not notified within " +
                                                     patience_text(options.timeout.patience()));
        return 0;
    }
    const auto woken = options.verb == "notify"
                           ? daemon.call(proto::condition::Notify{condition, main_thread, options.count})->woken
                           : daemon.call(proto::condition::NotifyAll{condition, main_thread})->woken;
    std::cout << woken << '\n';
    return 0;
}

int carry_out(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    const TimeLeft left(options.timeout.patience());
    const auto condition = find_object(daemon, options.name, {proto::ObjectType::condition});
    const auto lock = lock_of(daemon, condition);
    if (!acquire(daemon, lock, left)) {
        const auto held = daemon.call(proto::object::Info{lock.object});
        throw Failure(ExitStatus::timed_out,
                      "the lock of " + title(condition) + ", " + title(*held) + ", could not be taken within " +
                          patience_text(options.timeout.patience()) + ": " + holders_text(*held));
    }
    const auto exit_code = act(options, condition.object, left, daemon);
    release(daemon, lock);
    return exit_code;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments
        .add_option("VERB", options->verb,
                    "wait until it is notified; notify those who wait, the first or all, and print how many there were")
        ->required()
        ->check(CLI::IsMember({"wait", "notify", "notify-all"}));
    arguments.add_option("NAME", options->name, "name of the condition; `steward make condition` makes one")
        ->required()
        ->check(names_object({proto::ObjectType::condition}));
    arguments.add_option("--count", options->count, "how many to notify at most (default: 1)")
        ->option_text("N")
        ->check(CLI::PositiveNumber);
    options->timeout.add_to(arguments);
    arguments.footer(
        "Each acquires the condition's lock and gives it back at the end; the time-out is for all together, but for\n"
        "taking the lock back after the wait.");
    return [options](Context& context) { return carry_out(*options, context); };
}

}  // namespace
}  // namespace condition_parts

extern const Command condition_command{"condition", "wait|notify|notify-all NAME",
                                       "Waits for a condition with its lock, or notifies those who do.",
                                       condition_parts::prepare};

}  // namespace steward::cli
