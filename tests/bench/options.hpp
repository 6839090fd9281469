#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::bench {

/// What steward_bench was told on its command line.
struct Options {
    std::optional<std::filesystem::path> json;
    std::optional<std::filesystem::path> markdown;
    std::vector<std::string> rows;  ///< beginnings of their names; empty: all
    int repetitions = 601;
    bool quick = false;
    bool help = false;

    bool wants(std::string_view row) const;
};

extern const std::string_view usage;

/// Throws std::invalid_argument.
Options parse_options(int argc, char** argv);

}  // namespace steward::bench
