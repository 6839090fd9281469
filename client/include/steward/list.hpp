#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/slice.hpp>

namespace steward {

class Manager;

/// How a list is opened or made.
using ListOptions = OpenOptions;

namespace detail {

/// The requests of a List, for items of any type.
class STEWARD_API ListRequests : public Object {
  protected:
    ListRequests(const Manager& manager, ObjectName name, const Any::Array& initial, const ListOptions& options);
    explicit ListRequests(const Reference& reference);

    void append(const Any& value);
    void extend(const Any::Array& values);
    void insert(std::int64_t index, const Any& value);
    Any pop(std::int64_t index);
    void remove_value(const Any& value);
    std::size_t index(const Any& value, std::int64_t start, std::optional<std::int64_t> stop) const;
    std::size_t count(const Any& value) const;
    void reverse();
    void sort(bool descending);
    void clear();
    Any::Array copy() const;
    Any at(std::int64_t index) const;
    void set(std::int64_t index, const Any& value);
    void erase(std::int64_t index);
    Any::Array get_slice(const Slice& slice) const;
    void set_slice(const Slice& slice, const Any::Array& values);
    void erase_slice(const Slice& slice);
    bool contains(const Any& value) const;
    std::size_t size() const;
    void repeat(std::int64_t times);
    bool compare_exchange(std::int64_t index, Any& expected, const Any& desired);
};

}  // namespace detail

/// A list that processes share. Python's `Manager().list()` with all methods of ListProxy, each of them atomic, and
/// what people miss in it.
///
///     auto files = manager.list<std::string>("files");
///     files.append("a.txt");
///     while (auto file = files.try_pop(0))
///         count_words(*file);
///
/// Where Python's names differ: `l[i]` is at(i) and set(i, v), `del l[i]` is erase(i), `l[a:b]` is get_slice, set_slice
/// and erase_slice, `len(l)` is size(), `v in l` is contains(v), `l.remove(v)` is remove_value(v) (remove() is that of
/// every object: it removes the list itself), `reversed(l)` is reversed().
///
/// What a List gives are copies. Changing one changes nothing in the list: `jobs.at(0).tries++` is lost, also where the
/// item is an array or a map; write it back with set(). But an item may be a List or any other object, as in
/// List<Dict<>>: that is stored as a reference, and what is read is a proxy of the same object. There is no operator[]
/// and there are no iterators, since both would look as if they wrote through. Reading, changing and writing back are
/// three steps that others come between; compare_exchange() does not let them, or use a Lock.
///
/// T is what a program reads and writes; the daemon stores what to_any makes of it. Values are compared as Python
/// compares them: 1 equals 1.0.
///
/// Indices are Python's: negative ones count from the end.
///
/// Threads, processes, lifetime: see Object.
///
/// at(), get(), copy(), size() and empty() read in place, every other operation is one round trip; none blocks
/// (Object). All throw no_such_object once the list was removed, no_permission without the permission (read to look,
/// write for the rest), type_mismatch where an item that is read is no T, no_memory where it does not fit (nothing is
/// changed then), and not_connected when the daemon is gone.
template <class T = Any>
class List : public detail::ListRequests {
    using Requests = detail::ListRequests;

  public:
    /// Opens the list, as Manager::list() does. `initial` counts only where this makes it.
    List(const Manager& manager, ObjectName name, const std::vector<T>& initial = {}, const ListOptions& options = {})
        : Requests(manager, name, detail::as_array(initial), options) {}

    /// The list that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit List(const Reference& reference) : Requests(reference) {}

    /// Adds an item at the end.
    void append(const T& value) { Requests::append(detail::as_any(value)); }
    void append(const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { append(value); });
    }

    /// Adds items at the end, all or none.
    void extend(const std::vector<T>& values) { Requests::extend(detail::as_array(values)); }
    void extend(const std::vector<T>& values, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { extend(values); });
    }

    /// Inserts before a position; one beyond an end means that end.
    void insert(std::int64_t index, const T& value) { Requests::insert(index, detail::as_any(value)); }
    void insert(std::int64_t index, const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { insert(index, value); });
    }

    /// Removes the item at a position, the last one unless said otherwise, and returns it. Throws empty where nothing
    /// is left, index_out_of_range.
    T pop(std::int64_t index = -1) { return detail::from<T>(Requests::pop(index)); }
    T pop(std::int64_t index, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return pop(index); });
    }
    T pop(std::error_code& ec) { return pop(-1, ec); }

    /// The same for a list that may be empty: then nothing.
    std::optional<T> try_pop(std::int64_t index = -1) {
        try {
            return pop(index);
        } catch (const Error& error) {
            if (error.code() != errc::empty)
                throw;
            return std::nullopt;
        }
    }
    std::optional<T> try_pop(std::int64_t index, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return try_pop(index); });
    }
    std::optional<T> try_pop(std::error_code& ec) { return try_pop(-1, ec); }

    /// Removes the first item that equals `value`. Throws no_such_value.
    void remove_value(const T& value) { Requests::remove_value(detail::as_any(value)); }
    void remove_value(const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { remove_value(value); });
    }

    /// The position of the first item that equals `value`, looked for from `start` to before `stop`.
    /// Throws no_such_value.
    std::size_t index(const T& value, std::int64_t start = 0, std::optional<std::int64_t> stop = {}) const {
        return Requests::index(detail::as_any(value), start, stop);
    }
    std::size_t index(const T& value, std::int64_t start, std::optional<std::int64_t> stop, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return index(value, start, stop); });
    }
    std::size_t index(const T& value, std::error_code& ec) const { return index(value, 0, std::nullopt, ec); }

    /// How many items equal `value`.
    std::size_t count(const T& value) const { return Requests::count(detail::as_any(value)); }
    std::size_t count(const T& value, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return count(value); });
    }

    /// Whether an item equals `value`.
    bool contains(const T& value) const { return Requests::contains(detail::as_any(value)); }
    bool contains(const T& value, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return contains(value); });
    }

    /// Turns the order round.
    void reverse() { Requests::reverse(); }
    void reverse(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { reverse(); });
    }

    /// Sorts in place; stable. Throws type_mismatch where two items have no order (a number and a string); nothing is
    /// changed then. Python's `sort(reverse=True)` is sort(true); a key function cannot run in the daemon.
    void sort(bool descending = false) { Requests::sort(descending); }
    void sort(bool descending, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { sort(descending); });
    }
    void sort(std::error_code& ec) { sort(false, ec); }

    /// Removes all items, in one step.
    void clear() { Requests::clear(); }
    void clear(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { clear(); });
    }

    /// All items, at one moment.
    std::vector<T> copy() const { return detail::from_array<T>(Requests::copy()); }
    std::vector<T> copy(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return copy(); });
    }

    /// All items, the last one first.
    std::vector<T> reversed() const { return get_slice({.step = -1}); }
    std::vector<T> reversed(std::error_code& ec) const { return get_slice({.step = -1}, ec); }

    /// A copy of the item at a position. Throws index_out_of_range.
    T at(std::int64_t index) const { return detail::from<T>(Requests::at(index)); }
    T at(std::int64_t index, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return at(index); });
    }

    /// The same; nothing where the position lies outside.
    std::optional<T> get(std::int64_t index) const {
        try {
            return at(index);
        } catch (const Error& error) {
            if (error.code() != errc::index_out_of_range)
                throw;
            return std::nullopt;
        }
    }
    std::optional<T> get(std::int64_t index, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return get(index); });
    }

    /// Replaces the item at a position. Throws index_out_of_range.
    void set(std::int64_t index, const T& value) { Requests::set(index, detail::as_any(value)); }
    void set(std::int64_t index, const T& value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set(index, value); });
    }

    /// Removes the item at a position. Throws index_out_of_range.
    void erase(std::int64_t index) { Requests::erase(index); }
    void erase(std::int64_t index, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { erase(index); });
    }

    /// Slices never throw index_out_of_range. A step of 0 is invalid_argument.
    std::vector<T> get_slice(const Slice& slice) const { return detail::from_array<T>(Requests::get_slice(slice)); }
    std::vector<T> get_slice(const Slice& slice, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return get_slice(slice); });
    }

    /// Replaces a slice by any number of items; where the step is not 1, by just as many, else invalid_argument.
    void set_slice(const Slice& slice, const std::vector<T>& values) {
        Requests::set_slice(slice, detail::as_array(values));
    }
    void set_slice(const Slice& slice, const std::vector<T>& values, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set_slice(slice, values); });
    }

    /// Removes the items of a slice.
    void erase_slice(const Slice& slice) { Requests::erase_slice(slice); }
    void erase_slice(const Slice& slice, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { erase_slice(slice); });
    }

    /// How many items; may be outdated when it returns.
    std::size_t size() const { return Requests::size(); }
    std::size_t size(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return size(); });
    }

    /// Whether there is no item; may be outdated when it returns.
    bool empty() const { return size() == 0; }
    bool empty(std::error_code& ec) const { return size(ec) == 0; }

    /// Repeats the items in place, as `*=` does; 0 and less: none are left.
    void repeat(std::int64_t times) { Requests::repeat(times); }
    void repeat(std::int64_t times, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { repeat(times); });
    }

    /// Replaces the item at a position where it equals `expected`. Otherwise changes nothing and puts what it found
    /// into `expected`, as std::atomic does. Throws index_out_of_range.
    bool compare_exchange(std::int64_t index, T& expected, const T& desired) {
        Any current = detail::as_any(expected);
        if (Requests::compare_exchange(index, current, detail::as_any(desired)))
            return true;
        expected = detail::from<T>(std::move(current));
        return false;
    }
    bool compare_exchange(std::int64_t index, T& expected, const T& desired, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return compare_exchange(index, expected, desired); });
    }

    /// `list + other` and `list * n` are local vectors, as they are local lists in Python. `+=` and `*=` change the
    /// shared list.
    friend std::vector<T> operator+(const List& list, const std::vector<T>& other) {
        auto items = list.copy();
        items.insert(items.end(), other.begin(), other.end());
        return items;
    }
    friend std::vector<T> operator+(const List& list, const List& other) { return list + other.copy(); }
    friend std::vector<T> operator*(const List& list, std::int64_t times) {
        const auto once = list.copy();
        std::vector<T> items;
        for (; times > 0; --times)
            items.insert(items.end(), once.begin(), once.end());
        return items;
    }
    friend std::vector<T> operator*(std::int64_t times, const List& list) { return list * times; }
    List& operator+=(const std::vector<T>& values) {
        extend(values);
        return *this;
    }
    List& operator*=(std::int64_t times) {
        repeat(times);
        return *this;
    }
};

}  // namespace steward
