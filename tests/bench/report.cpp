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
    return fixed(figure, figure < 10 ? 2 : figure < 1000 ? 1 : 0);
}

/// Small ratios are all about how small.
std::string ratio_text(double ratio) {
    return fixed(ratio, ratio < 0.1 ? 4 : ratio < 100 ? 2 : 0);
}

std::string plain(double number) {
    std::ostringstream text;
    text << number;
    return text.str();
}

std::string bound_text(const Result& result, const Goal& goal) {
    return (result.better == Better::lower ? "<= " : ">= ") + plain(goal.bound);
}

std::string verdict_text(Verdict verdict) {
    switch (verdict) {
        case Verdict::no_goal: return "no goal";
        case Verdict::reached: return "reached";
        case Verdict::not_measured: return "not measured";
        case Verdict::missed: return "MISSED";
    }
    return "";
}

std::string with_unit(double figure, const std::string& unit) {
    return figure_text(figure) + (unit.empty() ? "" : " " + unit);
}

/// What is said of the goal that names this peer, or of the one that names none.
std::string verdict_on(const Result& result, const std::string& peer) {
    const auto goal = std::ranges::find(result.goals, peer, &Goal::peer);
    if (goal == result.goals.end())
        return "";
    Result alone = result;
    alone.goals = {*goal};
    return bound_text(result, *goal) + "  " + verdict_text(verdict(alone));
}

void add_line(std::ostream& table, const std::string& row, const std::string& unit, const std::string& who,
              const std::string& figure, const std::string& ratio, const std::string& goal) {
    std::ostringstream line;
    line << std::left << std::setw(35) << row << std::setw(6) << unit << std::setw(9) << who << std::right
         << std::setw(12) << figure << std::setw(8) << ratio << "  " << goal;
    const auto text = line.str();
    table << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
}

void add_result(std::ostream& table, const Result& result) {
    add_line(table, result.row, result.unit, "steward", figure_text(result.steward), "", verdict_on(result, ""));
    for (const auto& peer : result.peers)
        add_line(table, "", "", peer.name, figure_text(peer.figure), ratio_text(peer.ratio),
                 verdict_on(result, peer.name));
}

/// "20.1 ns; 2.31 x robust (<= 1), 3.35 x plain (<= 1.5)"
std::string judged_figures(const Result& result) {
    auto text = with_unit(result.steward, result.unit);
    const char* separator = "; ";
    for (const auto& goal : result.goals) {
        const auto bound = " (" + bound_text(result, goal) + ")";
        if (goal.peer.empty()) {
            text += bound;
            continue;
        }
        const auto peer = std::ranges::find(result.peers, goal.peer, &PeerFigure::name);
        text += separator + (peer == result.peers.end() ? "?" : ratio_text(peer->ratio)) + " x " + goal.peer + bound;
        separator = ", ";
    }
    return text;
}

/// "robust 8.7 ns (2.31), plain 6.0 ns (3.35)"
std::string figures_of_peers(const Result& result) {
    std::string text;
    for (const auto& peer : result.peers)
        text += (text.empty() ? "" : ", ") + peer.name + " " + with_unit(peer.figure, result.unit) + " (" +
                ratio_text(peer.ratio) + ")";
    return text;
}

/// "<= 1 robust, <= 1.5 plain"
std::string goals_text(const Result& result) {
    std::string text;
    for (const auto& goal : result.goals)
        text += (text.empty() ? "" : ", ") + bound_text(result, goal) +
                (goal.peer.empty() ? result.unit.empty() ? "" : " " + result.unit : " " + goal.peer);
    return text;
}

}  // namespace

std::string as_table(const std::vector<Result>& results) {
    std::ostringstream table;
    add_line(table, "row", "unit", "who", "figure", "ratio", "goal");
    for (const auto& result : results)
        add_result(table, result);
    return table.str();
}

std::string as_verdicts(const std::vector<Result>& results) {
    std::ostringstream lines;
    for (const auto& result : results)
        lines << std::left << std::setw(35) << result.row << std::setw(14) << verdict_text(verdict(result))
              << judged_figures(result) << '\n';
    return lines.str();
}

std::string as_markdown(const std::vector<Result>& results) {
    std::ostringstream table;
    table << "| row | Steward | peers (Steward by peer) | to reach | |\n|---|---|---|---|---|\n";
    for (const auto& result : results)
        table << "| `" << result.row << "` | " << with_unit(result.steward, result.unit) << " | "
              << figures_of_peers(result) << " | " << goals_text(result) << " | " << verdict_text(verdict(result))
              << " |\n";
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
