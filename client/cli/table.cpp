#include "client/cli/table.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

#include "client/cli/display_text.hpp"

namespace steward::cli {
namespace {

constexpr std::string_view nothing = "-";
constexpr std::size_t column_gap = 2;
constexpr std::size_t agent_width = 48;

using Line = std::vector<std::string>;

constexpr bool aligns_right(ColumnType type) {
    switch (type) {
        case ColumnType::number:
        case ColumnType::age:
        case ColumnType::time:
        case ColumnType::size:
        case ColumnType::count: return true;
        case ColumnType::text:
        case ColumnType::name:
        case ColumnType::flag:
        case ColumnType::user:
        case ColumnType::histogram:
        case ColumnType::agents: return false;
    }
    return false;
}

std::string agent_in_words(const Json& agent) {
    return std::to_string(agent.at("pid").get<std::int64_t>()) + ' ' +
           printable(agent.at("command").get<std::string>());
}

std::string agents_text(const Json& agents) {
    if (agents.is_object())
        return shortened(agent_in_words(agents), agent_width);
    if (agents.empty())
        return std::string(nothing);
    const auto others = agents.size() - 1;
    return shortened(agent_in_words(agents.front()), agent_width) +
           (others == 0 ? "" : " and " + std::to_string(others) + " more");
}

std::string histogram_text(const Json& counts) {
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (const auto count = counts[i].get<std::uint64_t>(); count != 0)
            text += (text.empty() ? "" : ", ") + std::to_string(count) + " below " + time_text(std::uint64_t{1} << i);
    return text.empty() ? std::string(nothing) : text;
}

std::string cell_text(const Json& cell, ColumnType type) {
    if (cell.is_null())
        return std::string(nothing);
    switch (type) {
        case ColumnType::text:
        case ColumnType::name: return printable(cell.get<std::string>());
        case ColumnType::number: return cell.dump();
        case ColumnType::flag: return cell.get<bool>() ? "yes" : "no";
        case ColumnType::age: return age_text(std::chrono::milliseconds(cell.get<std::int64_t>()));
        case ColumnType::time: return time_text(cell.get<std::uint64_t>());
        case ColumnType::histogram: return histogram_text(cell);
        case ColumnType::size: return size_text(cell.get<std::uint64_t>());
        case ColumnType::user: return user_text(cell.get<std::uint32_t>());
        case ColumnType::agents: return agents_text(cell);
        case ColumnType::count: return std::to_string(cell.size());
    }
    return {};
}

Json cell_of(const Json& row, const Column& column) {
    const auto found = row.find(column.key);
    if (column.type == ColumnType::name && row.contains("id") && (found == row.end() || found->is_null()))
        return '#' + row.at("id").dump();
    return found == row.end() ? Json() : *found;
}

std::string aligned(const std::string& text, std::size_t width, bool right) {
    const std::string padding(width - std::min(width, display_width(text)), ' ');
    return right ? padding + text : text + padding;
}

std::vector<Line> lines_of(const Table& table) {
    std::vector<Line> lines(1);
    for (const auto& column : table.columns())
        lines.front().emplace_back(column.heading);
    for (const auto& row : table.rows()) {
        auto& line = lines.emplace_back();
        for (const auto& column : table.columns())
            line.push_back(cell_text(cell_of(row, column), column.type));
    }
    return lines;
}

std::vector<std::size_t> widths_of(const std::vector<Line>& lines) {
    std::vector<std::size_t> widths(lines.front().size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], display_width(line[i]));
    return widths;
}

std::string ns_text(std::int64_t ns) {
    return age_text(std::chrono::floor<std::chrono::milliseconds>(std::chrono::nanoseconds(ns)));
}

std::int64_t ns_since(std::int64_t ns_since_1970) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return (now - std::chrono::nanoseconds(ns_since_1970)).count();
}

/// A number of an agent in words, where there is one.
template <class Text>
void tell(std::string& text, const Json& agent, const char* key, Text&& in_words) {
    if (const auto found = agent.find(key); found != agent.end() && found->is_number())
        text += in_words(found->template get<std::int64_t>());
}

/// All that is told of one that holds or waits, or that died holding.
std::string agent_details(const Json& agent) {
    auto text = agent_in_words(agent);
    tell(text, agent, "thread", [](auto thread) { return ", thread " + std::to_string(thread); });
    tell(text, agent, "since_ms", [](auto ms) { return ", since " + age_text(std::chrono::milliseconds(ms)); });
    tell(text, agent, "timeout_ms", [](auto ms) { return ", " + age_text(std::chrono::milliseconds(ms)) + " left"; });
    tell(text, agent, "held_for_ns", [](auto ns) { return ", after " + ns_text(ns); });
    tell(text, agent, "when_ns", [](auto ns) { return ", " + ns_text(ns_since(ns)) + " ago"; });
    tell(text, agent, "amount", [](auto amount) { return amount == 1 ? "" : ", amount " + std::to_string(amount); });
    tell(text, agent, "token", [](auto token) { return ", token " + std::to_string(token); });
    if (const auto where = agent.value("where", std::string()); !where.empty())
        text += ", at " + printable(where);
    if (const auto unit = agent.value("unit", std::string()); !unit.empty())
        text += ", in " + printable(unit);
    const auto others = agent.value("others", Json::array());
    for (const auto& other : others)
        text += (&other == &others.front() ? ", waits for " : ", ") + printable(other.get<std::string>()) +
                (&other == &others.back() ? " too" : "");
    return text;
}

/// Each agent of an array has a line of its own.
Line record_lines(const Json& cell, ColumnType type) {
    if (type != ColumnType::agents || cell.empty())
        return {cell_text(cell, type)};
    if (cell.is_object())
        return {agent_details(cell)};
    Line lines;
    for (const auto& agent : cell)
        lines.push_back(agent_details(agent));
    return lines;
}

}  // namespace

void print_rows(std::ostream& out, const Table& table) {
    const auto lines = lines_of(table);
    const auto widths = widths_of(lines);
    for (const auto& line : lines) {
        std::string shown;
        for (std::size_t i = 0; i < line.size(); ++i)
            shown += aligned(line[i], widths[i], aligns_right(table.columns()[i].type)) + std::string(column_gap, ' ');
        shown.erase(shown.find_last_not_of(' ') + 1);
        out << shown << '\n';
    }
}

void print_records(std::ostream& out, const Table& table) {
    std::size_t width = 0;
    for (const auto& column : table.columns())
        width = std::max(width, display_width(column.heading));
    for (const auto& row : table.rows())
        for (const auto& column : table.columns()) {
            auto label = std::string(column.heading) + ':';
            for (const auto& line : record_lines(cell_of(row, column), column.type)) {
                out << aligned(label, width + 1 + column_gap, false) << line << '\n';
                label.clear();
            }
        }
}

}  // namespace steward::cli
