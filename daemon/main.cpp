#include <sysexits.h>

#include <exception>
#include <iostream>
#include <optional>
#include <utility>

#include "daemon/crash_report.hpp"
#include "daemon/logging.hpp"
#include "daemon/options.hpp"
#include "daemon/server.hpp"
#include "daemon/service_manager.hpp"
#include "shared/bus_errors.hpp"
#include "shared/dump_file.hpp"
#include "shared/kill_point.hpp"

namespace {

using namespace steward::daemon;

int forget(const Options& options) {
    const SocketClaim claim(options.socket);  // no daemon uses the memory now
    const auto domains = Domains::forget(options.memory_record(), "/dev/shm");
    if (!options.state_dir.empty())
        std::filesystem::remove(StateFolder(options.state_dir, options.instance).file());
    std::cout << "stewardd: removed the memory of instance " << options.instance << " (" << domains << " users)\n";
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
    std::cerr << "stewardd: " << error.what() << '\n';
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto parsed = parse_options(argc, argv);
        if (!parsed.options)
            return parsed.exit_code;
        const auto& options = *parsed.options;
        return options.check_config ? tell_configuration(options) : options.forget ? forget(options) : serve(options);
    } catch (const AlreadyServed& error) {
        return fail(error, EX_UNAVAILABLE);
    } catch (const steward::shared::DomainError& error) {
        return fail(error, EX_CONFIG);
    } catch (const steward::shared::DumpError& error) {
        return fail(error, EX_CONFIG);
    } catch (const std::exception& error) {
        return fail(error, EX_OSERR);
    }
}
