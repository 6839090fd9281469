#pragma once

#include <string_view>

namespace steward::daemon {

/// The version of this build, as `stewardd --version` and `steward status` show it.
inline constexpr std::string_view version = STEWARD_VERSION;

}  // namespace steward::daemon
