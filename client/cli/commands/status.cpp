#include <utility>

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "proto/daemon.hpp"

namespace steward::cli {
namespace status_parts {
namespace {

int show_status(Context& context) {
    Table table({
        {"socket", "Socket"},
        {"version", "Version"},
        {"pid", "Process", ColumnType::number},
        {"instance", "Instance"},
        {"uptime_ms", "Up for", ColumnType::age},
        {"sessions", "Sessions", ColumnType::number},
        {"objects", "Objects", ColumnType::number},
        {"waiters", "Waiters", ColumnType::number},
        {"requests", "Requests", ColumnType::number},
        {"refusals", "Refusals", ColumnType::number},
        {"domains", "Domains", ColumnType::number},
        {"memory_used_bytes", "Memory used", ColumnType::size},
        {"memory_obtained_bytes", "Memory obtained", ColumnType::size},
        {"memory_limit_bytes", "Memory limit", ColumnType::size},
    });
    auto status = as_json(*context.daemon().call(proto::daemon::Status{}));
    status["socket"] = context.daemon().socket();
    table.add(std::move(status));
    context.print_record(table);
    return 0;
}

Action prepare(CLI::App&) {
    return show_status;
}

}  // namespace
}  // namespace status_parts

extern const Command status_command{"status", "", "Tells how the daemon does.", status_parts::prepare};

}  // namespace steward::cli
