#include "daemon/options.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>

#include "daemon/version.hpp"

namespace steward::daemon {
namespace {

std::filesystem::path default_socket() {
    if (const char* socket = std::getenv("STEWARD_SOCKET"); socket != nullptr && *socket != '\0')
        return socket;
    if (::geteuid() == 0)
        return "/run/steward/steward.sock";
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime != nullptr && *runtime != '\0')
        return std::filesystem::path(runtime) / "steward.sock";
    return "/run/steward/steward.sock";
}

/// Half of the machine's memory.
std::uint64_t default_memory_limit_bytes() {
    const auto pages = ::sysconf(_SC_PHYS_PAGES);
    const auto page_bytes = ::sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page_bytes <= 0)
        return std::uint64_t{1} << 30;
    return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes) / 2;
}

const std::map<std::string, bool> on_or_off{{"on", true}, {"off", false}};

void describe(CLI::App& app, Options& options) {
    app.set_version_flag("--version", std::string(version));
    app.set_config("--config", "", "Configuration file: any option below as `name = value`", false);
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.add_option("--socket", options.socket,
                   "Unix socket to listen at (default: $STEWARD_SOCKET; root: /run/steward/steward.sock; others: "
                   "$XDG_RUNTIME_DIR/steward.sock)");
    app.add_option("--instance", options.instance, "Name of the instance; its memory is found again by it")
        ->capture_default_str();
    app.add_option("--memory-limit", options.memory_limit_bytes,
                   "Shared memory that all objects may take together, bytes, or with a unit: kb, mb, gb (default: "
                   "half of the machine's memory)")
        ->transform(CLI::AsSizeValue(false));
    app.add_option("--max-frame", options.max_frame_bytes, "Largest message that is accepted, bytes, or with a unit")
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::size_t{1024}, std::size_t{1} << 30))
        ->capture_default_str();
    app.add_option("--max-connections", options.max_connections, "Connections at the same time, a number")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--max-queued-replies", options.max_queued_reply_bytes,
                   "Replies that may wait for a client before it is no longer read, bytes, or with a unit")
        ->transform(CLI::AsSizeValue(false))
        ->capture_default_str();
    app.add_option("--shared-words", options.shared_words,
                   "on: clients use the words of their own user's locks without asking; off: they always ask")
        ->transform(CLI::CheckedTransformer(on_or_off))
        ->default_str("on");
    app.add_option("--shared-reads", options.shared_reads,
                   "on: clients read their own user's objects from memory; off: they always ask")
        ->transform(CLI::CheckedTransformer(on_or_off))
        ->default_str("on");
    app.add_option("--log-level", options.log_level, "Least important message that is logged")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
        ->capture_default_str();
    app.add_option("--log-format", options.log_format, "text, or json: one object a line (default: text)")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, LogFormat>{{"text", LogFormat::text}, {"json", LogFormat::json}}));
    app.add_flag("--forget", options.forget,
                 "Remove the instance's memory, with all its objects, and exit; the daemon must not run");
    app.add_flag("--private", options.private_daemon,
                 "Serve one program: remove memory, socket and the socket's folder at the end");
    app.add_option("--owner-fd", options.owner_fd, "Descriptor number of a pidfd: end with that process");
    app.add_option("--ready-fd", options.ready_fd, "Descriptor number to write a byte to when the daemon serves");
}

/// Whether the configuration file that was named is at fault, and not the rest of the command line.
bool has_wrong_configuration(const CLI::App& app) {
    const auto files = app.get_config_ptr()->results();
    if (files.empty())
        return false;
    Options ignored;
    CLI::App file_alone;
    describe(file_alone, ignored);
    try {
        file_alone.parse({files.front(), "--config"});  // CLI11 takes the words from the end
        return false;
    } catch (const CLI::ParseError&) {
        return true;
    }
}

}  // namespace

std::filesystem::path Options::memory_record() const {
    return socket.string() + "." + instance + ".memory";
}

ParsedOptions parse_options(int argc, const char* const* argv) {
    Options options;
    options.memory_limit_bytes = default_memory_limit_bytes();
    CLI::App app{
        "stewardd owns named locks, semaphores, events, lists, dicts and values for the processes of this host.",
        "stewardd"};
    app.footer(
        "Exit codes: 0 ended as told; 64 wrong usage; 69 another daemon serves this socket; 71 the system refused "
        "a resource; 78 wrong configuration, or memory that this version must not touch.");
    describe(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool ended_as_told = app.exit(error) == 0;
        return {.options = std::nullopt,
                .exit_code = ended_as_told                  ? EX_OK
                             : has_wrong_configuration(app) ? EX_CONFIG
                                                            : EX_USAGE};
    }
    if (options.socket.empty())
        options.socket = default_socket();
    if (options.instance.empty() || options.instance.find('/') != std::string::npos) {
        std::cerr << "stewardd: --instance '" << options.instance << "' must be a name without '/'\n";
        return {.options = std::nullopt, .exit_code = EX_USAGE};
    }
    return {.options = options, .exit_code = EX_OK};
}

}  // namespace steward::daemon
