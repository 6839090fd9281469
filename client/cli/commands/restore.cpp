#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/dump.hpp"
#include "shared/dump_file.hpp"

namespace steward::cli {
namespace restore_parts {
namespace {

using proto::dump::RecordKind;
using proto::restore::Existing;

struct Options {
    std::string path;
    bool skip_existing = false;
    bool replace = false;

    Existing existing() const {
        return replace ? Existing::replace : skip_existing ? Existing::skip : Existing::refuse;
    }
};

/// The records of a kind, many in one request.
void send(Daemon& daemon, shared::DumpReader& file, RecordKind kind) {
    constexpr std::size_t most_bytes = std::size_t{1} << 16;
    proto::restore::Add request;
    std::size_t bytes = 0;
    const auto flush = [&] {
        daemon.call(request);
        request.records.clear();
        bytes = 0;
    };
    file.rewind();
    while (const auto record = file.next()) {
        if (record->kind != kind)
            continue;
        if (bytes > 0 && bytes + record->bytes.size() > most_bytes)
            flush();
        request.records.push_back({std::string(record->bytes)});
        bytes += record->bytes.size();
    }
    flush();
}

/// The whole file has been looked at before the daemon hears of it.
proto::restore::Finish::Result restore_all(Daemon& daemon, const Options& options) {
    shared::DumpReader file(options.path);
    file.check();
    daemon.call(proto::restore::Begin{options.existing()});
    send(daemon, file, RecordKind::object);
    send(daemon, file, RecordKind::values);
    return *daemon.call(proto::restore::Finish{});
}

int restore(const Options& options, Context& context) {
    Table table({{"restored", "Restored", ColumnType::number},
                 {"skipped", "Skipped", ColumnType::number},
                 {"replaced", "Replaced", ColumnType::number}});
    try {
        table.add(as_json(restore_all(context.daemon(), options)));
    } catch (const shared::DumpError& error) {
        throw Failure(ExitStatus::damaged_dump, error.what());
    } catch (const Error& error) {
        if (error.code() != errc::object_exists)
            throw;
        throw Failure(ExitStatus::refused,
                      error.detail() + "; --skip-existing leaves what is there, --replace removes it");
    } catch (const std::system_error& error) {
        throw Failure(ExitStatus::not_found, "the dump cannot be read: " + std::string(error.what()));
    }
    context.print_record(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("FILE", options->path, "a file that `steward dump` has written")
        ->required()
        ->check(names_file());
    auto* skip = arguments.add_flag("--skip-existing", options->skip_existing,
                                    "leave objects as they are whose names exist (default: restore nothing then)");
    arguments.add_flag("--replace", options->replace, "remove objects whose names exist; those who wait are told")
        ->excludes(skip);
    arguments.footer(
        "A file that is damaged or not whole is refused before anything is changed. Objects get their names at the end,\n"
        "those of each user all at once: until then, whatever happens, there is none of them. Only root may restore\n"
        "objects of other users. Exit codes stand in `steward --help`.");
    return [options](Context& context) { return restore(*options, context); };
}

}  // namespace
}  // namespace restore_parts

extern const Command restore_command{"restore", "FILE", "Makes the objects of a dump again.", restore_parts::prepare};

}  // namespace steward::cli
