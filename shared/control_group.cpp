#include "shared/control_group.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

namespace steward::shared {

namespace {

// The kernel's killer must not be the one to find out that others took the rest meanwhile.
constexpr std::uint64_t margin_bytes = std::uint64_t{4} << 20;

// Of a group with the groups below it. Pages of /dev/shm are not among those of files.
struct Files {
    const char* limit;
    const char* used;
    std::array<std::string_view, 2> pages_of_files;
};

constexpr std::array<Files, 2> versions{{
    {"memory.max", "memory.current", {"inactive_file", "active_file"}},
    {"memory.limit_in_bytes", "memory.usage_in_bytes", {"total_inactive_file", "total_active_file"}},
}};

const Files* files_of(const std::filesystem::path& folder) {
    const auto* found = std::ranges::find_if(
        versions, [&](const Files& files) { return std::filesystem::exists(folder / files.limit); });
    return found == versions.end() ? nullptr : found;
}

std::optional<std::uint64_t> number_in(const std::filesystem::path& file) {
    std::uint64_t number = 0;
    if (!(std::ifstream{file} >> number))
        return std::nullopt;
    return number;
}

std::uint64_t page_cache_bytes(const std::filesystem::path& folder, const Files& files) {
    std::ifstream stat{folder / "memory.stat"};
    std::uint64_t total = 0;
    std::string name;
    for (std::uint64_t bytes = 0; stat >> name >> bytes;)
        if (std::ranges::find(files.pages_of_files, name) != files.pages_of_files.end())
            total += bytes;
    return total;
}

// A line of /proc/self/cgroup is HIERARCHY:CONTROLLERS:PATH. Version 2 has one hierarchy, 0, whose controllers are not
// said; of version 1 each controller may have its own.
std::optional<std::filesystem::path> root_of(std::string_view hierarchy, std::string_view controllers) {
    const std::filesystem::path root = "/sys/fs/cgroup";
    if (hierarchy == "0" && controllers.empty())
        return root;
    for (const auto controller : controllers | std::views::split(','))
        if (std::ranges::equal(controller, std::string_view("memory")))
            return root / "memory";
    return std::nullopt;
}

}  // namespace

std::uint64_t ControlGroup::free_bytes() const {
    const Files* files = files_of(folder_);
    const auto limit = files == nullptr ? std::nullopt : number_in(folder_ / files->limit);
    if (!limit)
        return unlimited;  // "max", or no such controller
    const std::uint64_t used = number_in(folder_ / files->used).value_or(0);
    const std::uint64_t cache = page_cache_bytes(folder_, *files);
    const std::uint64_t held = (used > cache ? used - cache : 0) + margin_bytes;
    return *limit > held ? *limit - held : 0;
}

std::vector<ControlGroup> ControlGroup::own() {
    std::vector<ControlGroup> found;
    std::ifstream lines{"/proc/self/cgroup"};
    std::string hierarchy;
    std::string controllers;
    std::string name;
    while (std::getline(lines, hierarchy, ':') && std::getline(lines, controllers, ':') && std::getline(lines, name)) {
        const auto root = root_of(hierarchy, controllers);
        if (!root)
            continue;
        for (auto path = std::filesystem::path{name}.relative_path();; path = path.parent_path()) {
            if (files_of(*root / path) != nullptr)
                found.emplace_back(*root / path);
            if (path.empty())  // the root, which has a limit where a container sees its own group there
                break;
        }
    }
    return found;
}

}  // namespace steward::shared
