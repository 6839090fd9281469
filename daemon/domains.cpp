#include "daemon/domains.hpp"

#include <algorithm>

#include "daemon/domain_record.hpp"
#include "shared/object_header.hpp"

namespace steward::daemon {

Domains::Domains(const DomainsSettings& settings) : settings_(settings), budget_(settings.limit_bytes) {
    if (settings_.record.empty())
        return;
    for (const auto& recorded : read_domain_record(settings_.record))
        attach(recorded.uid, recorded.files);
}

shared::DomainOptions Domains::options_for(uid_t uid, std::size_t number) const {
    // Address space for all that the limit allows, and the header and the log beside it.
    constexpr std::uint64_t smallest_heap_bytes = std::uint64_t{64} << 20;
    shared::DomainOptions options;
    options.folder = settings_.folder;
    options.identity = {.number = static_cast<std::uint32_t>(number), .uid = uid};
    options.max_heap_bytes = std::max(settings_.limit_bytes, smallest_heap_bytes);
    return options;
}

void Domains::attach(uid_t uid, const shared::DomainFiles& files) {
    domains_.push_back(shared::Domain::attach(options_for(uid, domains_.size() + 1), files, budget_));
    by_uid_[uid] = domains_.back().get();
}

shared::Domain& Domains::of(uid_t uid) {
    const auto known = by_uid_.find(uid);
    return known != by_uid_.end() ? *known->second : make(uid);
}

shared::Domain& Domains::make(uid_t uid) {
    if (domains_.size() == (1U << shared::ObjectId::domain_bits) - 1)
        throw shared::NoMemory("this instance has objects of " + std::to_string(domains_.size()) +
                               " users already, and no room for one more");
    domains_.push_back(shared::Domain::create(options_for(uid, domains_.size() + 1), budget_));
    auto& domain = *domains_.back();
    by_uid_[uid] = &domain;
    if (settings_.forget_at_once)
        shared::Domain::forget(settings_.folder, domain.files());
    else if (!settings_.record.empty())
        write_record();
    return domain;
}

void Domains::write_record() const {
    std::vector<RecordedDomain> recorded;
    for (const auto& domain : domains_)
        recorded.push_back({.uid = domain->identity().uid, .files = domain->files()});
    write_domain_record(settings_.record, recorded);
}

shared::Domain* Domains::numbered(std::uint32_t number) const {
    return number == 0 || number > domains_.size() ? nullptr : domains_[number - 1].get();
}

std::size_t Domains::forget(const std::filesystem::path& record, const std::filesystem::path& folder) {
    const auto recorded = read_domain_record(record);
    for (const auto& domain : recorded)
        shared::Domain::forget(folder, domain.files);
    std::filesystem::remove(record);
    return recorded.size();
}

}  // namespace steward::daemon
