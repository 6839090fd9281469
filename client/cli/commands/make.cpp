#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/barrier.hpp"
#include "proto/objects/bounded_semaphore.hpp"
#include "proto/objects/condition.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/event.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/queue.hpp"
#include "proto/objects/rlock.hpp"
#include "proto/objects/rwlock.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/objects/set.hpp"
#include "proto/objects/value.hpp"

namespace steward::cli {
namespace make_parts {
namespace {

using proto::ObjectType;

/// What can be said of an object that is made; each type has some of it.
struct Options {
    std::string name;
    std::string mode = "0600";
    bool transferable = false;
    bool fair = false;
    std::int64_t permits = 1;
    bool recover = false;
    std::string lock;
    bool auto_reset = false;
    std::int64_t parties = 1;
    std::int64_t max_size = 0;
    std::uint64_t length = 0;
    std::string typecode = "d";
};

proto::Open open_of(const Options& options) {
    constexpr int octal = 8;
    return {.name = options.name, .mode = static_cast<std::uint16_t>(std::stoul(options.mode, nullptr, octal))};
}

std::optional<std::uint64_t> given_lock(Daemon& daemon, const Options& options) {
    if (options.lock.empty())
        return std::nullopt;
    return find_object(daemon, options.lock).object;
}

/// A type that can be made: what it is, its own options, and how.
struct Type {
    ObjectType type;
    std::string_view description;
    void (*add_options)(CLI::App&, Options&);
    void (*make)(Daemon&, const Options&);
};

void add_nothing(CLI::App&, Options&) {}

void add_lock_options(CLI::App& arguments, Options& options) {
    arguments.add_flag("--transferable", options.transferable,
                       "anyone may release it; no deadlock is found that it takes part in");
    arguments.add_flag("--fair", options.fair, "nobody slips in before those who wait");
}

void add_permits(CLI::App& arguments, Options& options) {
    arguments.add_option("--permits", options.permits, "permits at first (default: 1)")
        ->option_text("N")
        ->check(CLI::NonNegativeNumber);
}

void add_semaphore_options(CLI::App& arguments, Options& options) {
    add_permits(arguments, options);
    arguments.add_flag("--recover", options.recover, "permits that a process held when it died return");
}

void add_bounded_semaphore_options(CLI::App& arguments, Options& options) {
    options.recover = true;
    add_permits(arguments, options);
    arguments.add_flag("--recover,!--no-recover", options.recover,
                       "permits that a process held when it died return (default), or are lost");
}

void add_condition_options(CLI::App& arguments, Options& options) {
    arguments.add_option("--lock", options.lock, "lock or rlock that it uses (default: an rlock of its own)")
        ->option_text("NAME")
        ->check(names_object({ObjectType::lock, ObjectType::rlock}));
}

void add_event_options(CLI::App& arguments, Options& options) {
    arguments.add_flag("--auto-reset", options.auto_reset, "one waiter goes on per set and clears it");
}

void add_barrier_options(CLI::App& arguments, Options& options) {
    arguments.add_option("--parties", options.parties, "how many go through together")->option_text("N")->required();
}

void add_queue_options(CLI::App& arguments, Options& options) {
    arguments.add_option("--max-size", options.max_size, "items that it holds at most, 0: any number (default: 0)")
        ->option_text("N")
        ->check(CLI::NonNegativeNumber);
}

void add_array_options(CLI::App& arguments, Options& options) {
    arguments.add_option("--length", options.length, "how many elements; never changes")
        ->option_text("N")
        ->required()
        ->check(CLI::NonNegativeNumber);
    arguments
        .add_option("--typecode", options.typecode,
                    "b, h, i, q: integers of 8, 16, 32, 64 bits, a capital without sign; f, d: floats of 32, 64 bits "
                    "(default: d)")
        ->option_text("CODE");
}

const std::array types{
    Type{ObjectType::lock, "held by one at a time", add_lock_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::lock::Open{open_of(options), options.transferable, options.fair});
         }},
    Type{ObjectType::rlock, "the same, and its holder may take it again", add_nothing,
         [](Daemon& daemon, const Options& options) { daemon.call(proto::rlock::Open{open_of(options)}); }},
    Type{ObjectType::rwlock, "held by many readers or one writer", add_nothing,
         [](Daemon& daemon, const Options& options) { daemon.call(proto::rwlock::Open{open_of(options)}); }},
    Type{ObjectType::semaphore, "a number of permits, to which anybody may add", add_semaphore_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::semaphore::Open{open_of(options), options.permits, options.recover});
         }},
    Type{ObjectType::bounded_semaphore, "a number of permits that cannot grow", add_bounded_semaphore_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::bounded_semaphore::Open{open_of(options), options.permits, options.recover});
         }},
    Type{ObjectType::condition, "waiting, with a lock, to be notified", add_condition_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::condition::Open{open_of(options), given_lock(daemon, options)});
         }},
    Type{ObjectType::event, "a flag to wait for", add_event_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::event::Open{open_of(options), options.auto_reset});
         }},
    Type{ObjectType::barrier, "where so many wait for one another", add_barrier_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::barrier::Open{open_of(options), options.parties});
         }},
    Type{ObjectType::queue, "items, first in, first out", add_queue_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::queue::Open{open_of(options), options.max_size});
         }},
    Type{ObjectType::list, "a list of values, empty", add_nothing,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::list::Open{open_of(options), {}});
         }},
    Type{ObjectType::dict, "a dict of values, empty", add_nothing,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::dict::Open{open_of(options), {}});
         }},
    Type{ObjectType::set, "values once each, empty", add_nothing,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::set::Open{open_of(options), {}});
         }},
    Type{ObjectType::name_space, "attributes and their values, empty", add_nothing,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::name_space::Open{open_of(options), {}});
         }},
    Type{ObjectType::array, "numbers of one type, zeros", add_array_options,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::array::Open{open_of(options), options.length, options.typecode, {}});
         }},
    Type{ObjectType::value, "a value, null", add_nothing,
         [](Daemon& daemon, const Options& options) {
             daemon.call(proto::value::Open{open_of(options), proto::packed_nil});
         }},
};

/// Empty where it may be.
std::string refuse_no_mode(const std::string& text) {
    const bool good = !text.empty() && text.size() <= 4 && text.find_first_not_of("01234567") == std::string::npos &&
                      (text.size() < 4 || text.front() == '0');
    return good ? "" : '\'' + text + "' is no mode; one is written as 0660";
}

using Chosen = std::function<void(Daemon&)>;

void add_type(CLI::App& arguments, const Type& type, const std::shared_ptr<Chosen>& chosen) {
    const auto options = std::make_shared<Options>();
    auto* its = arguments.add_subcommand(std::string(proto::to_string(type.type)), std::string(type.description));
    its->fallthrough();
    its->group("Types");
    its->add_option("NAME", options->name, "name of the object")->required()->check(names_new_object());
    its->add_option("--mode", options->mode, "who may look (read) and use it (write), as of a file (default: 0600)")
        ->option_text("MODE")
        ->check(refuse_no_mode);
    type.add_options(*its, *options);
    its->callback([options, chosen, make = type.make] { *chosen = [=](Daemon& daemon) { make(daemon, *options); }; });
}

Action prepare(CLI::App& arguments) {
    const auto chosen = std::make_shared<Chosen>();
    for (const auto& type : types)
        add_type(arguments, type, chosen);
    arguments.require_subcommand(0, 1);
    arguments.footer(
        "`steward make TYPE --help` lists the options of a type. Where an object of the name exists nothing is made; it\n"
        "is refused where that one has another type or other options. Mode, permits of a semaphore and contents may be\n"
        "others.");
    return [chosen](Context& context) {
        if (!*chosen)
            throw Failure(ExitStatus::usage, "make: the type of the object is missing; see `steward make --help`");
        (*chosen)(context.daemon());
        return 0;
    };
}

}  // namespace
}  // namespace make_parts

extern const Command make_command{"make", "TYPE NAME", "Makes an object of any type, with its options.",
                                  make_parts::prepare};

}  // namespace steward::cli
