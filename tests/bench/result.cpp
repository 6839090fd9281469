#include "tests/bench/result.hpp"

#include <algorithm>

namespace steward::bench {
namespace {

using Figures = std::vector<double>;

double median(Figures figures) {
    std::ranges::sort(figures);
    const auto middle = figures.size() / 2;
    return figures.size() % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
}

double summarize(Summary summary, const Figures& figures) {
    switch (summary) {
        case Summary::median: return median(figures);
        case Summary::smallest: return std::ranges::min(figures);
    }
    return 0;
}

std::vector<Figures> take_turns(const std::vector<Contender>& contenders, int repetitions) {
    std::vector<Figures> figures(contenders.size());
    for (int repetition = 0; repetition < repetitions; ++repetition)
        for (std::size_t i = 0; i < contenders.size(); ++i)
            figures[i].push_back(contenders[i].measure());
    return figures;
}

}  // namespace

Result measure(const Row& row, int repetitions) {
    const auto contenders = row.set_up();
    if (row.warm_up)
        take_turns(contenders, 1);
    const auto figures = take_turns(contenders, std::min(repetitions, row.most_repetitions));
    Result result{.row = row.name,
                  .unit = row.unit,
                  .better = row.better,
                  .steward = summarize(row.summary, figures.front()),
                  .goals = row.goals};
    for (std::size_t i = 1; i < contenders.size(); ++i) {
        const auto figure = summarize(row.summary, figures[i]);
        result.peers.push_back({.name = contenders[i].name, .figure = figure, .ratio = result.steward / figure});
    }
    return result;
}

Verdict verdict(const Result& result) {
    auto verdict = Verdict::no_goal;
    for (const auto& goal : result.goals) {
        const auto kept = reached(result, goal);
        verdict = std::max(verdict, !kept ? Verdict::not_measured : *kept ? Verdict::reached : Verdict::missed);
    }
    return verdict;
}

std::optional<bool> reached(const Result& result, const Goal& goal) {
    const auto keeps = [&](double figure) {
        return result.better == Better::lower ? figure <= goal.bound : figure >= goal.bound;
    };
    if (goal.peer.empty())
        return keeps(result.steward);
    const auto peer = std::ranges::find(result.peers, goal.peer, &PeerFigure::name);
    return peer == result.peers.end() ? std::nullopt : std::optional(keeps(peer->ratio));
}

}  // namespace steward::bench
