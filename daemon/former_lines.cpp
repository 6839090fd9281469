#include <algorithm>

#include "daemon/daemon.hpp"
#include "daemon/waiting.hpp"
#include "shared/kill_point.hpp"

// Of Waiting: what a former daemon has left.
namespace steward::daemon {

bool Waiting::comes_back(const shared::Wait& wait) const {
    return wait.recorded && daemon_.sessions.find(wait.agent.session) != nullptr;
}

void Waiting::take_up(const Object& object) {
    const auto line = object.line();
    for (auto waiter = line.first(); waiter; waiter = line.next(waiter)) {
        const WaitPlace place{.object = object, .waiter = waiter};
        const auto wait = wait_at(place);
        last_ticket_ = std::max(last_ticket_, wait.ticket);
        if (!comes_back(wait))
            continue;
        auto& session = *daemon_.sessions.find(wait.agent.session);
        if (session.waits.contains(wait.request))
            continue;
        remember(session, place, wait);
        session.unclaimed.insert(wait.request);
    }
}

/// Nothing is granted before all have left: not to one that is gone.
void Waiting::take_up_lines() {
    {
        const During postponing(advancing_);
        let_the_gone_leave(false);
        let_the_gone_leave(true);  // what they were told of goes to one that is not
    }
    std::uint64_t cursor = 0;
    while (const auto object = daemon_.registry.next(cursor)) {
        if (object->line().empty())
            continue;
        watch_word(*object);
        advance(*object);
        shared::kill_point(shared::KillPoint::line_is_taken_up);
    }
}

void Waiting::let_the_gone_leave(bool notified) {
    std::uint64_t cursor = 0;
    while (const auto object = daemon_.registry.next(cursor)) {
        const auto line = object->line();
        for (auto waiter = line.first(); waiter;) {
            const WaitPlace place{.object = *object, .waiter = waiter};
            if (const auto wait = wait_at(place); comes_back(wait) || wait.notified != notified) {
                waiter = line.next(waiter);
            } else {
                leave_without_grant(place);
                waiter = line.first();  // others may have left with it
            }
        }
    }
}

}  // namespace steward::daemon
