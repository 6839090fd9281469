#include <sysexits.h>

#include <exception>
#include <iostream>
#include <optional>
#include <utility>

#include "daemon/crash_report.hpp"
#include "daemon/logging.hpp"
#include "daemon/options.hpp"
#include "daemon/own_process.hpp"
#include "daemon/server.hpp"
#include "daemon/service_manager.hpp"
#include "shared/bus_errors.hpp"
#include "shared/dump_file.hpp"
#include "shared/kill_point.hpp"

namespace {

using namespace steward::daemon;

/// A record that cannot be read is given up alone: what it named cannot be known. Nothing: it was so.
std::optional<std::size_t> forget_memory(const std::filesystem::path& record) {
    try {
        return Domains::forget(record, "/dev/shm");
    } catch (const steward::shared::DomainError& error) {
        if (error.fault() != steward::shared::DomainFault::damaged)
            throw;
        std::cerr << "stewardd: " << error.what()
                  << "; it was removed, and what it may have named was not: see `steward "
                  << "doctor`\n";
        std::filesystem::remove(record);
        return std::nullopt;
    }
}

int forget(const Options& options) {
    const SocketClaim claim(options.socket);  // no daemon uses the memory now
    const auto domains = forget_memory(options.memory_record());
    if (!options.state_dir.empty())
        std::filesystem::remove(StateFolder(options.state_dir, options.instance).file());
    if (domains)
        std::cout << "stewardd: removed the memory of instance " << options.instance << " (" << *domains << " users)\n";
    return EX_OK;
}

int tell_configuration(const Options& options) {
    std::cout << "stewardd: the configuration is good"
              << (options.config.empty() ? "; there is no file" : " (" + options.config.string() + ")") << '\n';
    return EX_OK;
}

/// The socket of a service manager decides where the daemon listens.
int serve(Options options) {
    auto inherited = options.private_daemon ? std::nullopt : take_inherited_socket();
    if (inherited)
        options.inherited_socket = options.socket = inherited->path;
    set_up_logging(options);
    report_crashes(log_output(), options.log_format);
    steward::shared::survive_bus_errors();
    steward::shared::share_kill_points();
    Server(options, inherited ? std::move(inherited->fd) : steward::shared::UniqueFd()).run();
    return EX_OK;
}

/// How the daemon leaves when it cannot serve: one line for a person, one exit code for a service manager.
int fail(const std::exception& error, int exit_code) {
    std::cerr << (logs_to_journal() ? "<3>" : "") << "stewardd: " << error.what() << '\n';
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        prepare_own_process();
        const auto parsed = parse_options(argc, argv);
        if (!parsed.options)
            return parsed.exit_code;
        const auto& options = *parsed.options;
        return options.check_config ? tell_configuration(options) : options.forget ? forget(options) : serve(options);
    } catch (const AlreadyServed& error) {
        return fail(error, EX_UNAVAILABLE);
    } catch (const WrongSocket& error) {
        return fail(error, EX_CONFIG);
    } catch (const steward::shared::DomainError& error) {
        std::cerr << "stewardd: what it cannot go on with it leaves as it is. Where that is lost anyway, start with an "
                     "empty memory: run stewardd with the same options and --forget first, as the same user (see "
                     "stewardd(8))\n";
        return fail(error, EX_CONFIG);
    } catch (const steward::shared::DumpError& error) {
        return fail(error, EX_CONFIG);
    } catch (const std::exception& error) {
        return fail(error, EX_OSERR);
    }
}
