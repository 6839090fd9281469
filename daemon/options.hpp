#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::daemon {

enum class LogFormat : std::uint8_t { text, json };

/// What `stewardd` can be told on its command line and in its configuration file.
struct Options {
    std::filesystem::path socket;
    std::string instance = "default";
    std::uint64_t memory_limit_bytes = 0;
    std::size_t max_frame_bytes = std::size_t{16} << 20;
    std::size_t max_connections = 20'000;
    std::size_t max_queued_reply_bytes = std::size_t{1} << 20;
    std::chrono::milliseconds handshake_timeout = std::chrono::seconds(30);
    std::size_t max_handshakes = 64;
    std::chrono::milliseconds frame_timeout = std::chrono::seconds(10);
    std::chrono::milliseconds grace = std::chrono::seconds(5);
    bool shared_words = true;
    bool shared_reads = true;
    std::string log_level = "info";
    LogFormat log_format = LogFormat::text;
    std::filesystem::path state_dir;  ///< empty: objects are lost with the memory
    bool forget = false;
    bool check_config = false;
    bool private_daemon = false;
    std::optional<int> owner_fd;
    std::optional<int> ready_fd;

    std::filesystem::path inherited_socket;  ///< that of a service manager, which comes before all others; empty: none
    std::filesystem::path config;            ///< the file that was read; empty: none
    std::vector<std::string> words;          ///< of the command line

    /// The record beside the socket that says which memory files are this instance's.
    std::filesystem::path memory_record() const;
};

/// Where the daemon of the system, which root has started, looks for its configuration.
inline constexpr std::string_view system_configuration = "/etc/steward/stewardd.conf";

/// The options, or the exit code with which the process has to end (help was shown: 0; wrong usage: 64; wrong
/// configuration file: 78); the message has been printed then.
struct ParsedOptions {
    std::optional<Options> options;
    int exit_code = 0;
};

ParsedOptions parse_options(int argc, const char* const* argv);

/// The same command line with the configuration file as it is now. Throws ConfigurationError.
Options read_again(const Options&);

/// How the options of a daemon that runs have changed, by their names.
struct OptionChanges {
    std::vector<std::string> taken;      ///< take effect while it runs
    std::vector<std::string> left_over;  ///< take effect with the next start
};
OptionChanges changes_between(const Options& before, const Options& after);

/// `running` gets what can take effect while it runs.
void take_over(Options& running, const Options& fresh);

}  // namespace steward::daemon
