#include "daemon/shared_words.hpp"

#include "daemon/object_class.hpp"
#include "daemon/session.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {

std::uint32_t SharedWords::share(Session& session, const Object& object) {
    const bool may = session.shares_words && object.has_word() && session.uid == object.owner() &&
                     class_of(object.type()).shares_word(object) && object.allows(session, Access::write);
    if (!may)
        return 0;
    auto& users = users_[object.id()];
    users.domain = object.domain;
    users.line = object.word_index();
    if (session.words.insert(object.id()).second)
        ++users.sessions;
    if (class_of(object.type()).is_held(object, {}))
        session.held.insert(object.id());  // it may, whenever it likes
    return users.line;
}

void SharedWords::take_up(const Session& session, shared::Domain& domain) {
    auto& former = former_[&domain];
    former.domain = &domain;
    former.sessions.insert(session.number);
}

bool SharedWords::close(const Object& object) {
    const auto users = users_.find(object.id());
    const auto former = former_.find(object.domain);
    if (!object.has_word() || (users == users_.end() && former == former_.end()))
        return true;
    object.word_line().word.fetch_or(shared::word_closed);  // model: set_closed
    if (users != users_.end())
        users->second.closed = true;
    else
        former->second.closed.push_back(object.word_index());
    return false;
}

void SharedWords::give_back_line(shared::Domain& domain, std::uint32_t line) {
    if (const auto former = former_.find(&domain); former != former_.end())
        former->second.closed.push_back(line);
    else
        domain.words().free_lines().push_back(line);
}

void SharedWords::forget(Session& session) {
    for (const auto id : session.words) {
        const auto users = users_.find(id);
        if (users == users_.end() || --users->second.sessions > 0)
            continue;
        if (users->second.closed)
            give_back_line(*users->second.domain, users->second.line);
        users_.erase(users);
    }
    session.words.clear();
    if (session.taken_up)
        forget_former(session.number);
}

void SharedWords::forget_former(std::uint32_t session) {
    for (auto former = former_.begin(); former != former_.end();) {
        auto& left = former->second;
        left.sessions.erase(session);
        if (!left.sessions.empty()) {
            ++former;
            continue;
        }
        auto& free_lines = left.domain->words().free_lines();
        free_lines.insert(free_lines.end(), left.closed.begin(), left.closed.end());
        former = former_.erase(former);
    }
}

}  // namespace steward::daemon
