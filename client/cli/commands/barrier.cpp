#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/objects/barrier.hpp"

namespace steward::cli {
namespace barrier_parts {
namespace {

struct Options {
    std::string verb;
    std::string name;
    std::optional<std::int64_t> parties;
    PatienceOption timeout;
};

std::uint64_t open_barrier(Daemon& daemon, const Options& options) {
    if (options.parties)
        return daemon.call(proto::barrier::Open{{.name = options.name}, *options.parties})->object;
    return find_object(daemon, options.name, {proto::ObjectType::barrier}).object;
}

int wait(const Options& options, std::uint64_t object, Context& context) {
    const auto patience = options.timeout.patience();
    const auto answer =
        context.daemon().call(proto::barrier::Wait{object, main_thread, to_wire(patience), "steward barrier wait"});
    if (!answer->passed)
        throw Failure(ExitStatus::timed_out,
                      "not all parties were at barrier '" + options.name + "' within " + patience_text(patience) +
                          ", and so it is broken; `steward barrier reset " + options.name + "` makes it as new");
    std::cout << answer->index << '\n';
    return 0;
}

int print_status(std::uint64_t object, Context& context) {
    Table table({
        {"parties", "Parties", ColumnType::number},
        {"n_waiting", "Waiting", ColumnType::number},
        {"broken", "Broken", ColumnType::flag},
    });
    table.add(as_json(*context.daemon().call(proto::barrier::Status{object})));
    context.print_record(table);
    return 0;
}

int carry_out(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    const auto object = open_barrier(daemon, options);
    if (options.verb == "wait")
        return wait(options, object, context);
    if (options.verb == "status")
        return print_status(object, context);
    if (options.verb == "abort")
        daemon.call(proto::barrier::Abort{object});
    else
        daemon.call(proto::barrier::Reset{object});
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments
        .add_option("VERB", options->verb,
                    "wait until all are there and print who came as which, from 0; abort: break it, for all who wait "
                    "and come; reset: make it as new; print its status")
        ->required()
        ->check(CLI::IsMember({"wait", "abort", "reset", "status"}));
    arguments.add_option("NAME", options->name, "name of the barrier")
        ->required()
        ->check(names_object({proto::ObjectType::barrier}));
    arguments
        .add_option("--parties", options->parties,
                    "how many go through together; makes the barrier where it does not exist, and must match it where "
                    "it does")
        ->option_text("N");
    options->timeout.add_to(arguments);
    arguments.footer("One whose time is over, or who is killed while it waits, breaks the barrier: the others fail.");
    return [options](Context& context) { return carry_out(*options, context); };
}

}  // namespace
}  // namespace barrier_parts

extern const Command barrier_command{"barrier", "wait|abort|reset|status NAME",
                                     "Waits until so many are there, breaks a barrier, or makes it as new.",
                                     barrier_parts::prepare};

}  // namespace steward::cli
