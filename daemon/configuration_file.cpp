#include "daemon/configuration_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace steward::daemon {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_quote(char letter) {
    return letter == '"' || letter == '\'';
}

/// Without the comment behind it.
std::string_view without_comment(std::string_view text) {
    for (auto mark = text.find('#'); mark != std::string_view::npos; mark = text.find('#', mark + 1))
        if (mark == 0 || blanks.find(text[mark - 1]) != std::string_view::npos)
            return trimmed(text.substr(0, mark));
    return text;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
    });
}

/// Reads one line after the other.
class Lines {
  public:
    explicit Lines(const std::filesystem::path& file) : file_(file) {}

    void read(std::string_view line) {
        ++number_;
        const auto text = trimmed(line);
        if (!text.empty() && text.front() != '#')
            add(text);
    }

    std::vector<ConfigurationEntry> entries;

  private:
    void add(std::string_view text) {
        const auto sign = text.find('=');
        const auto name = trimmed(text.substr(0, sign));
        if (sign == std::string_view::npos || !is_name(name))
            refuse("a line is `name = value`, with the name of an option without its dashes");
        const auto before = std::ranges::find(entries, name, &ConfigurationEntry::name);
        if (before != entries.end())
            refuse(before->name + " stands in line " + std::to_string(before->line) + " already");
        entries.push_back(
            {.name = std::string(name), .value = value_in(trimmed(text.substr(sign + 1))), .line = number_});
    }

    std::string value_in(std::string_view text) const {
        if (!text.empty() && is_quote(text.front()))
            return quoted_value_in(text);
        const auto value = without_comment(text);
        if (value.empty())
            refuse("there is no value behind the =");
        return std::string(value);
    }

    std::string quoted_value_in(std::string_view text) const {
        const auto end = text.find(text.front(), 1);
        if (end == std::string_view::npos)
            refuse("the quote is not closed");
        if (!without_comment(text.substr(end + 1)).empty())
            refuse("there is something behind the quoted value");
        return std::string(text.substr(1, end - 1));
    }

    [[noreturn]] void refuse(const std::string& reason) const { throw ConfigurationError(file_, number_, reason); }

    const std::filesystem::path& file_;
    unsigned number_ = 0;
};

}  // namespace

std::vector<ConfigurationEntry> parse_configuration(std::string_view text, const std::filesystem::path& file) {
    Lines lines(file);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.read(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(lines.entries);
}

std::vector<ConfigurationEntry> read_configuration(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (stream)
        text << stream.rdbuf();
    if (!stream || std::filesystem::is_directory(file))
        throw ConfigurationError(file.string() + ": cannot be read: " + std::generic_category().message(errno));
    return parse_configuration(text.str(), file);
}

}  // namespace steward::daemon
