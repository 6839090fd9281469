#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/domain_record.hpp"
#include "shared/domain.hpp"

namespace steward::daemon {

struct DomainsSettings {
    std::uint64_t limit_bytes = 0;
    std::filesystem::path record;               ///< file that names the memory files; empty: keep no record
    std::filesystem::path folder = "/dev/shm";  ///< where the memory files are
    bool forget_at_once = false;                ///< files are unlinked once they are mapped (private daemon)
};

/// The domains of this instance, one for each uid, and the record of their files, from which the next daemon finds
/// them again.
class Domains {
  public:
    /// Attaches to the files that the record names. A heap whose allocator was interrupted is copied first, and the
    /// copy takes its place by one rename of the record; whoever is killed at that begins again. Where there is no room
    /// for the copy the files stay as they are and the user is not served. Throws shared::DomainError where a file is
    /// not what it should be, and attaches none then.
    explicit Domains(const DomainsSettings&);

    /// The uid's domain; it is made where there is none. Throws shared::NoMemory, also where it is not served.
    shared::Domain& of(uid_t uid);

    /// Null where there is none of this number (1, 2, ...; as object ids hold it), or it is not served.
    shared::Domain* numbered(std::uint32_t number) const;
    /// The highest that is given to a domain.
    std::uint32_t last_number() const { return static_cast<std::uint32_t>(by_number_.size()); }

    /// Those that are served, in the order of their numbers.
    const std::vector<std::unique_ptr<shared::Domain>>& all() const { return domains_; }

    /// Users who are not served, and why: their heap has to be copied, and there is no room for that.
    const std::map<uid_t, std::string>& unserved() const { return unserved_; }
    /// Users whose heap was copied at the start.
    const std::vector<uid_t>& recovered() const { return recovered_; }

    const shared::MemoryBudget& budget() const { return budget_; }

    /// For what is obtained from now on. A domain keeps the range of addresses with which it began.
    void set_limit(std::uint64_t limit_bytes) {
        settings_.limit_bytes = limit_bytes;
        budget_.set_limit(limit_bytes);
    }

    /// Removes the memory files that the record names, and the record. Returns how many domains they were.
    static std::size_t forget(const std::filesystem::path& record, const std::filesystem::path& folder);

  private:
    void attach(RecordedDomain&);
    bool recover(const shared::DomainOptions&, RecordedDomain&);
    void remove_leftover(RecordedDomain&) const;
    shared::Domain& keep(uid_t uid, std::unique_ptr<shared::Domain>);
    shared::Domain& make(uid_t uid);
    shared::DomainOptions options_for(uid_t uid, std::size_t number) const;
    void record_last();
    void write_record() const;

    DomainsSettings settings_;
    shared::MemoryBudget budget_;
    std::vector<RecordedDomain> recorded_;  ///< by number
    std::vector<std::unique_ptr<shared::Domain>> domains_;
    std::vector<shared::Domain*> by_number_;
    std::map<uid_t, shared::Domain*> by_uid_;
    std::map<uid_t, std::string> unserved_;
    std::vector<uid_t> recovered_;
};

}  // namespace steward::daemon
