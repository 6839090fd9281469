#include "client/cli/sessions.hpp"

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"

namespace steward::cli {
namespace sessions_parts {
namespace {

int print_sessions(Context& context) {
    Table table({
        {"session", "SESSION", ColumnType::number},
        {"pid", "PID", ColumnType::number},
        {"uid", "USER", ColumnType::user},
        {"since_ms", "SINCE", ColumnType::age},
        {"holds", "HOLDS", ColumnType::number},
        {"waits", "WAITS", ColumnType::number},
        {"requests", "REQUESTS", ColumnType::number},
        {"connected", "CONNECTED", ColumnType::flag},
        {"in_name_of", "FOR", ColumnType::number},
        {"client_name", "CLIENT"},
        {"command", "COMMAND"},
    });
    for (const auto& session : list_sessions(context.daemon()))
        table.add(as_json(session));
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App&) {
    return print_sessions;
}

}  // namespace
}  // namespace sessions_parts

extern const Command sessions_command{"sessions", "", "Lists the processes that use the daemon.",
                                      sessions_parts::prepare};

}  // namespace steward::cli
