#include "tests/bench/sleeper.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace steward::bench {

Sleeper::Sleeper(pid_t pid) : stat_(::open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC)) {
    if (stat_.get() < 0)
        throw std::system_error(errno, std::generic_category(), "/proc/" + std::to_string(pid) + "/stat");
}

/// The state follows the name of the program, which may hold anything but ends with the last parenthesis (proc(5)).
bool Sleeper::is_asleep() const {
    std::array<char, 512> buffer{};
    const auto size = ::pread(stat_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0)
        throw std::system_error(errno, std::generic_category(), "/proc/PID/stat");
    const std::string_view stat(buffer.data(), static_cast<std::size_t>(size));
    return stat.substr(stat.rfind(')')).starts_with(") S");
}

}  // namespace steward::bench
