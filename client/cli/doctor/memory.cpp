#include "client/cli/doctor/memory.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <string>
#include <utility>

#include "client/cli/display_text.hpp"

namespace steward::cli::doctor {
namespace {

/// Less than a step in which a heap grows and the copy of a small one need.
constexpr std::uint64_t little_bytes = std::uint64_t{16} << 20;

std::string enlarge() {
    return std::string("remove what fills it (`ls -l ") + memory_folder +
           "`), or enlarge it: `mount -o remount,size=50% " + memory_folder +
           "` as root; of a container: its option `--shm-size`";
}

/// By default the limit is as large as the file system, in which others have something, too: an eighth of it does not
/// count.
bool promises_too_much(const proto::daemon::Status::Result& status, std::uint64_t free_bytes) {
    const auto left = status.memory_limit_bytes - std::min(status.memory_limit_bytes, status.memory_obtained_bytes);
    return free_bytes < left - left / 8;
}

std::string limit_text(const proto::daemon::Status::Result& status) {
    return "the daemon uses " + size_text(status.memory_used_bytes) + " and has obtained " +
           size_text(status.memory_obtained_bytes) + " of " + size_text(status.memory_limit_bytes);
}

}  // namespace

Finding judge(const MemoryFigures& figures) {
    if (!figures.free_bytes)
        return {"memory", Verdict::unseen, std::string(memory_folder) + " cannot be looked at"};
    const auto free_bytes = *figures.free_bytes;
    Finding finding{"memory", Verdict::good, std::string(memory_folder) + " has " + size_text(free_bytes) + " free"};
    if (figures.status)
        finding.found += "; " + limit_text(*figures.status);
    const auto is = [&](Verdict verdict, std::string advice) {
        finding.verdict = verdict;
        finding.advice = std::move(advice);
        return finding;
    };
    if (free_bytes < little_bytes)
        return is(Verdict::bad, enlarge());
    if (!figures.is_memory) {
        finding.found += "; it is no tmpfs";
        return is(Verdict::warning,
                  std::string("mount a tmpfs at ") + memory_folder + ": on a disk all changes are written there");
    }
    if (!figures.status)
        return finding;
    if (figures.status->memory_used_bytes * 100 >= figures.status->memory_limit_bytes * nearly_all_percent)
        return is(
            Verdict::warning,
            "`steward ls` shows what is there; or raise `memory-limit` in the configuration and `steward reload`");
    if (promises_too_much(*figures.status, free_bytes))
        return is(Verdict::warning, "the limit promises more than there is: lower `memory-limit`, or " + enlarge());
    return finding;
}

MemoryFigures look_at_memory(std::optional<proto::daemon::Status::Result> status) {
    MemoryFigures figures{.status = std::move(status)};
    struct statfs space {};
    if (::statfs(memory_folder, &space) == 0) {
        figures.is_memory = space.f_type == TMPFS_MAGIC;
        figures.free_bytes = static_cast<std::uint64_t>(space.f_bavail) * static_cast<std::uint64_t>(space.f_bsize);
    }
    return figures;
}

}  // namespace steward::cli::doctor
