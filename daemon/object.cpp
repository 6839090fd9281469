#include "daemon/object.hpp"

#include "daemon/damage.hpp"
#include "daemon/session.hpp"
#include "shared/mutation.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {

std::uint64_t Object::word() const {
    // Acquire: what the one who changed the word wrote into its line before is seen.
    return word_line().word.load(std::memory_order_acquire) & ~shared::word_flags;
}

bool Object::has_flag(std::uint64_t flags) const {
    return has_word() && (word_line().word.load(std::memory_order_acquire) & flags) != 0;
}

void Object::change_word(shared::Mutation& mutation, std::uint64_t expected, std::uint64_t word) const {
    const auto found = mutation.planned_or_found(domain->words(), word_index());
    const auto flags = found & shared::word_flags;
    if (found != (flags | expected))
        throw shared::WordChanged();
    mutation.plan_word(domain->words(), word_index(), found, flags | word);
}

void Object::set_word(shared::Mutation& mutation, std::uint64_t word) const {
    const auto found = mutation.planned_or_found(domain->words(), word_index());
    mutation.plan_word(domain->words(), word_index(), found, (found & shared::word_flags) | word);
}

// Nobody sees the flags of a word that is lost, and whoever waits for it can still give up.
void Object::set_flags(shared::Mutation& mutation, std::uint64_t flags) const {
    if (!has_word() || has_lost_its_word(*this))
        return;
    const auto found = mutation.planned_or_found(domain->words(), word_index());
    if ((found & flags) != flags)
        mutation.plan_word(domain->words(), word_index(), found, found | flags);
}

void Object::clear_flags(shared::Mutation& mutation, std::uint64_t flags) const {
    if (!has_word() || has_lost_its_word(*this))
        return;
    const auto found = mutation.planned_or_found(domain->words(), word_index());
    if ((found & flags) != 0)
        mutation.plan_word(domain->words(), word_index(), found, found & ~flags);
}

std::string Object::called() const {
    const auto type_name = std::string(to_string(type()));
    return anonymous() ? type_name + " #" + std::to_string(id()) : type_name + " '" + std::string(name()) + "'";
}

void Object::begin_change(shared::Mutation& mutation) const {
    mutation.change(*header);
    mutation.store(header->operations, header->operations.load() + 1);
}

bool Object::allows(const Session& session, Access access) const {
    const auto uid = owner();
    if (session.uid == 0 || (access == Access::own && session.uid == uid))
        return true;
    if (access == Access::own)
        return false;
    const auto kind = header->kind.load();
    const unsigned wanted = access == Access::read ? 4 : 2;
    if (session.uid == uid)
        return (kind.mode >> 6U & wanted) != 0;
    if (session.in_group(kind.gid))
        return (kind.mode >> 3U & wanted) != 0;
    return (kind.mode & wanted) != 0;
}

}  // namespace steward::daemon
