#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

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
    /// Attaches to the files that the record names. Throws shared::DomainError where one of them is not whole, and
    /// changes nothing then.
    explicit Domains(const DomainsSettings&);

    /// The uid's domain; it is made where there is none. Throws shared::NoMemory.
    shared::Domain& of(uid_t uid);

    /// Null where there is none of this number (1, 2, ...; as object ids hold it).
    shared::Domain* numbered(std::uint32_t number) const;

    /// In the order of their numbers.
    const std::vector<std::unique_ptr<shared::Domain>>& all() const { return domains_; }

    const shared::MemoryBudget& budget() const { return budget_; }

    /// Removes the memory files that the record names, and the record. Returns how many domains they were.
    static std::size_t forget(const std::filesystem::path& record, const std::filesystem::path& folder);

  private:
    void attach(uid_t uid, const shared::DomainFiles&);
    shared::Domain& make(uid_t uid);
    shared::DomainOptions options_for(uid_t uid, std::size_t number) const;
    void write_record() const;

    DomainsSettings settings_;
    shared::MemoryBudget budget_;
    std::vector<std::unique_ptr<shared::Domain>> domains_;
    std::map<uid_t, shared::Domain*> by_uid_;
};

}  // namespace steward::daemon
