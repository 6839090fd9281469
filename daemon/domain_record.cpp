#include "daemon/domain_record.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include "shared/boot_id.hpp"
#include "shared/unique_fd.hpp"

namespace steward::daemon {
namespace {

constexpr const char* format_name = "steward-memory";
constexpr unsigned format_version = 2;  // 1 does not say the boot

[[noreturn]] void fail_at(const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

shared::DomainError unusable(shared::DomainFault fault, const std::filesystem::path& path, const std::string& why) {
    return {fault, "the memory record " + path.string() + " " + why};
}

bool leads_elsewhere(const std::string& name) {
    return name.find('/') != std::string::npos;
}

std::string read_all(int fd) {
    std::string text;
    char piece[4096];
    for (ssize_t size = 0; (size = ::read(fd, piece, sizeof piece)) > 0;)
        text.append(piece, static_cast<std::size_t>(size));
    return text;
}

void check_ours(int fd, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        fail_at(path);
    if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022) != 0)
        throw unusable(shared::DomainFault::not_ours, path, "belongs to or can be written by somebody else");
}

struct FirstLine {
    std::string boot;  ///< empty: unknown
};

/// Nothing where it is not one that is known.
std::optional<FirstLine> read_first_line(const std::string& line) {
    std::istringstream fields(line);
    std::string name;
    unsigned version = 0;
    FirstLine first;
    if (!(fields >> name >> version) || name != format_name || version == 0 || version > format_version)
        return std::nullopt;
    fields >> first.boot;
    return first;
}

bool is_of_another_boot(const FirstLine& first) {
    const auto boot = shared::boot_id();
    return !first.boot.empty() && !boot.empty() && first.boot != boot;
}

}  // namespace

std::vector<RecordedDomain> read_domain_record(const std::filesystem::path& path) {
    const shared::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) {
        if (errno == ENOENT)
            return {};
        fail_at(path);
    }
    check_ours(file.get(), path);
    std::istringstream lines(read_all(file.get()));
    std::string line;
    std::getline(lines, line);
    const auto first = read_first_line(line);
    if (!first)
        throw unusable(shared::DomainFault::damaged, path, "has a format that this version does not know");
    if (is_of_another_boot(*first))
        return {};
    std::vector<RecordedDomain> domains;
    while (std::getline(lines, line)) {
        RecordedDomain domain;
        std::istringstream fields(line);
        const bool complete = static_cast<bool>(fields >> domain.uid >> domain.files.heap >> domain.files.words);
        fields >> domain.leftover;
        if (!complete || leads_elsewhere(domain.files.heap) || leads_elsewhere(domain.files.words) ||
            leads_elsewhere(domain.leftover))
            throw unusable(shared::DomainFault::damaged, path, "has a line that is not `UID HEAP WORDS`: " + line);
        domains.push_back(std::move(domain));
    }
    return domains;
}

void write_domain_record(const std::filesystem::path& path, const std::vector<RecordedDomain>& domains) {
    std::ostringstream text;
    text << format_name << ' ' << format_version << ' ' << shared::boot_id() << '\n';
    for (const auto& domain : domains) {
        text << domain.uid << ' ' << domain.files.heap << ' ' << domain.files.words;
        if (!domain.leftover.empty())
            text << ' ' << domain.leftover;
        text << '\n';
    }
    const auto content = text.str();
    const auto fresh = path.string() + ".new";
    const shared::UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
        fail_at(fresh);
    struct Leftover {
        ~Leftover() { ::unlink(path.c_str()); }  // where it has not become the record
        const std::string& path;
    } const leftover{fresh};
    if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()) ||
        ::fsync(file.get()) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0)
        fail_at(path);
}

}  // namespace steward::daemon
