#include <chrono>
#include <memory>
#include <string>
#include <system_error>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/daemon.hpp"
#include "proto/dump.hpp"
#include "shared/boot_id.hpp"
#include "shared/dump_file.hpp"

namespace steward::cli {
namespace dump_parts {
namespace {

using std::chrono::nanoseconds;
using std::chrono::system_clock;

proto::dump::Header header_for(Daemon& daemon) {
    const auto status = daemon.call(proto::daemon::Status{});
    return {.daemon_version = status->version,
            .instance = status->instance,
            .boot = shared::boot_id(),
            .written_ns = nanoseconds(system_clock::now().time_since_epoch()).count()};
}

void read_all(Daemon& daemon, shared::DumpWriter& file) {
    daemon.call(proto::dump::Begin{});
    for (bool more = true; more;) {
        const auto page = daemon.call(proto::dump::Read{});
        for (const auto& record : page->records)
            file.add(record.bytes);
        more = page->more;
    }
}

int dump(const std::string& path, Context& context) {
    Table table({{"file", "File"}, {"objects", "Objects", ColumnType::number}});
    try {
        shared::DumpWriter file(path, header_for(context.daemon()));
        read_all(context.daemon(), file);
        file.commit();
        table.add({{"file", path}, {"objects", file.objects()}});
    } catch (const Error&) {
        throw;
    } catch (const std::system_error& error) {
        throw Failure(ExitStatus::refused, "the dump could not be written: " + std::string(error.what()));
    }
    context.print_record(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto path = std::make_shared<std::string>();
    arguments.add_option("FILE", *path, "file that is made, or replaced once the dump is whole")
        ->required()
        ->check(names_file());
    arguments.footer(
        "Objects are written as if whoever holds them or waits for them were gone. Of objects that change meanwhile each\n"
        "is as it was at some moment. `steward restore FILE` makes them again. Exit codes stand in `steward --help`.");
    return [path](Context& context) { return dump(*path, context); };
}

}  // namespace
}  // namespace dump_parts

extern const Command dump_command{"dump", "FILE", "Writes all objects that one may read into a file.",
                                  dump_parts::prepare};

}  // namespace steward::cli
