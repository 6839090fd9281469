#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/display_text.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/terminal.hpp"
#include "proto/daemon.hpp"

namespace steward::cli {
namespace top_parts {
namespace {

constexpr auto refresh_time = std::chrono::milliseconds(1000);

/// What is known at one moment.
struct Sample {
    std::chrono::steady_clock::time_point when = std::chrono::steady_clock::now();
    proto::daemon::Status::Result status;
    std::vector<proto::ObjectInfo> objects;
};

Sample take_sample(Daemon& daemon) {
    Sample sample;
    sample.status = *daemon.call(proto::daemon::Status{});
    sample.objects = list_objects(daemon, {}, std::nullopt);
    return sample;
}

/// By how much a count has grown a second; null for what was not there before.
Json rate(std::uint64_t now, std::optional<std::uint64_t> before, double seconds) {
    if (!before || seconds <= 0 || now < *before)
        return {};
    return std::llround(static_cast<double>(now - *before) / seconds);
}

std::int64_t longest_wait_ms(const proto::ObjectInfo& object) {
    std::int64_t longest = 0;
    for (const auto& waiter : object.waiters)
        longest = std::max(longest, waiter.since_ms);
    return longest;
}

/// The most contended first: who is waited for by most, then who was waited for most often, then by work.
void rank(std::vector<proto::ObjectInfo>& objects) {
    const auto key = [](const proto::ObjectInfo& object) {
        return std::tuple(object.waiters.size(), longest_wait_ms(object), object.waits, object.operations);
    };
    std::ranges::stable_sort(objects, std::greater{}, key);
}

Table table_of(const Sample& now, const Sample* before) {
    Table table({
        {"name", "NAME"},
        {"type", "TYPE"},
        {"waiting", "WAITING", ColumnType::number},
        {"longest_wait_ms", "LONGEST", ColumnType::age},
        {"holders", "HELD BY", ColumnType::agents},
        {"operations_per_s", "OPS/S", ColumnType::number},
        {"waits_per_s", "WAITS/S", ColumnType::number},
        {"waits", "WAITS", ColumnType::number},
    });
    std::map<std::uint64_t, const proto::ObjectInfo*> former;
    double seconds = 0;
    if (before != nullptr) {
        seconds = std::chrono::duration<double>(now.when - before->when).count();
        for (const auto& object : before->objects)
            former.emplace(object.object, &object);
    }
    for (const auto& object : now.objects) {
        const auto found = former.find(object.object);
        const auto* known = found == former.end() ? nullptr : found->second;
        auto row = object_json(object);
        row["waiting"] = object.waiters.size();
        row["longest_wait_ms"] = object.waiters.empty() ? Json() : Json(longest_wait_ms(object));
        row["operations_per_s"] =
            rate(object.operations, known != nullptr ? std::optional(known->operations) : std::nullopt, seconds);
        row["waits_per_s"] = rate(object.waits, known != nullptr ? std::optional(known->waits) : std::nullopt, seconds);
        table.add(std::move(row));
    }
    return table;
}

std::string headline(const Sample& now, const Sample* before) {
    std::string text = std::to_string(now.status.sessions) + " sessions, " + std::to_string(now.status.objects) +
                       " objects, " + std::to_string(now.status.waiters) + " waiting";
    if (before != nullptr) {
        const auto seconds = std::chrono::duration<double>(now.when - before->when).count();
        const auto per_second = rate(now.status.requests, before->status.requests, seconds);
        if (!per_second.is_null())
            text += ", " + per_second.dump() + " requests/s";
    }
    return text;
}

/// As much of the text as the screen has room for.
std::string screen(const std::string& text, Terminal::Size size) {
    std::istringstream lines(text);
    std::string shown = "\x1b[H\x1b[2J";
    std::string line;
    for (std::size_t row = 0; row + 1 < size.rows && std::getline(lines, line); ++row)
        shown += shortened(line, size.columns) + "\n";
    return shown;
}

std::string page(const Sample& now, const Sample* before) {
    std::ostringstream text;
    text << headline(now, before) << "   (q quits)\n\n";
    print_rows(text, table_of(now, before));
    return text.str();
}

int show_in_terminal(Context& context) {
    Terminal terminal;
    std::optional<Sample> before;
    for (;;) {
        auto now = take_sample(context.daemon());
        rank(now.objects);
        std::cout << screen(page(now, before ? &*before : nullptr), terminal.size()) << std::flush;
        before = std::move(now);
        const char key = terminal.key_within(refresh_time);
        if (key == 'q' || key == 'Q')
            return 0;
    }
}

int show(Context& context) {
    if (Terminal::is_there() && !context.wants_json())
        return show_in_terminal(context);
    auto now = take_sample(context.daemon());
    rank(now.objects);
    context.print_listing(table_of(now, nullptr));
    return 0;
}

Action prepare(CLI::App&) {
    return show;
}

}  // namespace
}  // namespace top_parts

extern const Command top_command{
    "top", "", "Shows the most contended objects, again and again on a terminal (q quits), else once.",
    top_parts::prepare};

}  // namespace steward::cli
