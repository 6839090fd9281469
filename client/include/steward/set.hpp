#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>

namespace steward {

class Manager;

/// How a set is opened or made.
using SetOptions = OpenOptions;

namespace detail {

/// The requests of a Set, for values of any type.
class STEWARD_API SetRequests : public Object {
  protected:
    SetRequests(const Manager& manager, ObjectName name, const Any::Array& initial, const SetOptions& options);
    explicit SetRequests(const Reference& reference);

    bool add(const Any& value);
    bool discard(const Any& value);
    void remove_value(const Any& value);
    Any pop();
    void update(const Any::Array& values);
    Any::Array copy() const;
    void clear();
    bool contains(const Any& value) const;
    std::size_t size() const;
};

}  // namespace detail

/// A set that processes share, with the methods of Python's set that change or look, each of them atomic.
///
///     auto seen = manager.set<std::string>("crawler/seen");
///     if (seen.add(url))                                   // true for one of all the processes that try
///         fetch(url);
///
/// Where Python's names differ: `v in s` is contains(v), `len(s)` is size(), `s.remove(v)` is remove_value(v) (remove()
/// is that of every object: it removes the set itself), `s |= other` is update(other) or `|=`. Unions, intersections
/// and differences are made of what copy() gives.
///
/// Values are scalars (nil, bool, numbers, strings, binaries), references and arrays of them; others throw
/// type_mismatch. They are equal as in Python: 1, 1.0 and true are one value, and it stays as it was added first. The
/// order is that in which they were added.
///
/// T is what a program reads and writes; the daemon stores what to_any makes of it. What a Set gives are copies.
///
/// Threads, processes, lifetime: see Object.
///
/// contains(), size() and empty() read in place, every other operation is one round trip; none blocks (Object). All
/// throw no_such_object once the set was removed, no_permission without the permission (read to look, write for the
/// rest), type_mismatch where a value that is read is no T, no_memory where it does not fit (nothing is changed then),
/// and not_connected when the daemon is gone.
template <class T = Any>
class Set : public detail::SetRequests {
    using Requests = detail::SetRequests;

  public:
    /// Opens the set, as Manager::set() does. `initial` counts only where this makes it.
    Set(const Manager& manager, ObjectName name, const std::vector<T>& initial = {}, const SetOptions& options = {})
        : Requests(manager, name, detail::as_array(initial), options) {}

    /// The set that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Set(const Reference& reference) : Requests(reference) {}

    /// Adds a value. False: it was there already.
    bool add(const T& value) { return Requests::add(detail::as_any(value)); }
    bool add(const T& value, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return add(value); });
    }

    /// Removes a value. False: it was not there.
    bool discard(const T& value) { return Requests::discard(detail::as_any(value)); }
    bool discard(const T& value, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return discard(value); });
    }

    /// Removes a value. Throws no_such_key where it was not there.
    void remove_value(const T& value) { Requests::remove_value(detail::as_any(value)); }
    void remove_value(const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { remove_value(value); });
    }

    /// Removes the value that was added first (of Python's any) and returns it. Throws empty where nothing is left.
    T pop() { return detail::from<T>(Requests::pop()); }
    T pop(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return pop(); });
    }

    /// The same for a set that may be empty: then nothing.
    std::optional<T> try_pop() {
        try {
            return pop();
        } catch (const Error& error) {
            if (error.code() != errc::empty)
                throw;
            return std::nullopt;
        }
    }
    std::optional<T> try_pop(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return try_pop(); });
    }

    /// Adds several values, all or none.
    void update(const std::vector<T>& values) { Requests::update(detail::as_array(values)); }
    void update(const std::vector<T>& values, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { update(values); });
    }

    /// All values at one moment, in the order in which they were added.
    std::vector<T> copy() const { return detail::from_array<T>(Requests::copy()); }
    std::vector<T> copy(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return copy(); });
    }

    /// Whether it has this value; may be outdated when it returns.
    bool contains(const T& value) const { return Requests::contains(detail::as_any(value)); }
    bool contains(const T& value, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return contains(value); });
    }

    /// How many values; may be outdated when it returns.
    std::size_t size() const { return Requests::size(); }
    std::size_t size(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return size(); });
    }

    /// Whether it has no value; may be outdated when it returns.
    bool empty() const { return size() == 0; }
    bool empty(std::error_code& ec) const { return size(ec) == 0; }

    /// Removes all values, in one step.
    void clear() { Requests::clear(); }
    void clear(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { clear(); });
    }

    /// Adds several values, as `|=` does in Python.
    Set& operator|=(const std::vector<T>& values) {
        update(values);
        return *this;
    }
};

}  // namespace steward
