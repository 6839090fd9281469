#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "proto/session.hpp"

namespace steward::cli {
namespace {

int list_sessions(Context& context) {
    Table table({
        {"session", "SESSION", ColumnType::number},
        {"pid", "PID", ColumnType::number},
        {"uid", "USER", ColumnType::user},
        {"since_ms", "SINCE", ColumnType::age},
        {"holds", "HOLDS", ColumnType::number},
        {"waits", "WAITS", ColumnType::number},
        {"requests", "REQUESTS", ColumnType::number},
        {"connected", "CONNECTED", ColumnType::flag},
        {"client_name", "CLIENT"},
        {"command", "COMMAND"},
    });
    proto::session::List request;
    while (true) {
        const auto page = context.daemon().call(request);
        if (page->sessions.empty())
            break;
        for (const auto& session : page->sessions)
            table.add(as_json(session));
        request.after = page->sessions.back().session;
    }
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App&) {
    return list_sessions;
}

}  // namespace

extern const Command sessions_command{"sessions", "", "Lists the processes that use the daemon.", prepare};

}  // namespace steward::cli
