#include <steward/object.hpp>

#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "proto/object.hpp"

namespace steward {
namespace {

constexpr bool same_types() {
    for (const auto& entry : proto::object_types) {
        const auto number = static_cast<int>(entry.type);
        if (number < static_cast<int>(ObjectType::lock) || number > static_cast<int>(ObjectType::set))
            return false;
    }
    return true;
}
static_assert(same_types(), "steward::ObjectType misses a type of proto/object_type.hpp");
static_assert(static_cast<int>(ObjectType::lock) == static_cast<int>(proto::ObjectType::lock));
static_assert(static_cast<int>(ObjectType::semaphore) == static_cast<int>(proto::ObjectType::semaphore));
static_assert(static_cast<int>(ObjectType::event) == static_cast<int>(proto::ObjectType::event));
static_assert(static_cast<int>(ObjectType::list) == static_cast<int>(proto::ObjectType::list));
static_assert(static_cast<int>(ObjectType::dict) == static_cast<int>(proto::ObjectType::dict));
static_assert(static_cast<int>(ObjectType::value) == static_cast<int>(proto::ObjectType::value));
static_assert(static_cast<int>(ObjectType::name_space) == static_cast<int>(proto::ObjectType::name_space));
static_assert(static_cast<int>(ObjectType::array) == static_cast<int>(proto::ObjectType::array));
static_assert(static_cast<int>(ObjectType::set) == static_cast<int>(proto::ObjectType::set));
static_assert(static_cast<int>(OpenMode::open_or_create) == static_cast<int>(proto::OpenMode::open_or_create));
static_assert(static_cast<int>(OpenMode::create_only) == static_cast<int>(proto::OpenMode::create_only));
static_assert(static_cast<int>(OpenMode::open_only) == static_cast<int>(proto::OpenMode::open_only));

}  // namespace

namespace detail {

void throw_with_name(const Error& error, std::string_view name) {
    if (error.detail().find(name) != std::string::npos)
        throw error;
    auto detail = "'" + std::string(name) + "'";
    if (!error.detail().empty())
        detail += ": " + error.detail();
    throw Error(static_cast<errc>(error.code().value()), detail);
}

}  // namespace detail

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

bool Object::remove() {
    return detail::ask(*state_, proto::object::Remove{.name = state_->name})->removed;
}

bool Object::remove(std::error_code& ec) {
    return detail::without_exceptions(ec, [&] { return remove(); });
}

bool operator==(const Object& left, const Object& right) noexcept {
    const auto& a = *left.state_;
    const auto& b = *right.state_;
    return a.id == b.id && (a.client == b.client || a.client->socket() == b.client->socket());
}

}  // namespace steward
