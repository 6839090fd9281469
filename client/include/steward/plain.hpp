#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <steward/any.hpp>

namespace steward::detail {

/// Types that are read from memory without becoming an Any on the way. Part of the library's inside.
template <class T>
concept Plain = std::same_as<T, bool> || std::same_as<T, double> || std::same_as<T, std::string> ||
                (Integer<T> && std::is_signed_v<T>);
template <class T>
concept PlainAsKey = std::same_as<T, std::string> || (Integer<T> && std::is_signed_v<T>);

using PlainKey = std::variant<std::int64_t, std::string_view>;

/// Where a value is to be read into.
using PlainPlace = std::variant<bool*, std::int64_t*, double*, std::string*>;

enum class PlainRead : std::uint8_t {
    found,
    missing,
    unclear  ///< it is read in the general way, which also says what is wrong where something is
};

template <PlainAsKey T>
PlainKey plain_key(const T& key) noexcept {
    return key;
}

/// `read` (PlainRead of a PlainPlace) reads into `value`, whatever integers it is made of.
template <Plain T, class Read>
PlainRead read_plain(T& value, Read read) {
    if constexpr (Integer<T>) {
        std::int64_t number = 0;
        const auto result = read(PlainPlace(&number));
        if (result == PlainRead::found && !std::in_range<T>(number))
            return PlainRead::unclear;
        value = static_cast<T>(number);
        return result;
    } else {
        return read(PlainPlace(&value));
    }
}

}  // namespace steward::detail
