#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/display_text.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/objects/process.hpp"
#include "proto/several.hpp"

namespace steward::cli {
namespace wait_parts {
namespace {

constexpr std::string_view process_mark = "pid:";

struct Options {
    std::vector<std::string> names;
    PatienceOption timeout;
};

std::int32_t pid_from(std::string_view name) {
    const auto digits = name.substr(process_mark.size());
    std::int32_t pid = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), pid);
    if (error != std::errc() || rest != digits.data() + digits.size())
        throw Failure(ExitStatus::usage, '\'' + std::string(name) + "' names no process; it is written as pid:4711");
    return pid;
}

std::uint64_t open_process(Daemon& daemon, std::int32_t pid) {
    try {
        return daemon.call(proto::process::Open{pid})->object;
    } catch (const Error& error) {
        if (error.code() != errc::no_such_object)
            throw;
        throw Failure(ExitStatus::not_found, error.detail() + "; if there was one, it has ended");
    }
}

std::uint64_t waitable(Daemon& daemon, const std::string& name) {
    return name.starts_with(process_mark) ? open_process(daemon, pid_from(name)) : find_object(daemon, name).object;
}

int wait(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    const auto patience = options.timeout.patience();
    proto::object::WaitAny request{
        .objects = {}, .thread = main_thread, .timeout_ns = to_wire(patience), .where = "steward wait"};
    for (const auto& name : options.names)
        request.objects.push_back(waitable(daemon, name));
    const auto first = daemon.call(request);
    if (!first->index)
        throw Failure(ExitStatus::timed_out,
                      "nothing of what was waited for came within " + patience_text(patience) + "; see `steward show`");
    const auto& name = options.names.at(*first->index);
    if (context.wants_json())
        context.print_json({{"index", *first->index}, {"name", name}, {"token", first->token}});
    else
        std::cout << printable(name) << '\n';
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("NAME", options->names, "what to wait for; pid:N: the end of process N")
        ->required()
        ->check(names_object({proto::ObjectType::lock, proto::ObjectType::rlock, proto::ObjectType::rwlock,
                              proto::ObjectType::semaphore, proto::ObjectType::bounded_semaphore,
                              proto::ObjectType::event, proto::ObjectType::queue}));
    options->timeout.add_to(arguments);
    arguments.footer(
        "Prints the name of the first that comes: an event that is set (one that resets itself is cleared), a queue that\n"
        "has an item, which stays there, a process that has ended, a lock or permit that can be had. A lock, and a\n"
        "permit that belongs to its holder, is given back at once; a permit of a semaphore without `recover` is used\n"
        "up.");
    return [options](Context& context) { return wait(*options, context); };
}

}  // namespace
}  // namespace wait_parts

extern const Command wait_command{"wait", "NAME...", "Waits for any of several objects and processes.",
                                  wait_parts::prepare};

}  // namespace steward::cli
