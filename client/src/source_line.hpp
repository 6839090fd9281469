#pragma once

#include <source_location>
#include <string>
#include <string_view>

namespace steward::detail {

/// "file:line" without folders, as `steward show` prints it; empty where it is not known.
inline std::string source_line(const std::source_location& where) {
    if (where.line() == 0)
        return {};
    std::string_view file = where.file_name();
    file.remove_prefix(file.rfind('/') + 1);  // npos + 1 is 0
    return std::string(file) + ":" + std::to_string(where.line());
}

}  // namespace steward::detail
