#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <steward/error.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/reference.hpp>

namespace steward {

class Any;

namespace detail {

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <class T>
concept Text = std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>;

}  // namespace detail

/// A type that Any holds by itself.
template <class T>
concept AnyBuiltin = std::same_as<T, bool> || detail::Integer<T> || std::floating_point<T> || detail::Text<T>;

/// A type that can be stored: `void to_any(Any&, const T&)` is found by argument-dependent lookup.
template <class T>
concept ToAny = requires(Any& any, const T& value) { to_any(any, value); };

/// A type of which there is a value already that can be filled: `void from_any(const Any&, T&)` is found.
template <class T>
concept FilledFromAny = std::default_initializable<T> && requires(const Any& any, T& value) { from_any(any, value); };

/// A type that has to be made from what was stored, as proxies are: `T from_any(const Any&, std::type_identity<T>)` is
/// found.
template <class T>
concept MadeFromAny = requires(const Any& any, std::type_identity<T> type) {
    { from_any(any, type) } -> std::same_as<T>;
};

/// A type that can be read back.
template <class T>
concept FromAny = MadeFromAny<T> || FilledFromAny<T>;

/// A value as the daemon stores it: nil, bool, integer, real number, string, binary, array, map or a reference to an
/// object.
///
///     steward::Any job = steward::Any::Map{{"file", "a.txt"}, {"tries", 3}};
///     job.at("tries").get<int>();                        // 3
///     job.to_json();                                     // {"file":"a.txt","tries":3}
///
/// What is stored is a copy. An array inside of a dict, read back, is a copy too, and changing it changes nothing in
/// the dict (as with Python's Manager): store the changed one, or store a List, which is a reference to that list:
///
///     work.set("jobs", manager.list<int>());
///     work.at("jobs").get<steward::List<int>>().append(1);
///
/// The standard library's vector, array, map, unordered_map, pair, tuple, optional and string can be stored, and so can
/// any type of yours that has, in its own namespace,
///
///     void to_any(steward::Any& any, const Point& point) { any = steward::Any::Array{point.x, point.y}; }
///     void from_any(const steward::Any& any, Point& point) { ... }
///
/// or, where there is no Point without a value, `Point from_any(const steward::Any& any, std::type_identity<Point>)`.
///
/// Threads: as the standard containers. Only a reference has a connection to a daemon; see Reference.
class STEWARD_API Any {
  public:
    /// What it can hold.
    enum class Kind : std::uint8_t {
        nil,
        boolean,
        integer,
        unsigned_integer,
        real,
        string,
        binary,
        array,
        map,
        object
    };
    using Binary = std::vector<std::byte>;         ///< bytes that are no text
    using Array = std::vector<Any>;                ///< values in order
    using Map = std::vector<std::pair<Any, Any>>;  ///< in the order of insertion; keys are not checked for duplicates

    /// Nil, Python's None.
    Any() noexcept = default;
    Any(std::nullptr_t) noexcept {}

    /// Of each kind, made from what is one.
    Any(std::same_as<bool> auto value) noexcept : value_(value) {}
    Any(detail::Integer auto value) noexcept : value_(integer(value)) {}
    Any(std::floating_point auto value) noexcept : value_(static_cast<double>(value)) {}
    Any(const detail::Text auto& value) : value_(std::string(std::string_view(value))) {}
    Any(std::string&& value) noexcept : value_(std::move(value)) {}
    Any(Binary value) noexcept : value_(std::move(value)) {}
    Any(Array value) noexcept : value_(std::move(value)) {}
    Any(Map value) noexcept : value_(std::move(value)) {}
    Any(Reference value) noexcept : value_(std::move(value)) {}
    Any(const Object& object) noexcept : value_(Reference(object)) {}  ///< a reference to it, of every type of proxy

    /// Stores any other type by its to_any.
    template <class T>
        requires(!std::same_as<T, Any> && !AnyBuiltin<T> && ToAny<T>)
    explicit Any(const T& value) {
        to_any(*this, value);
    }

    /// An integer that fits std::int64_t is of kind `integer`, whatever type it came from.
    Kind kind() const noexcept { return static_cast<Kind>(value_.index()); }
    bool is_nil() const noexcept { return kind() == Kind::nil; }
    bool is_number() const noexcept { return kind() >= Kind::boolean && kind() <= Kind::real; }

    /// The value as a T. Throws type_mismatch where it is of another kind, out_of_range where the number does not fit.
    /// A real number is no integer, an integer is a real number, and a bool is only a bool. Of a reference it is a
    /// proxy; that of an Array and of a Condition asks the daemon, and throws what that throws.
    template <FromAny T>
    T get() const {
        if constexpr (MadeFromAny<T>) {
            return from_any(*this, std::type_identity<T>());
        } else {
            T value{};
            from_any(*this, value);
            return value;
        }
    }

    /// Whether get<T>() would succeed.
    template <FromAny T>
    bool is() const {
        try {
            get<T>();
            return true;
        } catch (const Error&) {
            return false;
        }
    }

    /// What it holds, without a copy. Each throws type_mismatch where it holds another kind.
    bool boolean() const;
    double real() const;                     ///< of any integer too
    std::int64_t integer() const;            ///< throws out_of_range above its largest
    std::uint64_t unsigned_integer() const;  ///< throws out_of_range below zero
    const std::string& string() const&;
    std::string string() &&;
    const Binary& binary() const;
    const Array& array() const;
    Array& array();
    const Map& map() const;
    Map& map();
    const Reference& object() const;

    /// The value of a key of a map. Throws no_such_key. Linear in the size of the map.
    const Any& at(const Any& key) const;
    bool contains(const Any& key) const;

    /// An item of an array. Throws index_out_of_range.
    const Any& item(std::size_t index) const;

    /// JSON text (RFC 8259), keys in order. Binary is {"$binary": base64}; a reference is {"$object": {"type": "list",
    /// "id": "4711"}}; a map that is not a JSON object, because a key is no string or because it looks like one of
    /// these three, is {"$map": [[key, value], ...]}. Throws type_mismatch for a string that is not UTF-8, infinity and
    /// NaN, which JSON cannot say.
    std::string to_json() const;

    /// Reads what to_json() writes, but for references, which text cannot make, and any JSON text. A number without
    /// fraction and exponent that fits 64 bits is an integer, every other one a real number. Throws invalid_argument
    /// with the position of what is wrong.
    static Any from_json(std::string_view text);

    /// Python's equality: numbers by value whatever their kind (1 == 1.0 == true), maps in any order, references by
    /// what they refer to.
    friend STEWARD_API bool operator==(const Any& left, const Any& right) noexcept;

    /// An order over all values, so that an Any can be the key of a std::map: nil, numbers, strings, binaries, arrays,
    /// maps, references. Equivalent is what is equal; NaN, which equals nothing, stands behind all numbers.
    friend STEWARD_API std::weak_ordering operator<=>(const Any& left, const Any& right) noexcept;

  private:
    using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Binary, Array,
                               Map, Reference>;

    static constexpr Value integer(detail::Integer auto value) noexcept {
        if (std::in_range<std::int64_t>(value))
            return Value(std::in_place_index<2>, static_cast<std::int64_t>(value));
        return Value(std::in_place_index<3>, static_cast<std::uint64_t>(value));
    }

    Value value_;
};

}  // namespace steward

#include <steward/conversions.hpp>
