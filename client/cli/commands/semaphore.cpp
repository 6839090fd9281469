#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/patience.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/objects/bounded_semaphore.hpp"
#include "proto/objects/semaphore.hpp"

namespace steward::cli {
namespace semaphore_parts {
namespace {

constexpr std::string_view where = "steward semaphore";

struct Options {
    std::string verb;
    std::string name;
    std::int64_t permits = 1;
    PatienceOption timeout;
};

/// What a semaphore, bounded or not, is asked for: their requests are called the same.
template <proto::Message AcquireRequest, proto::Message ReleaseRequest, proto::Message ValueRequest>
struct Requests {
    using Acquire = AcquireRequest;
    using Release = ReleaseRequest;
    using Value = ValueRequest;
};

using Unbounded = Requests<proto::semaphore::Acquire, proto::semaphore::Release, proto::semaphore::Value>;
using Bounded =
    Requests<proto::bounded_semaphore::Acquire, proto::bounded_semaphore::Release, proto::bounded_semaphore::Value>;

/// A permit that returns with its holder would be taken for nothing: this process ends at once.
void check_permit_stays(bool recover, const proto::ObjectInfo& semaphore) {
    if (recover)
        throw Failure(ExitStatus::refused,
                      "a permit of " + title(semaphore) +
                          " returns when its holder ends, here at once; `steward run --semaphore " +
                          name_of(semaphore) + "` holds one while a command runs");
}

template <class Semaphore>
int carry_out(const Options& options, const proto::ObjectInfo& semaphore, Daemon& daemon) {
    const auto object = semaphore.object;
    if (options.verb == "release") {
        daemon.call(typename Semaphore::Release{object, main_thread, options.permits});
        return 0;
    }
    const auto value = daemon.call(typename Semaphore::Value{object});
    if (options.verb == "value") {
        std::cout << value->permits << '\n';
        return 0;
    }
    check_permit_stays(value->recover, semaphore);
    const auto patience = options.timeout.patience();
    if (!daemon.call(typename Semaphore::Acquire{object, main_thread, to_wire(patience), where})->acquired)
        throw Failure(ExitStatus::timed_out, title(semaphore) + " had no permit within " + patience_text(patience) +
                                                 "; `steward semaphore release " + name_of(semaphore) + "` adds one");
    return 0;
}

int carry_out(const Options& options, Context& context) {
    auto& daemon = context.daemon();
    const auto semaphore =
        find_object(daemon, options.name, {proto::ObjectType::semaphore, proto::ObjectType::bounded_semaphore});
    if (semaphore.type == proto::ObjectType::semaphore)
        return carry_out<Unbounded>(options, semaphore, daemon);
    return carry_out<Bounded>(options, semaphore, daemon);
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments
        .add_option("VERB", options->verb,
                    "acquire a permit, which is used up; release permits; print the value, which is how many are free")
        ->required()
        ->check(CLI::IsMember({"acquire", "release", "value"}));
    arguments
        .add_option("NAME", options->name,
                    "name of the semaphore, bounded or not, or #ID; `steward make semaphore` makes one")
        ->required()
        ->check(names_object({proto::ObjectType::semaphore, proto::ObjectType::bounded_semaphore}));
    arguments.add_option("--permits", options->permits, "how many to release (default: 1)")
        ->option_text("N")
        ->check(CLI::NonNegativeNumber);
    options->timeout.add_to(arguments);
    arguments.footer(
        "A permit that returns when its holder ends (`--recover`) is not acquired so: `steward run --semaphore` holds it\n"
        "while a command runs.");
    return [options](Context& context) { return carry_out(*options, context); };
}

}  // namespace
}  // namespace semaphore_parts

extern const Command semaphore_command{"semaphore", "acquire|release|value NAME",
                                       "Takes a permit of a semaphore, gives permits, or tells how many are free.",
                                       semaphore_parts::prepare};

}  // namespace steward::cli
