#include "daemon/restore.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "daemon/daemon.hpp"
#include "daemon/name.hpp"
#include "proto/errors.hpp"
#include "proto/reference.hpp"
#include "shared/mutation.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Packed;
using proto::Refusal;
namespace dump = proto::dump;

std::string called(const dump::Object& object) {
    return std::string(to_string(object.type)) +
           (object.name.empty() ? " #" + std::to_string(object.id) : " '" + std::string(object.name) + "'");
}

bool can_be_restored(proto::ObjectType type) {
    return type != proto::ObjectType::process &&
           std::ranges::find(proto::object_types, type, &proto::ObjectTypeName::type) != proto::object_types.end();
}

[[noreturn]] void refuse(const std::string& why) {
    throw Refusal(Errc::invalid_argument, "the dump is not one that can be restored: " + why);
}

[[noreturn]] void refuse_existing(const Object& object) {
    throw Refusal(Errc::object_exists, object.called() + " exists already, so nothing was restored");
}

}  // namespace

void Restore::add(std::string_view record) {
    switch (dump::checked_kind(record)) {
        case dump::RecordKind::object: add_object(record); break;
        case dump::RecordKind::values: add_values(record); break;
        default: refuse("only objects and values can be");
    }
}

void Restore::add_object(std::string_view record) {
    const auto object = dump::decode_record<dump::Object>(record);
    check(object);
    if (skips(object))
        return;
    record_ = &object;
    const auto made = class_of(object.type).restore(*this, object.state);
    const bool named = !object.name.empty();
    by_id_[object.id] = {.id = made.id(), .named = named};
    if (named)
        named_.push_back({.id = made.id(), .name = std::string(object.name), .ephemeral = object.ephemeral});
}

void Restore::check(const dump::Object& object) const {
    if (has_values_)
        refuse("objects come before all values");
    if (!can_be_restored(object.type))
        refuse("there is an object of type " + std::to_string(static_cast<int>(object.type)));
    if (object.mode > 0777)
        refuse(called(object) + " has a mode above 0777");
    if (by_id_.contains(object.id))
        refuse(called(object) + " has the number of another object");
    if (!object.name.empty() && !is_valid_name(object.name))
        refuse("there is an object with a name that none can have");
    if (names_.contains(std::string(object.name)))
        refuse(called(object) + " has the name of another object");
    if (session_ != nullptr && session_->uid != 0 && object.owner != session_->uid)
        throw Refusal(Errc::no_permission, called(object) + " is of uid " + std::to_string(object.owner) +
                                               ", and uid " + std::to_string(session_->uid) +
                                               " can restore only what is its own");
}

/// Whether the object stays as it is here. Names that are taken meanwhile are found at the end.
bool Restore::skips(const dump::Object& object) {
    if (object.name.empty())
        return false;
    names_.emplace(object.name);
    const auto found = daemon_.registry.find(object.name);
    if (!found)
        return false;
    if (existing_ == Existing::refuse)
        refuse_existing(*found);
    if (existing_ == Existing::replace)
        return false;
    const bool takes_its_place = found->type() == object.type && found->owner() == object.owner;
    by_id_[object.id] = {.id = takes_its_place ? found->id() : 0, .named = true, .skipped = true};
    ++result_.skipped;
    return true;
}

Object Restore::make(const Blueprint& blueprint, const Registry::Initialize& initialize) const {
    using Kind = shared::ObjectKind;
    const auto object = daemon_.registry.make(
        daemon_.domains.of(record_->owner), {},
        {.flags = Kind::anonymous | Kind::ephemeral, .mode = record_->mode, .gid = group_of(*record_)}, blueprint,
        initialize);
    if (session_ != nullptr)
        daemon_.lifetimes.use(*session_, object);
    return object;
}

/// As for a file: to a group that one is not in, one gives nothing.
gid_t Restore::group_of(const dump::Object& object) const {
    const bool may_give = session_ == nullptr || session_->uid == 0 || session_->in_group(object.group);
    return may_give ? object.group : session_->gid;
}

std::optional<Object> Restore::restored(std::uint64_t id_in_dump) const {
    const auto found = by_id_.find(id_in_dump);
    return found == by_id_.end() ? std::nullopt : daemon_.registry.find(found->second.id);
}

bool Restore::is_spare(std::uint64_t id_in_dump) const {
    const auto object = restored(id_in_dump);
    return object && object->ephemeral() && !by_id_.at(id_in_dump).named;
}

void Restore::check_same_owner(const Object& object) const {
    if (object.owner() != record_->owner)
        throw Refusal(Errc::other_domain, called(*record_) + " of uid " + std::to_string(record_->owner) +
                                              " cannot refer to " + object.called() + " of uid " +
                                              std::to_string(object.owner()));
}

void Restore::add_values(std::string_view record) {
    const auto values = dump::decode_record<dump::Values>(record);
    has_values_ = true;
    const auto found = by_id_.find(values.object);
    if (found == by_id_.end())
        refuse("there are values of an object that is not in it");
    if (found->second.skipped)
        return;
    if (values.first != found->second.values)
        refuse("values of object " + std::to_string(values.object) + " are missing");
    const auto object = daemon_.registry.find(found->second.id);
    if (!object)
        throw Refusal(Errc::no_such_object, "object " + std::to_string(values.object) +
                                                " of the dump was removed while it was being restored; try again");
    std::deque<std::string> renewed;  // the views into it stay
    auto packed = values.values;
    for (auto& value : packed)
        if (proto::may_refer(value.bytes))
            value = {renewed.emplace_back(with_new_references(*object, value.bytes))};
    if (!renewed.empty())
        Lifetimes::note_refers(*object);
    shared::Mutation mutation(object->heap());
    mutation.change(*object->header);
    class_of(object->type()).restore_values(mutation, *object, values.first, packed);
    found->second.values += packed.size();
}

/// A reference to what is not in the dump leads nowhere from now on: the number may be another object's here.
std::string Restore::with_new_references(const Object& container, std::string_view value) const {
    std::string renewed;
    proto::Writer writer(renewed);
    proto::Reader reader(value);
    while (!reader.at_end()) {
        const auto begin = reader.position();
        if (const auto reference = reference_from(reader.next())) {
            const auto object = restored(reference->object);
            const bool reaches = object && object->owner() == container.owner();
            writer.reference(reaches ? proto::Reference{.type = object->type(), .object = object->id()}
                                     : proto::Reference{.type = reference->type, .object = 0});
        } else {
            renewed.append(value.substr(begin, reader.position() - begin));
        }
    }
    return renewed;
}

proto::restore::Finish::Result Restore::finish() {
    make_room_for_names();
    give_names();
    hand_over();
    return result_;
}

/// Looks at all of them before anything is removed.
void Restore::make_room_for_names() {
    const auto exists = [&](const Named& named) { return daemon_.registry.find(named.name).has_value(); };
    if (existing_ == Existing::skip) {
        result_.skipped += std::erase_if(named_, exists);
        return;
    }
    for (const auto& named : named_) {
        const auto found = daemon_.registry.find(named.name);
        if (found && existing_ == Existing::refuse)
            refuse_existing(*found);
        if (found && session_ != nullptr && !found->allows(*session_, Access::own))
            throw Refusal(Errc::no_permission, "uid " + std::to_string(session_->uid) + " may not replace " +
                                                   found->called() + " of uid " + std::to_string(found->owner()) +
                                                   ", so nothing was restored");
    }
    for (const auto& named : named_)
        if (const auto found = daemon_.registry.find(named.name)) {
            daemon_.registry.remove(*found);
            ++result_.replaced;
        }
}

void Restore::give_names() {
    std::map<shared::Domain*, std::vector<std::pair<Object, const Named*>>> by_domain;
    for (const auto& named : named_)
        if (const auto object = daemon_.registry.find(named.id))
            by_domain[object->domain].emplace_back(*object, &named);
    for (auto& [domain, objects] : by_domain) {
        shared::Mutation mutation(domain->heap());
        for (const auto& [object, named] : objects) {
            using Kind = shared::ObjectKind;
            auto kind = object.header->kind.load();
            kind.flags =
                static_cast<std::uint8_t>((kind.flags & Kind::refers) | (named->ephemeral ? Kind::ephemeral : 0));
            mutation.change(*object.header);
            mutation.store(object.header->kind, kind);
            domain->objects().give_name(mutation, *object.header, named->name);
        }
    }
}

/// They are what they were in the dump, and no longer the session's. What only a skipped object refers to goes.
void Restore::hand_over() {
    for (const auto& named : named_)
        if (const auto object = daemon_.registry.find(named.id))
            daemon_.watches.note(*object, "created");
    std::vector<std::uint64_t> made;
    for (const auto& [id_in_dump, each] : by_id_)
        if (!each.skipped)
            made.push_back(each.id);
    abandon();
    const auto lives = [&](std::uint64_t id) { return daemon_.registry.find(id).has_value(); };
    result_.restored = static_cast<std::uint64_t>(std::ranges::count_if(made, lives));
}

void Restore::abandon() {
    for (const auto& [id_in_dump, made] : std::exchange(by_id_, {}))
        if (const auto object = made.skipped ? std::nullopt : daemon_.registry.find(made.id))
            daemon_.lifetimes.restored(session_, *object);
}

}  // namespace steward::daemon
