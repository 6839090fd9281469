#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <utility>

#include <steward/export.hpp>
#include <steward/object.hpp>

namespace steward {

/// A reference to an object: a value that is stored in a container, of which a proxy is made again.
///
///     steward::Any jobs = manager.dict("work").at("jobs");
///     if (jobs.kind() == steward::Any::Kind::object && jobs.object().type() == steward::ObjectType::list)
///         steward::List<int>(jobs.object()).append(1);
///
/// Threads: as the standard containers. Lifetime: as a proxy it keeps the object in use, and its Manager's connection
/// open. A reference to an object that was removed is still a value; what is made from it throws no_such_object.
class STEWARD_API Reference {
  public:
    /// To an object of which there is a proxy.
    explicit Reference(const Object& object) noexcept;

    // Moving is copying, so that a reference always refers to something.
    Reference(const Reference&) noexcept = default;
    Reference& operator=(const Reference&) noexcept = default;
    ~Reference() = default;

    /// Type and number of the object. Do not ask the daemon.
    ObjectType type() const noexcept;
    std::uint64_t id() const noexcept;

    /// Whether both refer to the same object, and some order; see Object.
    friend STEWARD_API bool operator==(const Reference& left, const Reference& right) noexcept;
    friend STEWARD_API std::weak_ordering operator<=>(const Reference& left, const Reference& right) noexcept;

  private:
    friend class Object;
    friend struct detail::StateOf;

    explicit Reference(std::shared_ptr<const detail::ObjectState> state) noexcept : state_(std::move(state)) {}

    std::shared_ptr<const detail::ObjectState> state_;
};

}  // namespace steward
