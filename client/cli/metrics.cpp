#include "client/cli/metrics.hpp"

#include <array>
#include <cstdio>

#include "proto/object_type.hpp"

namespace steward::cli {
namespace {

/// The families in their order of printing.
enum FamilyIndex : std::size_t {
    up_seconds,
    sessions,
    objects,
    waiters_in_all,
    requests,
    refusals,
    memory_used,
    memory_obtained,
    memory_limit,
    acquisitions,
    operations,
    waited,
    waiting,
    holders,
    longest_wait,
    longest_hold,
    wait_time,
    hold_time,
};

std::string seconds(std::uint64_t ns) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.9g", static_cast<double>(ns) / 1e9);
    return text.data();
}

std::string labels_of(const proto::ObjectInfo& info) {
    return "name=\"" + label_value(info.name) + "\",type=\"" + std::string(to_string(info.type)) + "\",owner=\"" +
           std::to_string(info.owner) + "\"";
}

}  // namespace

std::string label_value(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (letter == '\\' || letter == '"')
            escaped += '\\';
        if (letter == '\n')
            escaped += "\\n";
        else
            escaped += letter;
    }
    return escaped;
}

std::vector<Metrics::Family> Metrics::all_families() {
    return {
        {"steward_uptime_seconds", "Time since the daemon started.", "gauge"},
        {"steward_sessions", "Sessions that are open.", "gauge"},
        {"steward_objects", "Objects that exist.", "gauge"},
        {"steward_waiting_requests", "Requests that wait for anything.", "gauge"},
        {"steward_requests_total", "Requests received.", "counter"},
        {"steward_refusals_total", "Requests answered with an error.", "counter"},
        {"steward_memory_used_bytes", "Shared memory in use.", "gauge"},
        {"steward_memory_obtained_bytes", "Shared memory obtained from the system.", "gauge"},
        {"steward_memory_limit_bytes", "Shared memory that the daemon may obtain.", "gauge"},
        {"steward_object_acquisitions_total", "Acquisitions of a lock or of permits.", "counter"},
        {"steward_object_operations_total", "Changes of the object by requests.", "counter"},
        {"steward_object_waits_total", "Requests that had to wait for the object.", "counter"},
        {"steward_object_waiters", "Requests that wait for the object.", "gauge"},
        {"steward_object_holders", "Agents that hold the object.", "gauge"},
        {"steward_object_longest_wait_seconds", "The longest wait that ended with what was wanted.", "gauge"},
        {"steward_object_longest_hold_seconds", "The longest hold seen.", "gauge"},
        {"steward_object_wait_seconds", "Waits that ended with what was wanted.", "histogram"},
        {"steward_object_hold_seconds", "Holds, from the first wait for the object on.", "histogram"},
    };
}

void Metrics::sample(std::size_t family, const std::string& suffix, const std::string& labels,
                     const std::string& value) {
    auto& into = families_[family];
    into.samples += into.name + suffix + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
}

/// Only up to the last bucket in use; the rest would be the same as +Inf.
void Metrics::histogram(std::size_t family, const std::string& labels, const std::vector<std::uint64_t>& counts,
                        std::uint64_t total_ns) {
    std::uint64_t count = 0;
    std::size_t used = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] != 0)
            used = i + 1;
    for (std::size_t i = 0; i < used; ++i) {
        count += counts[i];
        sample(family, "_bucket", labels + ",le=\"" + seconds(std::uint64_t{1} << i) + "\"", std::to_string(count));
    }
    sample(family, "_bucket", labels + ",le=\"+Inf\"", std::to_string(count));
    sample(family, "_sum", labels, seconds(total_ns));
    sample(family, "_count", labels, std::to_string(count));
}

void Metrics::add(const proto::daemon::Status::Result& status) {
    sample(up_seconds, "", "", seconds(static_cast<std::uint64_t>(status.uptime_ms) * 1'000'000));
    sample(sessions, "", "", std::to_string(status.sessions));
    sample(objects, "", "", std::to_string(status.objects));
    sample(waiters_in_all, "", "", std::to_string(status.waiters));
    sample(requests, "", "", std::to_string(status.requests));
    sample(refusals, "", "", std::to_string(status.refusals));
    sample(memory_used, "", "", std::to_string(status.memory_used_bytes));
    sample(memory_obtained, "", "", std::to_string(status.memory_obtained_bytes));
    sample(memory_limit, "", "", std::to_string(status.memory_limit_bytes));
}

void Metrics::add(const proto::ObjectInfo& info, const proto::object::Statistics::Result& statistics) {
    const auto labels = labels_of(info);
    sample(acquisitions, "", labels, std::to_string(statistics.acquisitions));
    sample(operations, "", labels, std::to_string(statistics.operations));
    sample(waited, "", labels, std::to_string(statistics.waited));
    sample(waiting, "", labels, std::to_string(info.waiters.size()));
    sample(holders, "", labels, std::to_string(info.holders.size()));
    sample(longest_wait, "", labels, seconds(statistics.wait_longest_ns));
    sample(longest_hold, "", labels, seconds(statistics.hold_longest_ns));
    if (statistics.waits.empty())
        return;
    histogram(wait_time, labels, statistics.waits, statistics.wait_total_ns);
    histogram(hold_time, labels, statistics.holds, statistics.hold_total_ns);
}

std::string Metrics::text() const {
    std::string text;
    for (const auto& family : families_)
        if (!family.samples.empty())
            text += "# HELP " + family.name + " " + family.help + "\n# TYPE " + family.name + " " + family.type + "\n" +
                    family.samples;
    return text;
}

}  // namespace steward::cli
