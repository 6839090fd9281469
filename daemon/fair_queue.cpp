#include "daemon/fair_queue.hpp"

#include <algorithm>

namespace steward::daemon {

std::shared_ptr<FairQueue::User> FairQueue::join(uid_t uid) {
    auto& known = users_[uid];
    auto user = known.lock();
    if (!user) {
        known = user = std::make_shared<User>();
        user->uid = uid;
    }
    return user;
}

void FairQueue::leave(Client& client) {
    remove(client);
    if (client.user_.use_count() == 1)
        users_.erase(client.user_->uid);
    client.user_.reset();
}

void FairQueue::add(Client& client) {
    if (std::exchange(client.waits_, true))
        return;
    auto& user = *client.user_;
    if (user.clients_waiting.empty()) {
        user.used_ns = std::max(user.used_ns, clock_ns_);
        user.arrival = ++arrivals_;
        users_waiting_.emplace(user.used_ns, user.arrival, &user);
    }
    client.used_ns_ = std::max(client.used_ns_, user.clock_ns);
    client.arrival_ = ++arrivals_;
    user.clients_waiting.emplace(client.used_ns_, client.arrival_, &client);
}

void FairQueue::remove(Client& client) {
    if (!std::exchange(client.waits_, false))
        return;
    auto& user = *client.user_;
    user.clients_waiting.erase({client.used_ns_, client.arrival_, &client});
    if (user.clients_waiting.empty())
        users_waiting_.erase({user.used_ns, user.arrival, &user});
}

FairQueue::Client* FairQueue::take_next() {
    if (empty())
        return nullptr;
    auto& user = *std::get<User*>(*users_waiting_.begin());
    auto& client = *std::get<Client*>(*user.clients_waiting.begin());
    clock_ns_ = user.used_ns;
    user.clock_ns = client.used_ns_;
    remove(client);
    return &client;
}

void FairQueue::serve_at_once(Client& client) {
    auto& user = *client.user_;
    clock_ns_ = user.used_ns = std::max(user.used_ns, clock_ns_);
    user.clock_ns = client.used_ns_ = std::max(client.used_ns_, user.clock_ns);
}

/// The places in line follow what has been used, so whoever waits gives his up for it.
void FairQueue::charge(Client& client, std::uint64_t used_ns) {
    auto& user = *client.user_;
    const bool client_waits = client.waits_;
    remove(client);
    client.used_ns_ += used_ns;
    if (!user.clients_waiting.empty())
        users_waiting_.erase({user.used_ns, user.arrival, &user});
    user.used_ns += used_ns;
    if (!user.clients_waiting.empty())
        users_waiting_.emplace(user.used_ns, user.arrival, &user);
    if (client_waits)
        add(client);
}

}  // namespace steward::daemon
