#include "daemon/options.hpp"

#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "daemon/configuration_file.hpp"
#include "daemon/options_description.hpp"
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

/// A time with its unit: 200ms, 30s, 5min.
CLI::Option* add_time(CLI::App& app, const std::string& name, std::chrono::milliseconds& time,
                      const std::string& description) {
    const std::map<std::string, std::int64_t> units{{"ms", 1}, {"s", 1'000}, {"min", 60'000}};
    constexpr std::int64_t longest_ms = 24 * 60 * 60'000;
    return app
        .add_option_function<std::int64_t>(
            name, [&time](std::int64_t ms) { time = std::chrono::milliseconds(ms); }, description)
        ->check(CLI::Range(std::int64_t{1}, longest_ms))
        ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME"))
        ->default_str(std::to_string(time.count() / 1'000) + "s")
        ->option_text("TIME");
}

/// CLI11 takes a sign, and what does not fit 64 bits, for another number.
std::string refuse_no_size(std::string& text) {
    constexpr std::size_t most_digits = 15;
    const auto digits = text.find_first_not_of("0123456789");
    const auto count = digits == std::string::npos ? text.size() : digits;
    return count == 0 || count > most_digits ? "'" + text + "' must be a number of bytes, or one with a unit: 64mb"
                                             : "";
}

/// Bytes, or with a unit.
CLI::Option* add_size(CLI::App& app, const std::string& name, std::uint64_t& bytes, std::uint64_t least,
                      std::uint64_t most, const std::string& description) {
    return app.add_option(name, bytes, description)
        ->check(CLI::Range(least, most))
        ->transform(CLI::AsSizeValue(false))
        ->transform(CLI::Validator(refuse_no_size, {}))
        ->option_text("SIZE");
}

CLI::Option* add_number(CLI::App& app, const std::string& name, std::size_t& number, const std::string& description) {
    constexpr std::size_t most = 1'000'000;
    return app.add_option(name, number, description)
        ->check(CLI::Range(std::size_t{1}, most))
        ->capture_default_str()
        ->option_text("N");
}

const std::map<std::string, bool> on_or_off{{"on", true}, {"off", false}};

/// Empty where it may be.
std::string refuse_no_instance(const std::string& name) {
    return name.empty() || name.find('/') != std::string::npos ? "'" + name + "' must be a name without '/'" : "";
}

void declare(CLI::App& app, Options& options) {
    app.set_help_flag("-h,--help", "Print this text and exit")->configurable(false);
    app.set_version_flag("--version", std::string(version), "Print the version and exit")->configurable(false);
    app.add_option("--config", options.config,
                   "Configuration file: any option below as `name = value` (default: " +
                       std::string(system_configuration) + " where root starts the daemon and the file exists)")
        ->configurable(false)
        ->option_text("FILE");
    app.add_flag("--check-config", options.check_config,
                 "Tell whether the command line and the configuration file are good, and exit")
        ->configurable(false);
    app.add_option("--socket", options.socket,
                   "Unix socket to listen at (default: $STEWARD_SOCKET; root: /run/steward/steward.sock; others: "
                   "$XDG_RUNTIME_DIR/steward.sock)")
        ->option_text("PATH");
    app.add_option("--instance", options.instance, "Name of the instance; its memory is found again by it")
        ->check(refuse_no_instance)
        ->capture_default_str()
        ->option_text("NAME");
    constexpr std::uint64_t mib = std::uint64_t{1} << 20;
    add_size(
        app, "--memory-limit", options.memory_limit_bytes, mib, mib << 30,
        "Shared memory that all objects may take together, bytes, or with a unit: kb, mb, gb (default: half of the "
        "machine's memory)");
    add_size(app, "--max-frame", options.max_frame_bytes, 1024, 1024 * mib,
             "Largest message that is accepted, bytes, or with a unit")
        ->capture_default_str();
    add_number(app, "--max-connections", options.max_connections, "Connections at the same time, a number");
    add_size(app, "--max-queued-replies", options.max_queued_reply_bytes, 1024, 1024 * mib,
             "Replies that may wait for a client before it is no longer read, bytes, or with a unit")
        ->capture_default_str();
    add_time(app, "--handshake-timeout", options.handshake_timeout,
             "Time that a connection has to open its session, with a unit: ms, s, min");
    add_number(app, "--max-handshakes", options.max_handshakes,
               "Connections of one user at the same time that have not opened their sessions, a number");
    add_time(app, "--frame-timeout", options.frame_timeout,
             "Time that a message may take from its first byte to its last one, with a unit: ms, s, min");
    add_time(
        app, "--grace", options.grace,
        "Time for which a client whose connection is lost, or whose daemon was restarted, keeps its places in line "
        "and the items that it took, with a unit: ms, s, min");
    app.add_option("--shared-words", options.shared_words,
                   "on: clients use the words of their own user's locks without asking; off: they always ask")
        ->transform(CLI::CheckedTransformer(on_or_off))
        ->default_str("on")
        ->option_text("on|off");
    app.add_option("--shared-reads", options.shared_reads,
                   "on: clients read their own user's objects from memory; off: they always ask")
        ->transform(CLI::CheckedTransformer(on_or_off))
        ->default_str("on")
        ->option_text("on|off");
    app.add_option("--log-level", options.log_level,
                   "Least important message that is logged: trace, debug, info, warn, error, or off: none")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
        ->capture_default_str()
        ->option_text("LEVEL");
    app.add_option("--log-format", options.log_format, "text, or json: one object a line")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, LogFormat>{{"text", LogFormat::text}, {"json", LogFormat::json}}))
        ->default_str("text")
        ->option_text("text|json");
    app.add_option("--state-dir", options.state_dir,
                   "Folder in which all objects are kept while the machine is down: they are dumped there at the end, "
                   "and restored at the start where their memory is gone (default: they are lost then)")
        ->check(CLI::ExistingDirectory)
        ->option_text("DIR");
    app.add_flag("--forget", options.forget,
                 "Remove the instance's memory, with all its objects, and exit; the daemon must not run")
        ->configurable(false);
    app.add_flag("--private", options.private_daemon,
                 "Serve one program: remove memory, socket and the socket's folder at the end");
    app.add_option("--owner-fd", options.owner_fd, "Descriptor number of a pidfd: end with that process")
        ->option_text("N");
    app.add_option("--ready-fd", options.ready_fd, "Descriptor number to write a byte to when the daemon serves")
        ->option_text("N");
}

/// The description of an option tells its default, too: CLI11 would show it behind its ranges and units.
void tell_defaults(CLI::App& app) {
    for (auto* option : app.get_options())
        if (!option->get_default_str().empty())
            option->description(option->get_description() + " (default: " + option->get_default_str() + ")");
}

constexpr std::array exit_codes{
    ExitCode{EX_OK, "ended as told"},
    ExitCode{EX_USAGE, "wrong usage"},
    ExitCode{EX_UNAVAILABLE, "another daemon serves this socket"},
    ExitCode{EX_OSERR, "the system refused a resource"},
    ExitCode{EX_CONFIG, "wrong configuration, or memory or a dump that this version must not touch"},
};

std::string list_of_exit_codes() {
    std::string text;
    for (const auto& entry : exit_codes)
        text += (text.empty() ? "Exit codes: " : "; ") + std::to_string(entry.code) + ' ' + std::string(entry.meaning);
    return text + '.';
}

std::string description_of(const CLI::App& app);

using Words = std::vector<std::string>;

/// A command line as it is described, and what it says.
struct CommandLine {
    Options options;
    CLI::App app{
        "stewardd owns named locks, semaphores, events, lists, dicts and values for the processes of this host.",
        "stewardd"};

    CommandLine() {
        options.memory_limit_bytes = default_memory_limit_bytes();
        app.footer(list_of_exit_codes());
        declare(app, options);
        tell_defaults(app);
        app.add_flag_callback(
               "--describe", [this] { throw CLI::CallForVersion(description_of(app), 0); },
               "All options and exit codes as JSON, of which the manual is made")
            ->configurable(false)
            ->group("");
    }
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    void parse(Words words) {
        std::ranges::reverse(words);  // the order that CLI11 wants a vector in
        app.parse(std::move(words));
    }
    bool says(const std::string& name) const { return app.count("--" + name) > 0; }
};

std::string word_of(const ConfigurationEntry& entry) {
    return "--" + entry.name + "=" + entry.value;
}

/// Throws ConfigurationError, with the line, where it would be refused on the command line too.
void check(const ConfigurationEntry& entry, const std::filesystem::path& file) {
    CommandLine alone;
    const auto* option = alone.app.get_option_no_throw("--" + entry.name);
    if (option == nullptr)
        throw ConfigurationError(file, entry.line,
                                 "there is no option " + entry.name + "; `stewardd --help` lists them");
    if (!option->get_configurable())
        throw ConfigurationError(file, entry.line, entry.name + " is for the command line alone");
    try {
        alone.parse({word_of(entry)});
    } catch (const CLI::ParseError& error) {
        throw ConfigurationError(file, entry.line, error.what());
    }
}

std::filesystem::path configuration_of(const CommandLine& line) {
    if (line.says("config"))
        return line.options.config;
    const bool of_the_system = ::geteuid() == 0 && !line.options.private_daemon;
    return of_the_system && std::filesystem::exists(system_configuration) ? system_configuration : "";
}

/// What the words say, and the configuration file where the words do not say it. Throws CLI::ParseError for the words,
/// ConfigurationError for the file.
Options options_from(const Words& words) {
    const auto line = std::make_unique<CommandLine>();
    line->parse(words);
    const auto file = configuration_of(*line);
    auto all = words;
    for (const auto& entry : file.empty() ? std::vector<ConfigurationEntry>{} : read_configuration(file)) {
        check(entry, file);
        if (!line->says(entry.name))
            all.push_back(word_of(entry));
    }
    CommandLine both;
    both.parse(std::move(all));
    auto& options = both.options;
    options.config = file;
    options.words = words;
    if (options.socket.empty())
        options.socket = default_socket();
    return std::move(options);
}

/// The options that are the same for as long as the daemon runs, or not.
struct Changeable {
    std::string_view name;
    bool (*is_same)(const Options&, const Options&);
    void (*take)(Options& running, const Options& fresh);  ///< null: not while it runs
};

template <auto member>
bool is_same_in(const Options& one, const Options& other) {
    return one.*member == other.*member;
}

template <auto member>
void copy_member(Options& running, const Options& fresh) {
    running.*member = fresh.*member;
}

template <auto member>
constexpr Changeable at_any_time(std::string_view name) {
    return {name, &is_same_in<member>, &copy_member<member>};
}

template <auto member>
constexpr Changeable at_the_start(std::string_view name) {
    return {name, &is_same_in<member>, nullptr};
}

constexpr std::array changeable{
    at_the_start<&Options::socket>("socket"),
    at_the_start<&Options::instance>("instance"),
    at_any_time<&Options::memory_limit_bytes>("memory-limit"),
    at_any_time<&Options::max_frame_bytes>("max-frame"),
    at_any_time<&Options::max_connections>("max-connections"),
    at_any_time<&Options::max_queued_reply_bytes>("max-queued-replies"),
    at_any_time<&Options::handshake_timeout>("handshake-timeout"),
    at_any_time<&Options::max_handshakes>("max-handshakes"),
    at_any_time<&Options::frame_timeout>("frame-timeout"),
    at_the_start<&Options::grace>("grace"),
    at_any_time<&Options::shared_words>("shared-words"),
    at_any_time<&Options::shared_reads>("shared-reads"),
    at_any_time<&Options::log_level>("log-level"),
    at_any_time<&Options::log_format>("log-format"),
    at_the_start<&Options::state_dir>("state-dir"),
    at_the_start<&Options::private_daemon>("private"),
    at_the_start<&Options::owner_fd>("owner-fd"),
    at_the_start<&Options::ready_fd>("ready-fd"),
};

bool takes_effect_at_once(std::string_view name) {
    return std::ranges::any_of(changeable,
                               [&](const Changeable& option) { return option.name == name && option.take != nullptr; });
}

std::string description_of(const CLI::App& app) {
    return describe_options(app, exit_codes, takes_effect_at_once);
}

}  // namespace

std::filesystem::path Options::memory_record() const {
    return socket.string() + "." + instance + ".memory";
}

ParsedOptions parse_options(int argc, const char* const* argv) {
    const Words words(argv + 1, argv + argc);
    try {
        return {.options = options_from(words), .exit_code = EX_OK};
    } catch (const CLI::ParseError& error) {
        const bool ended_as_told = CommandLine().app.exit(error) == 0;
        return {.options = std::nullopt, .exit_code = ended_as_told ? EX_OK : EX_USAGE};
    } catch (const ConfigurationError& error) {
        std::cerr << "stewardd: " << error.what() << '\n';
        return {.options = std::nullopt, .exit_code = EX_CONFIG};
    }
}

Options read_again(const Options& running) {
    auto options = options_from(running.words);
    if (!running.inherited_socket.empty())
        options.inherited_socket = options.socket = running.inherited_socket;
    return options;
}

OptionChanges changes_between(const Options& before, const Options& after) {
    OptionChanges changes;
    for (const auto& option : changeable)
        if (!option.is_same(before, after))
            (option.take != nullptr ? changes.taken : changes.left_over).emplace_back(option.name);
    return changes;
}

void take_over(Options& running, const Options& fresh) {
    for (const auto& option : changeable)
        if (option.take != nullptr)
            option.take(running, fresh);
}

}  // namespace steward::daemon
