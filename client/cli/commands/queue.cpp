#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/json_value.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/run/guarded_run.hpp"
#include "client/cli/stands_for.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/queue.hpp"

namespace steward::cli {
namespace queue_parts {
namespace {

constexpr std::string_view where = "steward queue";

struct Options {
    std::string verb;
    std::string name;
    std::optional<std::string> value;
    PatienceOption timeout;
};

[[noreturn]] void time_out(const Options& options, const std::string& what) {
    throw Failure(ExitStatus::timed_out, "queue '" + options.name + "' " + what + " for " +
                                             patience_text(options.timeout.patience()) + "; see `steward show " +
                                             options.name + '`');
}

std::uint64_t queue_of(Daemon& daemon, const Options& options) {
    return find_object(daemon, options.name, {proto::ObjectType::queue}).object;
}

int put(const Options& options, Context& context) {
    const auto parsed = value_from(*options.value);
    auto& daemon = context.daemon();
    const detail::PackedAny value(daemon.manager(), parsed);
    const auto queue =
        open_or_find(daemon, proto::queue::Open{{.name = options.name}, 0}, {proto::ObjectType::queue}).object;
    if (!daemon.call(proto::queue::Put{queue, value, main_thread, to_wire(options.timeout.patience()), where})->put)
        time_out(options, "stayed full");
    return 0;
}

int get(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    const auto item = daemon.call(
        proto::queue::Get{queue_of(daemon, options), main_thread, to_wire(options.timeout.patience()), where});
    if (!item->found)
        time_out(options, "stayed empty");
    context.print_value(detail::unpack(daemon.manager(), item->value));
    return 0;
}

/// An item that is done with when the command succeeds, and else returns to the head of the queue.
class ItemClaim final : public Claim {
  public:
    ItemClaim(Daemon& daemon, const Options& options)
        : Claim("the item of queue '" + options.name + '\''), daemon_(daemon), queue_(queue_of(daemon, options)) {
        const auto taken =
            daemon.call(proto::queue::Take{queue_, main_thread, to_wire(options.timeout.patience()), where});
        if (!taken->found)
            time_out(options, "stayed empty");
        item_ = taken->item;
        value_ = detail::unpack(daemon.manager(), taken->value).to_json();
    }

    bool held() override { return is_held_by_this_session(daemon_, queue_); }

    void release(int exit_code) override {
        if (exit_code == 0)
            daemon_.call(proto::queue::Done{queue_, item_});
        else
            daemon_.call(proto::queue::GiveBack{queue_, item_});
    }

    std::map<std::string, std::string> environment() const override { return {{"STEWARD_ITEM", value_}}; }

  private:
    Daemon& daemon_;
    std::uint64_t queue_;
    std::uint64_t item_ = 0;
    std::string value_;
};

int take(const Options& options, Context& context) {
    if (context.program().empty())
        throw Failure(ExitStatus::usage, "queue take: what to run with the item is missing; it stands behind `--`");
    auto& daemon = context.daemon();
    return run_guarded({context.program(), daemon, [&] { return std::make_unique<ItemClaim>(daemon, options); }});
}

int print_size(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    std::cout << daemon.call(proto::queue::Status{queue_of(daemon, options)})->size << '\n';
    return 0;
}

int join(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    if (!daemon
             .call(
                 proto::queue::Join{queue_of(daemon, options), main_thread, to_wire(options.timeout.patience()), where})
             ->joined)
        time_out(options, "had items that were not done with");
    return 0;
}

int finish_task(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    daemon.call(proto::queue::TaskDone{queue_of(daemon, options)});
    return 0;
}

int carry_out(const Options& options, Context& context) {
    if (options.value.has_value() != (options.verb == "put"))
        throw Failure(ExitStatus::usage, "queue: VALUE is for put, and put needs it; see `steward queue --help`");
    if (options.verb == "put")
        return put(options, context);
    if (options.verb == "get")
        return get(options, context);
    if (options.verb == "take")
        return take(options, context);
    if (options.verb == "size")
        return print_size(options, context);
    if (options.verb == "join")
        return join(options, context);
    return finish_task(options, context);
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments
        .add_option("VERB", options->verb,
                    "put an item at the end, get (and print) the first, take the first for a command, print the size, "
                    "join: wait until all are done with, task-done: one that was got is")
        ->required()
        ->check(CLI::IsMember({"put", "get", "take", "size", "join", "task-done"}));
    arguments.add_option("NAME", options->name, "name of the queue; put makes one where it does not exist")
        ->required()
        ->check(names_object({proto::ObjectType::queue}));
    arguments.add_option("VALUE", options->value, "of put: JSON");
    options->timeout.add_to(arguments);
    arguments.footer(
        "The command of `take` finds the item, as JSON, in its environment as STEWARD_ITEM. Where it ends with 0 the\n"
        "item is done with; where it does not, or dies with `steward queue take`, the item returns to the head of the\n"
        "queue. It runs as that of `steward run` does, and so are the exit codes.");
    return [options](Context& context) { return carry_out(*options, context); };
}

}  // namespace
}  // namespace queue_parts

extern const Command queue_command{"queue", "put|get|take|size|join|task-done NAME [VALUE] [-- COMMAND...]",
                                   "Puts items into a queue, gets them, and runs commands with them.",
                                   queue_parts::prepare, true};

}  // namespace steward::cli
