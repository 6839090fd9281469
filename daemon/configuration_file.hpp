#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace steward::daemon {

/// What a configuration file says wrong: "FILE:LINE: reason".
class ConfigurationError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
    ConfigurationError(const std::filesystem::path& file, unsigned line, const std::string& reason)
        : std::runtime_error(file.string() + ":" + std::to_string(line) + ": " + reason) {}
};

/// `name = value`. What the names and the values mean is not known here.
struct ConfigurationEntry {
    std::string name;
    std::string value;
    unsigned line = 0;
};

/// The entries of a configuration file, one in a line. `#` begins a comment, in a line of its own or behind a blank; a
/// value may stand in quotes ("..." or '...'), without which it has no blanks at its ends. `file` is named in errors.
/// Throws ConfigurationError: a line is no entry, or its name stands in another one.
std::vector<ConfigurationEntry> parse_configuration(std::string_view text, const std::filesystem::path& file);

/// The same of the file's content. Throws ConfigurationError also where it cannot be read.
std::vector<ConfigurationEntry> read_configuration(const std::filesystem::path& file);

}  // namespace steward::daemon
