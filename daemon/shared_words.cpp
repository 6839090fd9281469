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

bool SharedWords::close(const Object& object) {
    const auto users = users_.find(object.id());
    if (users == users_.end())
        return true;
    users->second.closed = true;
    object.word_line().word.fetch_or(shared::word_closed);
    return false;
}

void SharedWords::forget(Session& session) {
    for (const auto id : session.words) {
        const auto users = users_.find(id);
        if (users == users_.end() || --users->second.sessions > 0)
            continue;
        if (users->second.closed)
            users->second.domain->words().free_lines().push_back(users->second.line);
        users_.erase(users);
    }
    session.words.clear();
}

}  // namespace steward::daemon
