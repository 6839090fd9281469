#include "daemon/domains.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "shared/kill_point.hpp"
#include "shared/object_header.hpp"

namespace steward::daemon {

Domains::Domains(const DomainsSettings& settings) : settings_(settings), budget_(settings.limit_bytes) {
    if (settings_.record.empty())
        return;
    recorded_ = read_domain_record(settings_.record);
    for (auto& recorded : recorded_)
        remove_leftover(recorded);
    for (auto& recorded : recorded_)
        attach(recorded);
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

void Domains::attach(RecordedDomain& recorded) {
    const auto options = options_for(recorded.uid, by_number_.size() + 1);
    try {
        if (shared::Domain::needs_copy(options, recorded.files) && !recover(options, recorded))
            by_number_.push_back(nullptr);
        else
            keep(recorded.uid, shared::Domain::attach(options, recorded.files, budget_));
    } catch (const shared::DomainError& error) {
        throw shared::DomainError(error.fault(), "the memory of uid " + std::to_string(recorded.uid) + " in " +
                                                     settings_.folder.string() + " (" + recorded.files.heap + ", " +
                                                     recorded.files.words + ") cannot be taken up: " + error.what());
    }
}

// The record knows the copy before it is made, and what it is a copy of until that is gone. So nothing is left behind,
// whenever this is killed. The second of its renames decides which of the two is the heap.
bool Domains::recover(const shared::DomainOptions& options, RecordedDomain& recorded) {
    recorded.leftover = shared::Domain::new_heap_name();
    write_record();
    shared::kill_point(shared::KillPoint::copy_is_named);
    try {
        shared::Domain::copy_heap(options, recorded.files, recorded.leftover, budget_);
    } catch (const shared::NoMemory& error) {
        recorded.leftover.clear();
        unserved_[recorded.uid] = "the memory of uid " + std::to_string(recorded.uid) +
                                  " was left in the middle of an allocation and has to be copied: " + error.what();
        return false;
    }
    std::swap(recorded.files.heap, recorded.leftover);
    write_record();
    shared::kill_point(shared::KillPoint::copy_is_recorded);
    remove_leftover(recorded);
    recovered_.push_back(recorded.uid);
    return true;
}

// The record may go on naming it; that does no harm.
void Domains::remove_leftover(RecordedDomain& recorded) const {
    if (recorded.leftover.empty())
        return;
    shared::Domain::supersede(settings_.folder, recorded.leftover);
    recorded.leftover.clear();
}

shared::Domain& Domains::keep(uid_t uid, std::unique_ptr<shared::Domain> domain) {
    domains_.push_back(std::move(domain));
    auto& kept = *domains_.back();
    by_number_.push_back(&kept);
    by_uid_[uid] = &kept;
    return kept;
}

shared::Domain& Domains::of(uid_t uid) {
    if (const auto known = by_uid_.find(uid); known != by_uid_.end())
        return *known->second;
    if (const auto why = unserved_.find(uid); why != unserved_.end())
        throw shared::NoMemory(why->second);
    return make(uid);
}

shared::Domain& Domains::make(uid_t uid) {
    if (last_number() == (1U << shared::ObjectId::domain_bits) - 1)
        throw shared::NoMemory("this instance has objects of " + std::to_string(last_number()) +
                               " users already, and no room for one more");
    auto domain = shared::Domain::create(options_for(uid, last_number() + 1), budget_);
    recorded_.push_back({.uid = uid, .files = domain->files()});
    if (settings_.forget_at_once)
        shared::Domain::forget(settings_.folder, domain->files());
    else if (!settings_.record.empty())
        record_last();
    return keep(uid, std::move(domain));
}

// What no record names the next daemon would not find, and all that was acknowledged would be lost.
void Domains::record_last() {
    try {
        write_record();
    } catch (const std::system_error& error) {
        const auto last = std::move(recorded_.back());
        recorded_.pop_back();
        shared::Domain::forget(settings_.folder, last.files);
        throw shared::NoMemory("the memory of uid " + std::to_string(last.uid) +
                               " cannot be recorded, and so would be lost with the next start: " + error.what());
    }
}

void Domains::write_record() const {
    write_domain_record(settings_.record, recorded_);
}

shared::Domain* Domains::numbered(std::uint32_t number) const {
    return number == 0 || number > by_number_.size() ? nullptr : by_number_[number - 1];
}

std::size_t Domains::forget(const std::filesystem::path& record, const std::filesystem::path& folder) {
    const auto recorded = read_domain_record(record);
    for (const auto& domain : recorded) {
        shared::Domain::forget(folder, domain.files);
        if (!domain.leftover.empty())
            shared::Domain::supersede(folder, domain.leftover);
    }
    std::filesystem::remove(record);
    return recorded.size();
}

}  // namespace steward::daemon
