#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace steward::tests {

/// Everything in a file; nothing where there is none.
inline std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace steward::tests
