#include <string>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "proto/daemon.hpp"

namespace steward::cli {
namespace reload_parts {
namespace {

int reload(Context& context) {
    const auto result = context.daemon().call(proto::daemon::Reload{});
    if (!result->error.empty())
        throw Failure(ExitStatus::configuration, result->error + "; nothing has changed");
    Table table({{"option", "OPTION"}, {"from", "TAKES EFFECT"}});
    for (const auto& option : result->changed)
        table.add({{"option", option}, {"from", "now"}});
    for (const auto& option : result->left_over)
        table.add({{"option", option}, {"from", "after the next start of stewardd"}});
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    arguments.footer(
        "Lists the options that have changed. A file that is wrong changes nothing, and the message says where (exit\n"
        "code 78). SIGHUP does the same and tells it in the log.");
    return reload;
}

}  // namespace
}  // namespace reload_parts

extern const Command reload_command{"reload", "", "Has the daemon read its configuration file again.",
                                    reload_parts::prepare};

}  // namespace steward::cli
