#pragma once

#include <string_view>
#include <system_error>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/plain.hpp>

namespace steward {

class Manager;

/// How a value is opened or made.
using ValueOptions = OpenOptions;

namespace detail {

/// The requests of a Value, for values of any type.
class STEWARD_API ValueRequests : public Object {
  protected:
    ValueRequests(const Manager& manager, ObjectName name, const Any& initial, const ValueOptions& options);
    explicit ValueRequests(const Reference& reference);

    Any get() const;
    PlainRead read(const PlainPlace& value) const;
    void set(const Any& value);
    bool compare_exchange(Any& expected, const Any& desired);
    Any fetch_add(const Any& by);
};

}  // namespace detail

/// One value that processes share. Python's `Manager().Value()`, with the operations of std::atomic ([atomics.types])
/// beside get and set; each is atomic.
///
///     auto done = manager.value<int>("import/rows", 0);
///     done.fetch_add(1000);
///
/// T is what a program reads and writes; the daemon stores what to_any makes of it, and another program may use another
/// T. What get() returns is a copy: changing it changes nothing until it is set.
///
/// Threads, processes, lifetime: see Object.
///
/// get() reads in place, every other operation is one round trip; none blocks (Object). All throw no_such_object once
/// the value was removed, no_permission without the permission (read to get, write for the rest), type_mismatch where
/// what is stored is no T, no_memory where it does not fit, and not_connected when the daemon is gone.
template <class T = Any>
class Value : public detail::ValueRequests {
    using Requests = detail::ValueRequests;

  public:
    /// Opens the value, as Manager::value() does. `initial` counts only where this makes it.
    Value(const Manager& manager, ObjectName name, const T& initial = {}, const ValueOptions& options = {})
        : Requests(manager, name, detail::as_any(initial), options) {}

    /// The value that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Value(const Reference& reference) : Requests(reference) {}

    /// What it holds. Throws type_mismatch where that is no T.
    T get() const {
        if constexpr (detail::Plain<T>) {
            T value{};
            if (detail::read_plain(value, [&](const auto& place) { return Requests::read(place); }) ==
                detail::PlainRead::found)
                return value;
        }
        return detail::from<T>(Requests::get());
    }
    T get(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return get(); });
    }

    /// Replaces what it holds.
    void set(const T& value) { Requests::set(detail::as_any(value)); }
    void set(const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set(value); });
    }

    /// Sets `desired` where the value equals `expected` (as in Python: 1 equals 1.0). Otherwise changes nothing and
    /// puts what it found into `expected`, as std::atomic does.
    bool compare_exchange(T& expected, const T& desired) {
        Any current = detail::as_any(expected);
        if (Requests::compare_exchange(current, detail::as_any(desired)))
            return true;
        expected = detail::from<T>(std::move(current));
        return false;
    }
    bool compare_exchange(T& expected, const T& desired, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return compare_exchange(expected, desired); });
    }

    /// Adds to a number and returns what it was before. Throws out_of_range where the sum of integers does not fit 64
    /// bits; nothing is changed then. An integer becomes a real number when one is added to it.
    T fetch_add(const T& by) { return detail::from<T>(Requests::fetch_add(detail::as_any(by))); }
    T fetch_add(const T& by, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return fetch_add(by); });
    }
};

}  // namespace steward
