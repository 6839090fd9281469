#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace steward::tests {

/// What an environment variable says about how much a test does.
inline std::uint64_t number_from_environment(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace steward::tests
