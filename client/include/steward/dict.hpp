#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/plain.hpp>

namespace steward {

class Manager;

/// How a dict is opened or made.
using DictOptions = OpenOptions;

namespace detail {

/// The requests of a Dict, for keys and values of any type.
class STEWARD_API DictRequests : public Object {
  protected:
    struct Versioned {
        std::optional<Any> value;
        std::uint64_t version = 0;  ///< changes with every change of the entry; 0: there is none
    };

    DictRequests(const Manager& manager, ObjectName name, const Any::Map& initial, const DictOptions& options);
    explicit DictRequests(const Reference& reference);

    Versioned get(const Any& key) const;
    PlainRead read(const PlainKey& key, const PlainPlace& value) const;
    void set(const Any& key, const Any& value);
    bool erase(const Any& key);
    std::optional<Any> pop(const Any& key);
    std::pair<Any, Any> pop_item();
    Any set_default(const Any& key, const Any& value);
    void update(const Any::Map& items);
    Any::Array keys() const;
    Any::Array values() const;
    Any::Map items() const;
    void clear();
    bool contains(const Any& key) const;
    std::size_t size() const;
    Any increment(const Any& key, const Any& by);
    bool compare_exchange(const Any& key, const Any& expected, const Any& desired);
    bool set_if_version(const Any& key, std::uint64_t version, const Any& value);

    /// Throws no_such_key, with the key.
    [[noreturn]] void throw_no_such_key(const Any& key) const;
};

template <class K, class V>
Any::Map as_map(const std::map<K, V>& items) {
    Any::Map map;
    map.reserve(items.size());
    for (const auto& [key, value] : items)
        map.emplace_back(as_any(key), as_any(value));
    return map;
}

template <class T>
std::optional<T> from_optional(std::optional<Any> any) {
    return any ? std::optional<T>(from<T>(*std::move(any))) : std::nullopt;
}

}  // namespace detail

/// A dict that processes share. Python's `Manager().dict()` with all methods of DictProxy, each of them atomic, and
/// what people miss in it.
///
///     auto stats = manager.dict<std::string, int>("stats");
///     stats.increment("hits");
///     stats.update("longest", [&](std::optional<int> seen) { return std::max(seen.value_or(0), length); });
///     int hits = stats.value_or("hits", 0);
///
/// Where Python's names differ: `d[k]` is at(k) and set(k, v), `del d[k]` is erase(k), `d.get(k, v)` is value_or(k, v),
/// `d.pop(k)`, `popitem`, `setdefault` are pop, pop_item, set_default, `len(d)` is size(), `k in d` is contains(k), and
/// `d | other` is copy() with other's items.
///
/// What a Dict gives are copies. Changing one changes nothing in the dict: `jobs.at("a").push_back(1)` is lost, also
/// where the value is an array or a map; write it back with set(). But a value may be a List or any other object, as in
/// Dict<std::string, List<int>>: that is stored as a reference, and what is read is a proxy of the same object. There
/// is no operator[] and there are no iterators, since both would look as if they wrote through. Reading, changing and
/// writing back are three steps that others come between; increment(), compare_exchange() and update(key, fn) do not
/// let them, or use a Lock.
///
/// Keys are scalars (nil, bool, numbers, strings, binaries), references and arrays of them; others throw type_mismatch.
/// They are equal as in Python: 1, 1.0 and true are one key. The order is that of insertion.
///
/// K and V are what a program reads and writes; the daemon stores what to_any makes of them.
///
/// Threads, processes, lifetime: see Object.
///
/// What looks one key up (at(), get(), contains() and the like), items(), copy(), size() and empty() read in place;
/// every other operation is one round trip unless it says otherwise. None blocks (Object). All throw no_such_object
/// once the dict was removed, no_permission without the permission (read to look, write for the rest), type_mismatch
/// where what is read is no K or V, no_memory where it does not fit (nothing is changed then), and not_connected when
/// the daemon is gone.
template <class K = Any, class V = Any>
class Dict : public detail::DictRequests {
    using Requests = detail::DictRequests;

  public:
    /// Opens the dict, as Manager::dict() does. `initial` counts only where this makes it.
    Dict(const Manager& manager, ObjectName name, const std::map<K, V>& initial = {}, const DictOptions& options = {})
        : Requests(manager, name, detail::as_map(initial), options) {}

    /// The dict that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Dict(const Reference& reference) : Requests(reference) {}

    /// A copy of the value; nothing where there is no such key.
    std::optional<V> get(const K& key) const {
        if constexpr (detail::PlainAsKey<K> && detail::Plain<V>) {
            std::optional<V> value(std::in_place);
            switch (detail::read_plain(
                *value, [&](const auto& place) { return Requests::read(detail::plain_key(key), place); })) {
                case detail::PlainRead::found: return value;
                case detail::PlainRead::missing: return std::nullopt;
                case detail::PlainRead::unclear: break;
            }
        }
        return detail::from_optional<V>(Requests::get(detail::as_any(key)).value);
    }
    std::optional<V> get(const K& key, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return get(key); });
    }

    /// The same. Throws no_such_key.
    V at(const K& key) const {
        auto value = get(key);
        if (!value)
            throw_no_such_key(detail::as_any(key));
        return *std::move(value);
    }
    V at(const K& key, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return at(key); });
    }

    /// The same; `fallback` where there is no such key.
    V value_or(const K& key, V fallback) const { return get(key).value_or(std::move(fallback)); }
    V value_or(const K& key, V fallback, std::error_code& ec) const {
        return get(key, ec).value_or(std::move(fallback));
    }

    /// Sets the value of a key; a new key stands last.
    void set(const K& key, const V& value) { Requests::set(detail::as_any(key), detail::as_any(value)); }
    void set(const K& key, const V& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set(key, value); });
    }

    /// Removes a key. False: there was none.
    bool erase(const K& key) { return Requests::erase(detail::as_any(key)); }
    bool erase(const K& key, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return erase(key); });
    }

    /// Removes a key and returns its value; nothing where there was none.
    std::optional<V> pop(const K& key) { return detail::from_optional<V>(Requests::pop(detail::as_any(key))); }
    std::optional<V> pop(const K& key, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return pop(key); });
    }

    /// Removes the pair that was inserted last and returns it; nothing where the dict is empty.
    std::optional<std::pair<K, V>> pop_item() {
        try {
            auto [key, value] = Requests::pop_item();
            return std::pair(detail::from<K>(std::move(key)), detail::from<V>(std::move(value)));
        } catch (const Error& error) {
            if (error.code() != errc::empty)
                throw;
            return std::nullopt;
        }
    }
    std::optional<std::pair<K, V>> pop_item(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return pop_item(); });
    }

    /// The value of a key, which is set to `value` first where there is none.
    V set_default(const K& key, const V& value) {
        return detail::from<V>(Requests::set_default(detail::as_any(key), detail::as_any(value)));
    }
    V set_default(const K& key, const V& value, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return set_default(key, value); });
    }

    /// Sets several keys, all or none.
    void update(const std::map<K, V>& items) { Requests::update(detail::as_map(items)); }
    void update(const std::map<K, V>& items, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { update(items); });
    }

    /// The version of a key's entry, which changes with every change of it; 0: the key does not exist. For
    /// Transaction::require_version.
    std::uint64_t version(const K& key) const { return Requests::get(detail::as_any(key)).version; }
    std::uint64_t version(const K& key, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return version(key); });
    }

    /// Sets the value of a key to fn(what it is now), where "now" is nothing for a key that does not exist, and returns
    /// it. Two round trips; where another client changes the key between them, it is done over, so `fn` may be called
    /// several times. What `fn` throws is passed on and nothing is changed.
    template <class F>
        requires std::is_invocable_r_v<V, F&, std::optional<V>>
    V update(const K& key, F fn) {
        const auto& packed_key = detail::as_any(key);
        for (;;) {
            auto current = Requests::get(packed_key);
            V desired = fn(detail::from_optional<V>(std::move(current.value)));
            if (Requests::set_if_version(packed_key, current.version, detail::as_any(desired)))
                return desired;
        }
    }
    template <class F>
        requires std::is_invocable_r_v<V, F&, std::optional<V>>
    V update(const K& key, F fn, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return update(key, std::move(fn)); });
    }

    /// All keys, all values, all pairs, in the order of their insertion, at one moment.
    std::vector<K> keys() const { return detail::from_array<K>(Requests::keys()); }
    std::vector<K> keys(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return keys(); });
    }
    std::vector<V> values() const { return detail::from_array<V>(Requests::values()); }
    std::vector<V> values(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return values(); });
    }
    std::vector<std::pair<K, V>> items() const {
        std::vector<std::pair<K, V>> pairs;
        for (auto& [key, value] : Requests::items())
            pairs.emplace_back(detail::from<K>(std::move(key)), detail::from<V>(std::move(value)));
        return pairs;
    }
    std::vector<std::pair<K, V>> items(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return items(); });
    }

    /// All of it at one moment, in the order of the keys.
    std::map<K, V> copy() const {
        std::map<K, V> map;
        for (auto& [key, value] : items())
            map.emplace(std::move(key), std::move(value));
        return map;
    }
    std::map<K, V> copy(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return copy(); });
    }

    /// Whether there is this key; may be outdated when it returns.
    bool contains(const K& key) const { return Requests::contains(detail::as_any(key)); }
    bool contains(const K& key, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return contains(key); });
    }

    /// How many keys; may be outdated when it returns.
    std::size_t size() const { return Requests::size(); }
    std::size_t size(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return size(); });
    }

    /// Whether there is no key; may be outdated when it returns.
    bool empty() const { return size() == 0; }
    bool empty(std::error_code& ec) const { return size(ec) == 0; }

    /// Removes all keys, in one step.
    void clear() { Requests::clear(); }
    void clear(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { clear(); });
    }

    /// Adds to the number of a key, where one that does not exist counts as 0, and returns the sum. Throws
    /// type_mismatch where there is no number, out_of_range where the sum of integers does not fit 64 bits.
    V increment(const K& key, const V& by = V(1)) {
        return detail::from<V>(Requests::increment(detail::as_any(key), detail::as_any(by)));
    }
    V increment(const K& key, const V& by, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return increment(key, by); });
    }

    /// Sets `desired` where the key exists and its value equals `expected`. False: it does not.
    bool compare_exchange(const K& key, const V& expected, const V& desired) {
        return Requests::compare_exchange(detail::as_any(key), detail::as_any(expected), detail::as_any(desired));
    }
    bool compare_exchange(const K& key, const V& expected, const V& desired, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return compare_exchange(key, expected, desired); });
    }

    /// Sets several keys, as `|=` does in Python.
    Dict& operator|=(const std::map<K, V>& items) {
        update(items);
        return *this;
    }
};

}  // namespace steward
