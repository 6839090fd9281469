#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/slice.hpp>

namespace steward {

class Manager;

/// How an array is opened or made.
using ArrayOptions = OpenOptions;

/// What an Array can be of: std::int8_t to std::int64_t, std::uint8_t to std::uint64_t, float and double.
template <class T>
concept ArrayElement = detail::Integer<T> || std::same_as<T, float> || std::same_as<T, double>;

namespace detail {

/// The typecode of a type, as in Python's module array.
template <ArrayElement T>
constexpr char typecode() {
    if constexpr (std::floating_point<T>)
        return sizeof(T) == 4 ? 'f' : 'd';
    else if constexpr (std::is_signed_v<T>)
        return sizeof(T) == 1 ? 'b' : sizeof(T) == 2 ? 'h' : sizeof(T) == 4 ? 'i' : 'q';
    else
        return sizeof(T) == 1 ? 'B' : sizeof(T) == 2 ? 'H' : sizeof(T) == 4 ? 'I' : 'Q';
}

/// What an array is made with, and what must match where it exists.
struct ArrayShape {
    std::size_t length = 0;
    char typecode = 'd';
};

/// The requests of an Array, for elements of any type.
class STEWARD_API ArrayRequests : public Object {
  protected:
    ArrayRequests(const Manager& manager, ObjectName name, const ArrayShape& shape, const Any::Array& initial,
                  const ArrayOptions& options);
    ArrayRequests(const Reference& reference, char typecode);

    Any at(std::int64_t index) const;
    void set(std::int64_t index, const Any& value);
    Any::Array get_slice(const Slice& slice) const;
    void set_slice(const Slice& slice, const Any::Array& values);
    void fill(const Any& value);
    Any fetch_add(std::int64_t index, const Any& by);
    bool compare_exchange(std::int64_t index, Any& expected, const Any& desired);
    std::size_t size() const noexcept { return length_; }

  private:
    std::size_t length_;
};

}  // namespace detail

/// Numbers that processes share: of one type, kept in its width, and of a length that never changes. Python's
/// `Manager().Array()`, with the operations of std::atomic ([atomics.types]) beside get and set; each is atomic.
///
///     auto histogram = manager.array<std::uint32_t>("histogram", 256);
///     histogram.fetch_add(byte, 1);
///     std::vector<std::uint32_t> low = histogram.get_slice({.stop = 16});
///
/// Where Python's names differ: `a[i]` is at(i) and set(i, v), `a[i:j]` is get_slice and set_slice, `len(a)` is size(),
/// `a.tolist()` is copy(), `a.typecode` is typecode().
///
/// Who opens an array that exists must know its type and its length, else wrong_options, which says both. The types are
/// Python's typecodes b B h H i I q Q f d.
///
/// Indices are Python's: negative ones count from the end. What an Array gives are copies; there is no operator[] and
/// there are no iterators, since both would look as if they wrote through.
///
/// Threads, processes, lifetime: see Object.
///
/// at(), get() and the slice of all elements read in place; every other operation is one round trip unless it says
/// otherwise. None blocks (Object). All throw no_such_object once the array was removed, no_permission without the
/// permission (read to look, write for the rest), index_out_of_range where a position lies outside, no_memory where a
/// change does not fit (nothing is changed then), and not_connected when the daemon is gone.
template <ArrayElement T>
class Array : public detail::ArrayRequests {
    using Requests = detail::ArrayRequests;

  public:
    /// Opens the array, as Manager::array() does. Where this makes it, its elements are zero.
    Array(const Manager& manager, ObjectName name, std::size_t length, const ArrayOptions& options = {})
        : Requests(manager, name, {length, typecode()}, {}, options) {}

    /// The same with elements to begin with, which say its length and count only where this makes it. (Not for a list
    /// in braces, of which one number would be a length.)
    template <std::same_as<std::vector<T>> Elements>
    Array(const Manager& manager, ObjectName name, const Elements& initial, const ArrayOptions& options = {})
        : Requests(manager, name, {initial.size(), typecode()}, detail::as_array(initial), options) {}

    /// The array that a reference is to. One round trip. Throws type_mismatch where it is to another type, or to an
    /// array of other elements.
    explicit Array(const Reference& reference) : Requests(reference, typecode()) {}

    /// How many elements. Does not ask the daemon.
    std::size_t size() const noexcept { return Requests::size(); }

    /// That of T.
    static constexpr char typecode() noexcept { return detail::typecode<T>(); }

    /// A copy of the element at a position.
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

    /// Replaces the element at a position.
    void set(std::int64_t index, T value) { Requests::set(index, value); }
    void set(std::int64_t index, T value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set(index, value); });
    }

    /// Slices never throw index_out_of_range. A step of 0 is invalid_argument.
    std::vector<T> get_slice(const Slice& slice) const { return detail::from_array<T>(Requests::get_slice(slice)); }
    std::vector<T> get_slice(const Slice& slice, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return get_slice(slice); });
    }

    /// Replaces a slice by just as many elements, all at once; another number is invalid_argument.
    void set_slice(const Slice& slice, const std::vector<T>& values) {
        Requests::set_slice(slice, detail::as_array(values));
    }
    void set_slice(const Slice& slice, const std::vector<T>& values, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { set_slice(slice, values); });
    }

    /// All elements, at one moment.
    std::vector<T> copy() const { return get_slice({}); }
    std::vector<T> copy(std::error_code& ec) const { return get_slice({}, ec); }

    /// Replaces every element by this one, all at once.
    void fill(T value) { Requests::fill(value); }
    void fill(T value, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { fill(value); });
    }

    /// Adds to the element at a position and returns what it was before. Throws out_of_range where the sum does not fit
    /// a T; nothing is changed then.
    T fetch_add(std::int64_t index, T by) { return detail::from<T>(Requests::fetch_add(index, by)); }
    T fetch_add(std::int64_t index, T by, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return fetch_add(index, by); });
    }

    /// Replaces the element at a position where it equals `expected`. Otherwise changes nothing and puts what it found
    /// into `expected`, as std::atomic does.
    bool compare_exchange(std::int64_t index, T& expected, T desired) {
        Any current = expected;
        if (Requests::compare_exchange(index, current, desired))
            return true;
        expected = detail::from<T>(std::move(current));
        return false;
    }
    bool compare_exchange(std::int64_t index, T& expected, T desired, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return compare_exchange(index, expected, desired); });
    }
};

}  // namespace steward
