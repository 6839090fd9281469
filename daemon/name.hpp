#pragma once

#include <string_view>

namespace steward::daemon {

/// Whether the bytes may name an object: 1 to 255 bytes of UTF-8 (RFC 3629) without control characters (C0, DEL, C1).
bool is_valid_name(std::string_view name);

}  // namespace steward::daemon
