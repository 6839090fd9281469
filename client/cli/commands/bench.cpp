#include <unistd.h>

#include <cmath>
#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/median.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/value.hpp"

namespace steward::cli {
namespace bench_parts {
namespace {

Json measured(const char* measure, double ns) {
    return {{"measure", measure}, {"median_ns", std::llround(ns)}, {"per_second", std::llround(1e9 / ns)}};
}

/// Objects of its own, which go with this process.
proto::Open own_object(const std::string& name) {
    return {.name = name, .open_mode = proto::OpenMode::create_only, .ephemeral = true};
}

double measure_round_trip(Daemon& daemon, const Repetitions& options, const std::string& prefix) {
    const auto name = prefix + "/value";
    const detail::PackedAny value(daemon.manager(), 0);
    const auto object = daemon.call(proto::value::Open{own_object(name), value})->object;
    return median_ns(options, [&] { daemon.call(proto::value::Set{object, value}); });
}

double measure_lock_cycle(Daemon& daemon, const Repetitions& options, const std::string& prefix) {
    const auto name = prefix + "/lock";
    const auto lock = daemon.call(proto::lock::Open{own_object(name)})->object;
    return median_ns(options, [&] {
        daemon.call(proto::lock::Acquire{lock, main_thread, {}, {}});
        daemon.call(proto::lock::Release{lock, main_thread});
    });
}

int measure(const Repetitions& options, Context& context) {
    Table table({
        {"measure", "MEASURE"},
        {"median_ns", "MEDIAN, NS", ColumnType::number},
        {"per_second", "PER SECOND", ColumnType::number},
    });
    auto& daemon = context.daemon();
    const auto prefix = "steward-bench/" + std::to_string(::getpid());
    table.add(measured("round_trip", measure_round_trip(daemon, options, prefix)));
    table.add(measured("lock_cycle", measure_lock_cycle(daemon, options, prefix)));
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Repetitions>();
    arguments.add_option("--repetitions", options->repetitions, "measurements whose median is told (default: 7)")
        ->option_text("N")
        ->check(CLI::Range(1, 1'000'000));
    arguments.add_option("--operations", options->operations, "operations in each of them (default: 2000)")
        ->option_text("N")
        ->check(CLI::Range(1, 1'000'000));
    return [options](Context& context) { return measure(*options, context); };
}

}  // namespace
}  // namespace bench_parts

extern const Command bench_command{"bench", "", "Measures round trips and lock cycles with this daemon.",
                                   bench_parts::prepare};

}  // namespace steward::cli
