#include "client/cli/doctor/limits.hpp"

#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "client/cli/display_text.hpp"

namespace steward::cli::doctor {
namespace {

/// A Manager has some four, a Watch two more, and the program has its own.
constexpr std::uint64_t few_descriptors = 64;

std::string text_of(std::uint64_t most) {
    return most == unlimited ? "any number" : std::to_string(most);
}

std::uint64_t limit_of(__rlimit_resource resource) {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return unlimited;
    return limit.rlim_cur;
}

std::optional<std::uint64_t> count_descriptors(const std::string& process) {
    std::error_code unreadable;
    const std::filesystem::directory_iterator descriptors("/proc/" + process + "/fd", unreadable);
    if (unreadable)
        return std::nullopt;
    return static_cast<std::uint64_t>(std::distance(begin(descriptors), end(descriptors)));
}

/// The line of proc(5) "Max open files  SOFT  HARD  files".
std::optional<std::uint64_t> most_descriptors_of(const std::string& process) {
    constexpr std::string_view heading = "Max open files";
    std::ifstream file("/proc/" + process + "/limits");
    for (std::string line; std::getline(file, line);) {
        std::uint64_t most = 0;
        if (line.starts_with(heading) && std::istringstream(line.substr(heading.size())) >> most)
            return most;
    }
    return std::nullopt;
}

bool is_called(pid_t process, std::string_view wanted) {
    std::ifstream file("/proc/" + std::to_string(process) + "/comm");
    std::string name;
    return std::getline(file, name) && name == wanted;
}

}  // namespace

Finding judge_own(const Descriptors& own, std::uint64_t most_address_space_bytes, std::uint64_t memory_limit_bytes) {
    Finding finding{"limits", Verdict::good, "a program may open " + text_of(own.most) + " descriptors"};
    if (own.most < few_descriptors) {
        finding.verdict = Verdict::warning;
        finding.advice = "raise it, `ulimit -n 1024`: each Manager takes about four";
    }
    if (most_address_space_bytes < memory_limit_bytes) {
        finding.verdict = Verdict::warning;
        finding.found += " and have " + size_text(most_address_space_bytes) + " of addresses";
        finding.advice = "raise it, `ulimit -v unlimited`: memory is mapped in the size that it may once have, " +
                         size_text(memory_limit_bytes) + ", and without room for that every read asks the daemon";
    }
    return finding;
}

Finding judge_daemons(const Descriptors& daemons) {
    Finding finding{"daemon's limits", Verdict::good,
                    "it has " + std::to_string(daemons.open) + " descriptors of " + text_of(daemons.most)};
    if (daemons.most != unlimited && daemons.open * 100 >= daemons.most * nearly_all_percent) {
        finding.verdict = Verdict::warning;
        finding.advice = "raise `LimitNOFILE=` of its unit, or find who does not close connections: `steward sessions`";
    }
    return finding;
}

Finding look_at_own_limits(std::uint64_t memory_limit_bytes) {
    return judge_own({.most = limit_of(RLIMIT_NOFILE)}, limit_of(RLIMIT_AS), memory_limit_bytes);
}

Finding look_at_limits_of(pid_t daemon, pid_t listener) {
    const auto process = std::to_string(daemon);
    const bool was_given_its_socket = is_called(listener, "systemd") && is_called(daemon, "stewardd");
    if (listener != daemon && !was_given_its_socket)
        return {"daemon's limits", Verdict::unseen,
                "it runs where processes have numbers of their own, as in a container"};
    const auto open = count_descriptors(process);
    if (!open)
        return {"daemon's limits", Verdict::unseen, "only root and the user of process " + process + " see them"};
    return judge_daemons({.open = *open, .most = most_descriptors_of(process).value_or(unlimited)});
}

}  // namespace steward::cli::doctor
