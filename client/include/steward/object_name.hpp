#pragma once

#include <concepts>
#include <string_view>

#include <steward/error.hpp>

namespace steward {

/// Says that an object is to have no name.
///
///     steward::Value<std::string> state(manager, steward::nameless, "idle");
struct Nameless {};
/// The one value of it.
inline constexpr Nameless nameless;

/// How the constructors of proxies take a name, or `nameless`; made from any string. Throws invalid_name for an empty
/// one, which would not say that none is wanted.
class ObjectName {
  public:
    /// No name.
    ObjectName(Nameless) noexcept {}

    /// A name.
    template <std::convertible_to<std::string_view> T>
    ObjectName(const T& name) : text_(name) {
        if (text_.empty())
            throw Error(errc::invalid_name, "the name is empty");
    }

    /// Borrowed from what it was made from; empty: nameless.
    std::string_view text() const noexcept { return text_; }

  private:
    std::string_view text_;
};

}  // namespace steward
