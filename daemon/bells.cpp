#include "daemon/bells.hpp"

#include <sys/eventfd.h>

#include <random>

namespace steward::daemon {

Bells::Bells() : last_(std::random_device{}()) {}

std::uint32_t Bells::own(Session& session) {
    if (session.bell != 0 || sessions_.size() == most_bells)
        return session.bell;
    session.bell_descriptor = shared::UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!session.bell_descriptor)
        return 0;
    do
        ++last_;
    while (last_ == 0 || sessions_.contains(last_));
    sessions_.emplace(last_, &session);
    return session.bell = last_;
}

int Bells::ringable_by(const Session& session, std::uint32_t bell) const {
    const auto found = sessions_.find(bell);
    const bool may_ring = found != sessions_.end() && found->second->uid == session.uid && session.shares_words;
    return may_ring ? found->second->bell_descriptor.get() : -1;
}

void Bells::forget(const Session& session) {
    sessions_.erase(session.bell);
}

}  // namespace steward::daemon
