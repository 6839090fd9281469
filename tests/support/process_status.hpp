#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>

#include "tests/support/eventually.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {

inline std::filesystem::path proc(pid_t process) {
    return "/proc/" + std::to_string(process);
}

/// Address sanitizer keeps what is freed for a while, so that a process grows that does not leak.
inline constexpr bool freed_memory_is_kept = has_address_sanitizer;

/// Memory that a process has of its own, without what it shares (proc(5), status).
inline std::uint64_t private_memory_bytes(pid_t process) {
    std::istringstream lines(text_of(proc(process) / "status"));
    for (std::string word; lines >> word;) {
        std::uint64_t kilobytes = 0;
        if (word == "RssAnon:" && lines >> kilobytes)
            return kilobytes * 1024;
    }
    return 0;
}

inline std::size_t open_descriptors(pid_t process) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(proc(process) / "fd"))
        ++count;
    return count;
}

/// proc(5): S is asleep, R runs; the state stands behind the name, which is in parentheses and may hold anything.
inline char state_of(pid_t process) {
    const auto stat = text_of(proc(process) / "stat");
    const auto behind_name = stat.rfind(')');
    return behind_name == std::string::npos ? '?' : stat.at(behind_name + 2);
}

/// Whether a process comes to rest: it is asleep at many looks in a row.
inline bool comes_to_rest(pid_t process) {
    int looks_asleep = 0;
    return eventually([&] {
        looks_asleep = state_of(process) == 'S' ? looks_asleep + 1 : 0;
        return looks_asleep == 50;
    });
}

}  // namespace steward::tests
