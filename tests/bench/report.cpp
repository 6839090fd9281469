#include "tests/bench/report.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include <nlohmann/json.hpp>

namespace steward::bench {
namespace {

std::string fixed(double number, int decimals) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(decimals) << number;
    return text.str();
}

std::string figure_text(double figure) {
    return fixed(figure, figure < 1000 ? 1 : 0);
}

std::string verdict(const Result& result, const Goal& goal) {
    const auto kept = reached(result, goal);
    const auto bound = std::string(result.better == Better::lower ? "<= " : ">= ") + fixed(goal.bound, 2);
    return bound + (!kept ? "  not measured" : *kept ? "  reached" : "  MISSED");
}

/// What is said of the goal that names this peer, or of the one that names none.
std::string verdict_on(const Result& result, const std::string& peer) {
    const auto goal = std::ranges::find(result.goals, peer, &Goal::peer);
    return goal == result.goals.end() ? "" : verdict(result, *goal);
}

void add_line(std::ostream& table, const std::string& row, const std::string& unit, const std::string& who,
              const std::string& figure, const std::string& ratio, const std::string& goal) {
    std::ostringstream line;
    line << std::left << std::setw(26) << row << std::setw(6) << unit << std::setw(9) << who << std::right
         << std::setw(12) << figure << std::setw(8) << ratio << "  " << goal;
    const auto text = line.str();
    table << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
}

void add_result(std::ostream& table, const Result& result) {
    add_line(table, result.row, result.unit, "steward", figure_text(result.steward), "", verdict_on(result, ""));
    for (const auto& peer : result.peers)
        add_line(table, "", "", peer.name, figure_text(peer.figure), fixed(peer.ratio, 2),
                 verdict_on(result, peer.name));
}

}  // namespace

std::string as_table(const std::vector<Result>& results) {
    std::ostringstream table;
    add_line(table, "row", "unit", "who", "figure", "ratio", "goal");
    for (const auto& result : results)
        add_result(table, result);
    return table.str();
}

std::string as_json(const std::vector<Result>& results) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& result : results) {
        auto peers = nlohmann::ordered_json::object();
        auto ratios = nlohmann::ordered_json::object();
        for (const auto& peer : result.peers) {
            peers[peer.name] = peer.figure;
            ratios[peer.name] = peer.ratio;
        }
        list.push_back({{"row", result.row},
                        {"unit", result.unit},
                        {"better", result.better == Better::lower ? "lower" : "higher"},
                        {"steward", result.steward},
                        {"peers", peers},
                        {"ratios", ratios}});
    }
    return list.dump(2) + "\n";
}

}  // namespace steward::bench
