#pragma once

#include <string_view>

#include <steward/any.hpp>

namespace steward::cli {

/// VALUE as it stands on the command line: JSON as Any::to_json() writes it. Throws Failure(not_json).
Any value_from(std::string_view text);

/// KEY as it stands on the command line: a JSON scalar or array where it is one, else the string itself, so that
/// `hits`, `7` and `'[1,2]'` are what they look like.
Any key_from(std::string_view text);

}  // namespace steward::cli
