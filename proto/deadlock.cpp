#include "proto/deadlock.hpp"

namespace steward::proto {
namespace {

std::string who(const DeadlockStep& step) {
    return "pid " + std::to_string(step.pid) + " " + step.command + " (thread " + std::to_string(step.thread) + ")";
}

std::string what(const DeadlockStep& step) {
    const auto name = step.name.empty() ? "#" + std::to_string(step.object) : step.name;
    return std::string(to_string(step.type)) + " " + name;
}

}  // namespace

std::string sentence_of(const Deadlock& deadlock) {
    std::string sentence;
    const auto& cycle = deadlock.cycle;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        sentence += i == 0 ? who(cycle[i]) : std::string(", which");
        sentence += " wants " + what(cycle[i]) + " held by " + who(cycle[(i + 1) % cycle.size()]);
    }
    return sentence;
}

}  // namespace steward::proto
