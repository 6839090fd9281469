#include <steward/object.hpp>

#include <algorithm>
#include <array>

#include <steward/deadlock.hpp>

#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "proto/object.hpp"
#include "shared/word_encodings.hpp"

namespace steward {
namespace {

struct SameType {
    ObjectType ours;
    proto::ObjectType theirs;
};

constexpr std::array same_types{
    SameType{ObjectType::lock, proto::ObjectType::lock},
    SameType{ObjectType::semaphore, proto::ObjectType::semaphore},
    SameType{ObjectType::event, proto::ObjectType::event},
    SameType{ObjectType::list, proto::ObjectType::list},
    SameType{ObjectType::dict, proto::ObjectType::dict},
    SameType{ObjectType::value, proto::ObjectType::value},
    SameType{ObjectType::rlock, proto::ObjectType::rlock},
    SameType{ObjectType::rwlock, proto::ObjectType::rwlock},
    SameType{ObjectType::bounded_semaphore, proto::ObjectType::bounded_semaphore},
    SameType{ObjectType::condition, proto::ObjectType::condition},
    SameType{ObjectType::barrier, proto::ObjectType::barrier},
    SameType{ObjectType::queue, proto::ObjectType::queue},
    SameType{ObjectType::name_space, proto::ObjectType::name_space},
    SameType{ObjectType::array, proto::ObjectType::array},
    SameType{ObjectType::set, proto::ObjectType::set},
    SameType{ObjectType::process, proto::ObjectType::process},
};
static_assert(same_types.size() == proto::object_types.size(), "a type of proto/object_type.hpp is missing here");
static_assert(std::ranges::all_of(same_types, [](const auto& type) {
    return static_cast<int>(type.ours) == static_cast<int>(type.theirs);
}));
static_assert(static_cast<int>(OpenMode::open_or_create) == static_cast<int>(proto::OpenMode::open_or_create));
static_assert(static_cast<int>(OpenMode::create_only) == static_cast<int>(proto::OpenMode::create_only));
static_assert(static_cast<int>(OpenMode::open_only) == static_cast<int>(proto::OpenMode::open_only));

}  // namespace

void detail::share_memory(ObjectState& object) noexcept {
    constexpr std::uint16_t owner_may_read = 0400;
    try {
        const auto* heap = object.client->connection().heap();
        const auto view = heap != nullptr ? heap->find({object.id}) : std::nullopt;
        std::uint16_t mode = 0;
        const auto look_at_mode = [&](const shared::Snapshot& snapshot) {
            mode = snapshot.object().kind.load().mode;
            return shared::Reading::found;
        };
        if (view && view->read(look_at_mode) == shared::Reading::found && (mode & owner_may_read) != 0)
            object.view = view;
        object.pipelined = &object.client->connection().pipelined();
    } catch (const Error&) {
        object.view = std::nullopt;  // the connection is lost already
    }
}

void detail::share_word(const ObjectState& object, std::uint32_t line) noexcept {
    try {
        const auto& connection = object.client->connection();
        const auto* words = line != 0 ? connection.words() : nullptr;
        object.word.set(process_generation(),
                        {.line = words != nullptr ? words->line(line) : nullptr,
                         .session = shared::LockWord::held_by({.session = connection.session(), .thread = 0}),
                         .connection = connection.number(),
                         .pipelined = &connection.pipelined()});
    } catch (const Error&) {
        return;  // the connection is lost already
    }
}

namespace detail {

void throw_with_name(const Error& error, std::string_view name) {
    auto detail = error.detail();
    if (detail.find(name) == std::string::npos)
        detail = "'" + std::string(name) + "'" + (detail.empty() ? "" : ": ") + detail;
    if (const auto* deadlock = dynamic_cast<const DeadlockError*>(&error))
        throw DeadlockError(detail, deadlock->cycle());
    throw Error(static_cast<errc>(error.code().value()), detail);
}

std::string title(const ObjectState& object) {
    const auto name = object.name.empty() ? "#" + std::to_string(object.id) : "'" + object.name + "'";
    return std::string(to_string(object.type)) + " " + name;
}

std::string called(const ObjectState& object) {
    return object.name.empty() ? title(object) : "'" + object.name + "'";
}

void throw_other_manager(const ObjectState& object) {
    throw Error(errc::invalid_argument, called(object) + " belongs to another Manager");
}

void throw_wrong_type(ObjectType expected, ObjectType found) {
    throw Error(errc::type_mismatch, "expected a reference to an object of type " + std::string(to_string(expected)) +
                                         ", found one of type " + std::string(to_string(found)));
}

}  // namespace detail

Object::Object(const Reference& reference, ObjectType type) : state_(reference.state_) {
    if (state_->type != type)
        detail::throw_wrong_type(type, state_->type);
}

std::string_view to_string(ObjectType type) noexcept {
    return proto::to_string(static_cast<proto::ObjectType>(type));
}

const std::string& Object::name() const noexcept {
    return state_->name;
}

std::uint64_t Object::id() const noexcept {
    return state_->id;
}

ObjectType Object::type() const noexcept {
    return state_->type;
}

ObjectInfo Object::info() const {
    return detail::described(proto::ObjectInfo(*detail::ask(*state_, proto::object::Info{.object = state_->id})));
}

ObjectInfo Object::info(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return info(); });
}

ObjectStatistics Object::statistics() const {
    return detail::described(
        proto::object::Statistics::Result(*detail::ask(*state_, proto::object::Statistics{.object = state_->id})));
}

ObjectStatistics Object::statistics(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return statistics(); });
}

bool Object::remove() {
    return detail::ask(*state_, proto::object::Remove{.name = state_->name, .id = state_->id})->removed;
}

bool Object::remove(std::error_code& ec) {
    return detail::without_exceptions(ec, [&] { return remove(); });
}

Reference::Reference(const Object& object) noexcept : state_(object.state_) {}

ObjectType Reference::type() const noexcept {
    return state_->type;
}

std::uint64_t Reference::id() const noexcept {
    return state_->id;
}

bool operator==(const Reference& left, const Reference& right) noexcept {
    return std::is_eq(left <=> right);
}

std::weak_ordering operator<=>(const Reference& left, const Reference& right) noexcept {
    const auto& a = *left.state_;
    const auto& b = *right.state_;
    if (a.id != b.id)
        return a.id <=> b.id;
    if (a.client == b.client)
        return std::weak_ordering::equivalent;
    return a.client->socket().native() <=> b.client->socket().native();
}

bool operator==(const Object& left, const Object& right) noexcept {
    return Reference(left) == Reference(right);
}

std::weak_ordering operator<=>(const Object& left, const Object& right) noexcept {
    return Reference(left) <=> Reference(right);
}

}  // namespace steward
