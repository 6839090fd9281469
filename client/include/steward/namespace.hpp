#pragma once

#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>

namespace steward {

class Manager;

/// How a namespace is opened or made.
using NamespaceOptions = OpenOptions;

namespace detail {

/// The requests of a Namespace, for values of any type.
class STEWARD_API NamespaceRequests : public Object {
  protected:
    NamespaceRequests(const Manager& manager, ObjectName name, const std::map<std::string, Any>& initial,
                      const NamespaceOptions& options);
    explicit NamespaceRequests(const Reference& reference);

    Any get(std::string_view attribute) const;
    void set(std::string_view attribute, const Any& value);
    void erase(std::string_view attribute);
    bool contains(std::string_view attribute) const;
    std::vector<std::string> names() const;
    std::map<std::string, Any> copy() const;
    bool compare_exchange(std::string_view attribute, Any& expected, const Any& desired);
};

}  // namespace detail

/// Attributes that processes share, each of a type of its own. Python's `Manager().Namespace()`.
///
///     auto settings = manager.name_space("settings");
///     settings.set("workers", 4);
///     settings.set("folder", "/srv/in");
///     int workers = settings.get<int>("workers");
///
/// Where Python's names differ: `ns.x` is get("x"), `ns.x = v` is set("x", v), `del ns.x` is erase("x"),
/// `hasattr(ns, "x")` is contains("x").
///
/// Names of attributes are strings. Those that begin with `_` are not shared (in Python they stay on the proxy):
/// invalid_argument. What a Namespace gives are copies: changing one changes nothing until it is set. Values are
/// compared as Python compares them: 1 equals 1.0.
///
/// Threads, processes, lifetime: see Object.
///
/// get() and value_or() read in place, every other operation is one round trip; none blocks (Object). All throw
/// no_such_object once the namespace was removed, no_permission without the permission (read to look, write for the
/// rest), type_mismatch where what is read is no T, no_memory where it does not fit (nothing is changed then), and
/// not_connected when the daemon is gone.
class Namespace : public detail::NamespaceRequests {
    using Requests = detail::NamespaceRequests;

  public:
    /// Opens the namespace, as Manager::name_space() does. `initial` counts only where this makes it.
    Namespace(const Manager& manager, ObjectName name, const std::map<std::string, Any>& initial = {},
              const NamespaceOptions& options = {})
        : Requests(manager, name, initial, options) {}

    /// The namespace that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Namespace(const Reference& reference) : Requests(reference) {}

    /// A copy of an attribute. Throws no_such_key where it does not exist (Python: AttributeError).
    template <FromAny T = Any>
    T get(std::string_view attribute) const {
        return detail::from<T>(Requests::get(attribute));
    }
    template <FromAny T = Any>
    T get(std::string_view attribute, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return get<T>(attribute); });
    }

    /// The same; `fallback` where it does not exist.
    template <FromAny T>
    T value_or(std::string_view attribute, T fallback) const {
        try {
            return get<T>(attribute);
        } catch (const Error& error) {
            if (error.code() != errc::no_such_key)
                throw;
            return fallback;
        }
    }
    template <FromAny T>
    T value_or(std::string_view attribute, T fallback, std::error_code& ec) const {
        auto value = detail::without_exceptions(ec, [&] { return value_or<T>(attribute, fallback); });
        return ec ? std::move(fallback) : std::move(value);
    }

    /// Sets an attribute; a new one stands last.
    template <ToAny T>
    void set(std::string_view attribute, const T& value) {
        Requests::set(attribute, detail::as_any(value));
    }
    template <ToAny T>
    void set(std::string_view attribute, const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set(attribute, value); });
    }

    /// Removes an attribute. Throws no_such_key where it does not exist.
    void erase(std::string_view attribute) { Requests::erase(attribute); }
    void erase(std::string_view attribute, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { erase(attribute); });
    }

    /// Whether there is this attribute; may be outdated when it returns.
    bool contains(std::string_view attribute) const { return Requests::contains(attribute); }
    bool contains(std::string_view attribute, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return contains(attribute); });
    }

    /// The names of all attributes at one moment, in the order in which they were first set.
    std::vector<std::string> names() const { return Requests::names(); }
    std::vector<std::string> names(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return names(); });
    }

    /// All attributes with their values at one moment.
    std::map<std::string, Any> copy() const { return Requests::copy(); }
    std::map<std::string, Any> copy(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return copy(); });
    }

    /// Sets an attribute to `desired` where it equals `expected`. Otherwise changes nothing and puts what it found into
    /// `expected`, as std::atomic does. Throws no_such_key where it does not exist.
    template <class T>
        requires ToAny<T> && FromAny<T>
    bool compare_exchange(std::string_view attribute, T& expected, const std::type_identity_t<T>& desired) {
        Any current = detail::as_any(expected);
        if (Requests::compare_exchange(attribute, current, detail::as_any(desired)))
            return true;
        expected = detail::from<T>(std::move(current));
        return false;
    }
    template <class T>
        requires ToAny<T> && FromAny<T>
    bool compare_exchange(std::string_view attribute, T& expected, const std::type_identity_t<T>& desired,
                          std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return compare_exchange(attribute, expected, desired); });
    }
};

}  // namespace steward
