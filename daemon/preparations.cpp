#include "daemon/preparations.hpp"

#include <utility>

#include "daemon/registry.hpp"
#include "daemon/session.hpp"

namespace steward::daemon {
namespace {

/// Each may have a copy of a whole object on its way.
constexpr std::size_t most_requests_of_session = 8;
constexpr std::size_t most_bytes_of_session = std::size_t{1} << 20;

}  // namespace

void Preparations::postpone(PostponedRequest request) {
    const auto [found, is_new] = lines_.try_emplace(request.turn_of);
    if (is_new)
        turns_.push_back(request.turn_of);
    auto& amount = amounts_[request.session];
    ++amount.requests;
    amount.bytes += request.frame.size();
    auto& line = found->second;
    if (request.preparation)
        line.push_front(std::move(request));
    else
        line.push_back(std::move(request));
}

std::optional<PostponedRequest> Preparations::go_on(const Registry& registry) {
    if (turns_.empty())
        return std::nullopt;
    const auto object = turns_.front();
    turns_.pop_front();
    turns_.push_back(object);
    auto& line = lines_.at(object);
    if (prepare_a_piece(line.front(), registry))
        return std::nullopt;
    auto ready = std::move(line.front());
    line.pop_front();
    leaves(ready);
    return ready;
}

void Preparations::leaves(const PostponedRequest& request) {
    const auto found = amounts_.find(request.session);
    found->second.bytes -= request.frame.size();
    if (--found->second.requests == 0)
        amounts_.erase(found);
}

/// False: there was none to do, or it was the last.
bool Preparations::prepare_a_piece(PostponedRequest& request, const Registry& registry) {
    if (!request.preparation)
        return false;
    const auto object = registry.find(request.turn_of);
    if (!object || object->header->version.load() != request.version) {
        request.preparation.reset();
        return false;
    }
    try {
        return request.preparation->go_on();
    } catch (...) {
        request.refusal = std::current_exception();
        return false;
    }
}

void Preparations::settle(std::uint64_t object) {
    const auto found = lines_.find(object);
    if (found == lines_.end() || !found->second.empty())
        return;
    lines_.erase(found);
    std::erase(turns_, object);
}

bool Preparations::has_enough_of(const Session& session) const {
    const auto found = amounts_.find(session.number);
    return found != amounts_.end() &&
           (found->second.requests >= most_requests_of_session || found->second.bytes >= most_bytes_of_session);
}

void Preparations::forget(const Session& session) {
    if (amounts_.erase(session.number) == 0)
        return;
    for (auto line = lines_.begin(); line != lines_.end();) {
        std::erase_if(line->second, [&](const PostponedRequest& request) { return request.session == session.number; });
        settle((line++)->first);
    }
}

}  // namespace steward::daemon
