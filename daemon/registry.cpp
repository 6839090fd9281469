#include "daemon/registry.hpp"

#include <algorithm>
#include <string>

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "daemon/damage.hpp"
#include "daemon/name.hpp"
#include "proto/errors.hpp"
#include "shared/abandonment.hpp"
#include "shared/object_state.hpp"
#include "shared/statistics.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::OpenMode;
using proto::Refusal;

std::string called(proto::ObjectType type, std::string_view name) {
    return std::string(to_string(type)) + " '" + std::string(name) + "'";
}

void check_request(const proto::Open& open) {
    if (open.name.empty() && open.open_mode == OpenMode::open_only)
        throw Refusal(Errc::invalid_name, "an object without a name cannot be found by it; open_only needs one");
    if (!open.name.empty() && !is_valid_name(open.name))
        throw Refusal(Errc::invalid_name,
                      "a name is 1 to 255 bytes of UTF-8 without control characters; this one has " +
                          std::to_string(open.name.size()) + " bytes");
    if (open.open_mode > OpenMode::open_only)
        throw Refusal(Errc::invalid_argument, "open_mode is 0, 1 or 2");
    if (open.mode > 0777)
        throw Refusal(Errc::invalid_argument, "mode has permission bits only, at most 0777");
}

/// How the cursor of all domains is put together: the domain's number above its slot.
constexpr unsigned cursor_slot_bits = 32;

}  // namespace

std::optional<Object> Registry::find(std::uint64_t id) const {
    const shared::ObjectId object_id{id};
    auto* domain = daemon_.domains.numbered(object_id.domain());
    if (domain == nullptr)
        return std::nullopt;
    auto* header = domain->objects().find(object_id);
    if (header == nullptr)
        return std::nullopt;
    return Object{.domain = domain, .header = header};
}

std::optional<Object> Registry::find(std::string_view name) const {
    for (const auto& domain : daemon_.domains.all())
        if (auto* header = domain->objects().find(name))
            return Object{.domain = domain.get(), .header = header};
    return std::nullopt;
}

proto::Opened Registry::open(Call& call, const proto::Open& open, const Blueprint& blueprint,
                             const Initialize& initialize) {
    check_request(open);
    auto object = call.happened ? find(*call.happened) : open.name.empty() ? std::nullopt : find(open.name);
    const bool created = !object || call.happened;
    if (call.happened)
        check_still_there(object, open, blueprint);
    else if (object)
        check_existing(call, *object, open, blueprint);
    else if (open.open_mode == OpenMode::open_only)
        throw Refusal(Errc::no_such_object, "there is no " + called(blueprint.type, open.name));
    else
        object = make(call, open, blueprint, initialize);
    if (has_lost_its_word(*object))
        check_words(*object->domain, object->called());
    if (created && !call.happened)
        daemon_.watches.note(*object, "created");
    daemon_.lifetimes.use(call.session, *object);
    return {.object = object->id(), .created = created, .word = daemon_.shared_words.share(call.session, *object)};
}

void Registry::check_still_there(const std::optional<Object>& object, const proto::Open& open,
                                 const Blueprint& blueprint) {
    if (!object || object->type() != blueprint.type)
        throw Refusal(Errc::no_such_object,
                      called(blueprint.type, open.name) + " was made for this request and has been removed since");
}

void Registry::check_existing(const Call& call, const Object& object, const proto::Open& open,
                              const Blueprint& blueprint) const {
    if (open.open_mode == OpenMode::create_only)
        throw Refusal(Errc::object_exists, object.called() + " exists already");
    if (object.type() != blueprint.type)
        throw Refusal(Errc::wrong_type, object.called() + " is no " + std::string(to_string(blueprint.type)));
    if (!object.allows(call.session, Access::read) && !object.allows(call.session, Access::write))
        throw Refusal(Errc::no_permission, "uid " + std::to_string(call.session.uid) + " may neither read nor use " +
                                               object.called() + " of uid " + std::to_string(object.owner()));
    for (const auto& option : blueprint.fixed)
        if (const auto found = option.found_in(object); found != option.wanted)
            throw Refusal(Errc::wrong_options, object.called() + " was made with " + std::string(option.name) + " = " +
                                                   std::to_string(found) + " and is opened with " +
                                                   std::to_string(option.wanted));
    if (blueprint.check_existing)
        blueprint.check_existing(object);
}

Object Registry::make_for_session(Call& call, const Blueprint& blueprint, const Initialize& initialize) {
    const auto object = make(call, {.name = {}}, blueprint, initialize);
    daemon_.lifetimes.use(call.session, object);
    return object;
}

Object Registry::make_part(shared::Mutation& mutation, const Object& whole, const Blueprint& blueprint,
                           const Initialize& initialize) {
    auto kind = whole.header->kind.load();
    kind.type = static_cast<std::uint8_t>(blueprint.type);
    kind.flags = shared::ObjectKind::anonymous;
    const shared::NewObject fresh{.name = {}, .kind = kind, .options = blueprint.options};
    const Object part{.domain = whole.domain, .header = &whole.domain->objects().create(mutation, fresh)};
    if (initialize)
        initialize(mutation, part);
    return part;
}

Object Registry::make(Call& call, const proto::Open& open, const Blueprint& blueprint, const Initialize& initialize) {
    using Kind = shared::ObjectKind;
    const bool anonymous = open.name.empty();
    const auto flags =
        static_cast<std::uint8_t>((anonymous || open.ephemeral ? Kind::ephemeral : 0U) |
                                  (anonymous ? Kind::anonymous : 0U) | (call.refers ? Kind::refers : 0U));
    auto& domain = daemon_.domains.of(call.session.uid);
    call.prepare(domain);
    return make(domain, open.name, {.flags = flags, .mode = open.mode, .gid = call.session.gid}, blueprint,
                [&](shared::Mutation& mutation, const Object& object) {
                    if (initialize)
                        initialize(mutation, object);
                    call.note(mutation, domain, object.id());
                });
}

Object Registry::make(shared::Domain& domain, std::string_view name, shared::ObjectKind kind,
                      const Blueprint& blueprint, const Initialize& initialize) {
    if (shared::needs_word_line(blueprint.type))
        check_words(domain, "a new " + std::string(to_string(blueprint.type)));
    kind.type = static_cast<std::uint8_t>(blueprint.type);
    const shared::NewObject fresh{.name = name, .kind = kind, .options = blueprint.options};
    shared::Mutation mutation(domain.heap());
    const Object object{.domain = &domain, .header = &domain.objects().create(mutation, fresh)};
    if (initialize)
        initialize(mutation, object);
    return object;
}

void Registry::remove(const Object& object, const Change& also) {
    daemon_.waiting.refuse_all(object, Errc::object_removed,
                               object.called() + " was removed while this request waited for it");
    daemon_.watches.note(object, "removed");
    const auto part = class_of(object.type()).part_of(object);
    daemon_.lifetimes.forget(object.id());
    daemon_.watched_processes.forget(object.id());
    const auto token = object.header->word_line.load() == 0 ? std::uint64_t{0}
                                                            : object.word_line().token.load(std::memory_order_relaxed);
    learn_token_floor(token);
    const bool line_is_free = daemon_.shared_words.close(object);
    {
        shared::Mutation mutation(object.heap());
        mutation.change(*object.header);
        if (!line_is_free)
            mutation.store(object.header->word_line, 0);
        object.domain->raise_token_floor(mutation, token);
        class_of(object.type()).discard_contents(mutation, object);
        shared::forget_abandonment(mutation, *object.header);
        shared::forget_statistics(mutation, *object.header);
        object.domain->objects().remove(mutation, *object.header);
        if (also)
            also(mutation);
    }
    if (const auto rest = part ? find(*part) : std::nullopt)
        remove(*rest);
}

std::optional<Object> Registry::next(std::uint64_t& cursor) const {
    const std::uint64_t last = daemon_.domains.last_number();
    for (auto number = std::max<std::uint64_t>(1, cursor >> cursor_slot_bits); number <= last; ++number) {
        auto* domain = daemon_.domains.numbered(static_cast<std::uint32_t>(number));
        if (domain == nullptr)
            continue;  // it is not served
        std::uint64_t slot = (cursor >> cursor_slot_bits) == number ? cursor & UINT32_MAX : 0;
        auto* header = domain->objects().next(slot);
        cursor = number << cursor_slot_bits | slot;
        if (header != nullptr)
            return Object{.domain = domain, .header = header};
    }
    return std::nullopt;
}

std::uint64_t Registry::size() const {
    std::uint64_t size = 0;
    for (const auto& domain : daemon_.domains.all())
        size += domain->objects().size();
    return size;
}

void Registry::learn_token_floor(std::uint64_t floor) {
    token_floor_ = std::max(token_floor_, floor);
}

}  // namespace steward::daemon
