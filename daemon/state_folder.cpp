#include "daemon/state_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "daemon/daemon.hpp"
#include "daemon/version.hpp"
#include "proto/errors.hpp"
#include "shared/boot_id.hpp"
#include "shared/dump_file.hpp"

namespace steward::daemon {
namespace {

using proto::dump::RecordKind;

/// A file that is there, on the disk, as long as this lives.
class Mark {
  public:
    Mark(std::filesystem::path path, const std::filesystem::path& folder) : path_(std::move(path)) {
        const shared::UniqueFd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        const shared::UniqueFd its_folder(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!file || !its_folder || ::fsync(its_folder.get()) != 0)
            throw std::system_error(errno, std::generic_category(), path_.string());
    }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;
    ~Mark() { ::unlink(path_.c_str()); }

  private:
    std::filesystem::path path_;
};

void check_ours(const std::filesystem::path& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
        throw std::system_error(errno, std::generic_category(), path.string());
    if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 022) != 0)
        throw shared::DumpError("the dump " + path.string() + " belongs to or can be written by somebody else");
}

void add_all(Restore& restore, shared::DumpReader& file, RecordKind kind) {
    file.rewind();
    while (const auto record = file.next())
        if (record->kind == kind)
            restore.add(record->bytes);
}

std::uint64_t restore_all(Daemon& daemon, shared::DumpReader& file) {
    daemon.registry.learn_token_floor(file.header().token_floor);
    Restore restore(daemon, nullptr, Restore::Existing::refuse);
    try {
        add_all(restore, file, RecordKind::object);
        add_all(restore, file, RecordKind::values);
        return restore.finish().restored;
    } catch (const proto::Refusal& refusal) {
        file.refuse(refusal.what());
    } catch (const proto::Malformed& malformed) {
        file.refuse(malformed.what());
    }
}

/// The next start learns them from there.
void keep_token_floor(const Daemon& daemon) {
    for (const auto& domain : daemon.domains.all()) {
        shared::Mutation mutation(domain->heap());
        domain->raise_token_floor(mutation, daemon.registry.token_floor());
    }
}

}  // namespace

void StateFolder::forget_unfinished(const std::filesystem::path& memory_record) const {
    if (!std::filesystem::exists(mark_))
        return;
    Domains::forget(memory_record, DomainsSettings().folder);
    std::filesystem::remove(mark_);
}

std::optional<StateFolder::Restored> StateFolder::restore(Daemon& daemon,
                                                          const std::filesystem::path& memory_record) const {
    if (daemon.domains.last_number() != 0 || !std::filesystem::exists(std::filesystem::symlink_status(dump_)))
        return std::nullopt;
    check_ours(dump_);
    shared::DumpReader file(dump_);
    file.check();
    const Mark mark(mark_, folder_);
    try {
        const auto objects = restore_all(daemon, file);
        keep_token_floor(daemon);
        return Restored{.objects = objects, .from = dump_};
    } catch (...) {
        Domains::forget(memory_record, DomainsSettings().folder);
        throw;
    }
}

std::uint64_t StateFolder::dump(Daemon& daemon) const {
    shared::DumpWriter file(dump_, {.daemon_version = std::string(version),
                                    .instance = daemon.instance(),
                                    .boot = shared::boot_id(),
                                    .written_ns = static_cast<std::int64_t>(realtime_now_ns()),
                                    .token_floor = daemon.registry.token_floor()});
    Dump dump(daemon, nullptr);
    while (dump.step([&](const std::string& record) { file.add(record); })) {
    }
    file.commit();
    return file.objects();
}

}  // namespace steward::daemon
