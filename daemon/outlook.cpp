#include "daemon/outlook.hpp"

#include <algorithm>

#include "daemon/daemon.hpp"

namespace steward::daemon {

using shared::Agent;
using shared::WaitMode;

bool Outlook::is_good(std::span<const WantedPart> wanted) {
    const auto can = [this](const WantedPart& part) { return can_be_had(part.object); };
    return wanted.front().claim.mode == WaitMode::all ? std::ranges::all_of(wanted, can)
                                                      : std::ranges::any_of(wanted, can);
}

bool Outlook::can_be_had(const Object& object) {
    const auto& type = class_of(object.type());
    const auto dependence = type.dependence(object);
    if (dependence == Dependence::nobody)
        return true;
    if (const auto only = type.only_holder(object))
        return goes_on(*only);
    return goes_on(type.holders(object), dependence);
}

bool Outlook::goes_on(std::span<const Agent> holders, Dependence dependence) {
    if (depth_ == deepest)
        return false;
    ++depth_;
    const auto does = [this](Agent agent) { return goes_on(agent); };
    const bool good = holders.empty() || (dependence == Dependence::all_holders ? std::ranges::all_of(holders, does)
                                                                                : std::ranges::any_of(holders, does));
    --depth_;
    return good;
}

/// Along a chain of waits for one object with one holder each, it does not call itself.
bool Outlook::goes_on(Agent agent) {
    while (agent != asking_ && ++steps_ < most_steps) {
        const auto* session = daemon_.sessions.find(agent.session);
        if (session == nullptr)
            return true;
        const auto* waits = session->waits_of(agent.thread);
        if (waits == nullptr)
            return session->in_its_name.empty();
        const auto& [object, place] = waits->place;
        const auto& waiter = *object.heap().at(place);
        if (waits->count > 1 || waiter.deadline_ns.load() != shared::no_deadline)
            return true;
        if (waiter.sibling.load() != place)
            return false;
        const auto& type = class_of(object.type());
        const auto dependence = type.dependence(object);
        if (dependence == Dependence::nobody)
            return true;
        const auto only = type.only_holder(object);
        if (!only)
            return goes_on(type.holders(object), dependence);
        agent = *only;
    }
    return false;
}

}  // namespace steward::daemon
