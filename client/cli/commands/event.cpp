#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/objects/event.hpp"

namespace steward::cli {
namespace event_parts {
namespace {

struct Options {
    std::string verb;
    std::string name;
    PatienceOption timeout;
};

int wait(const Options& options, std::uint64_t object, Context& context) {
    const auto patience = options.timeout.patience();
    if (context.daemon().call(proto::event::Wait{object, main_thread, to_wire(patience), "steward event wait"})->set)
        return 0;
    throw Failure(ExitStatus::timed_out, "event '" + options.name + "' was not set within " + patience_text(patience));
}

int carry_out(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    const auto object =
        open_or_find(daemon, proto::event::Open{{.name = options.name}}, {proto::ObjectType::event}).object;
    if (options.verb == "wait")
        return wait(options, object, context);
    if (options.verb == "set")
        daemon.call(proto::event::Set{object});
    else
        daemon.call(proto::event::Clear{object});
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("VERB", options->verb, "set, clear, or wait until it is set")
        ->required()
        ->check(CLI::IsMember({"set", "clear", "wait"}));
    arguments.add_option("NAME", options->name, "name of the event; made, clear, where it does not exist")
        ->required()
        ->check(names_object({proto::ObjectType::event}));
    options->timeout.add_to(arguments);
    return [options](Context& context) { return carry_out(*options, context); };
}

}  // namespace
}  // namespace event_parts

extern const Command event_command{"event", "set|clear|wait NAME", "Sets or clears an event, or waits for it.",
                                   event_parts::prepare};

}  // namespace steward::cli
