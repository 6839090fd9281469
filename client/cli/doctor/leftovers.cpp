#include "client/cli/doctor/leftovers.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>

#include "client/cli/display_text.hpp"
#include "client/cli/doctor/memory.hpp"

namespace steward::cli::doctor {
namespace {

using std::filesystem::directory_iterator;
using std::filesystem::path;

constexpr std::string_view prefix = "steward-";
constexpr std::size_t most_named = 5;
constexpr std::uint64_t block_bytes = 512;  // stat(2)

bool is_memory_file(const path& file) {
    const auto name = file.filename().string();
    return name.starts_with(prefix) && (name.ends_with(".heap") || name.ends_with(".words"));
}

struct MemoryFiles {
    std::vector<Leftover> mine;  ///< of which it can be said whether somebody has them mapped
    std::size_t of_others = 0;
};

MemoryFiles memory_files() {
    MemoryFiles files;
    std::error_code unreadable;
    for (const auto& entry : directory_iterator(memory_folder, unreadable)) {
        struct stat status {};
        if (!is_memory_file(entry.path()) || ::lstat(entry.path().c_str(), &status) != 0)
            continue;
        if (::geteuid() == 0 || status.st_uid == ::geteuid())
            files.mine.push_back({entry.path().string(), static_cast<std::uint64_t>(status.st_blocks) * block_bytes});
        else
            ++files.of_others;
    }
    return files;
}

/// Every text in the file that begins as a memory file does, up to the next blank.
void add_names_in(const path& file, std::set<std::string>& names) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);)
        for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix, at + 1))
            names.insert(line.substr(at, line.find(' ', at) - at));
}

/// By /proc/PID/maps of those that may be seen.
std::set<std::string> names_that_are_mapped() {
    std::set<std::string> names;
    std::error_code unreadable;
    for (const auto& process : directory_iterator("/proc", unreadable))
        if (process.path().filename().string().find_first_not_of("0123456789") == std::string::npos)
            add_names_in(process.path() / "maps", names);
    return names;
}

/// By the records beside the socket, `SOCKET.INSTANCE.memory`.
std::set<std::string> names_that_are_recorded(const path& socket) {
    std::set<std::string> names;
    std::error_code unreadable;
    if (!socket.empty())
        for (const auto& entry : directory_iterator(std::filesystem::absolute(socket).parent_path(), unreadable))
            if (entry.path().extension() == ".memory")
                add_names_in(entry.path(), names);
    return names;
}

std::string list_of(const std::vector<Leftover>& files) {
    std::string text;
    for (std::size_t i = 0; i < std::min(files.size(), most_named); ++i)
        text += (i == 0 ? "" : " ") + files[i].path;
    return files.size() > most_named ? text + " ..." : text;
}

}  // namespace

Finding judge(const std::vector<Leftover>& leftovers, std::size_t in_use, std::size_t unseen) {
    if (leftovers.empty() && unseen != 0)
        return {"leftovers", Verdict::unseen,
                std::to_string(unseen) + (unseen == 1 ? " memory file is" : " memory files are") +
                    " of other users; only root sees whether somebody uses them"};
    if (leftovers.empty())
        return {"leftovers", Verdict::good, "none; memory files in use: " + std::to_string(in_use)};
    std::uint64_t bytes = 0;
    for (const auto& file : leftovers)
        bytes += file.bytes;
    return {"leftovers", Verdict::warning,
            std::to_string(leftovers.size()) + (leftovers.size() == 1 ? " file of " : " files of ") + size_text(bytes) +
                " that no process has mapped and no record here names: " + list_of(leftovers),
            "remove them, unless a daemon with another socket, which is off now or runs in a container, is to go on "
            "with them"};
}

Finding look_for_leftovers(const path& socket) {
    auto [files, of_others] = memory_files();
    const auto seen = files.size();
    auto used = names_that_are_mapped();
    used.merge(names_that_are_recorded(socket));
    std::erase_if(files, [&](const Leftover& file) { return used.contains(path(file.path).filename().string()); });
    return judge(files, seen - files.size(), of_others);
}

}  // namespace steward::cli::doctor
