#include "client/src/uses.hpp"

#include <pthread.h>

#include <mutex>

#include "client/src/process.hpp"

namespace steward::detail {
namespace {

/// For all Uses of the process, so that a fork can wait for it: the child finds all of them unlocked and in order.
std::mutex mutex;

void hold_over_forks() {
    static const int registered = pthread_atfork([] { mutex.lock(); }, [] { mutex.unlock(); }, [] { mutex.unlock(); });
    static_cast<void>(registered);
}

}  // namespace

Use::~Use() {
    uses_->end(*this);
}

Uses::Uses(GiveBack give_back) : give_back_(std::move(give_back)) {
    hold_over_forks();
}

std::shared_ptr<Use> Uses::told(std::uint64_t object) {
    const std::lock_guard lock(mutex);
    auto use = handle(object);
    ++use->receipts_;
    return use;
}

std::shared_ptr<Use> Uses::opened_by_name(std::uint64_t object) {
    const std::lock_guard lock(mutex);
    auto use = handle(object);
    use->lasts_ = true;
    return use;
}

std::shared_ptr<Use> Uses::find(std::uint64_t object) const {
    const std::lock_guard lock(mutex);
    const auto found = handles_.find(object);
    return found == handles_.end() ? nullptr : found->second.lock();
}

std::vector<std::shared_ptr<Use>> Uses::begin_session() {
    std::vector<std::shared_ptr<Use>> inherited;
    const std::lock_guard lock(mutex);
    inherited.reserve(handles_.size());
    for (const auto& [object, handle] : handles_)
        if (auto use = handle.lock()) {
            use->receipts_ = use->lasts_ ? 0 : 1;
            inherited.push_back(std::move(use));
        }
    process_ = process_generation();
    return inherited;
}

void Uses::close() noexcept {
    const std::lock_guard lock(mutex);
    process_ = 0;
}

std::shared_ptr<Use> Uses::handle(std::uint64_t object) {
    auto& known = handles_[object];
    auto use = known.lock();
    if (use == nullptr)
        known = use = std::make_shared<Use>(shared_from_this(), object);
    return use;
}

void Uses::end(const Use& use) noexcept {
    {
        const std::lock_guard lock(mutex);
        // Of another one that has been made meanwhile, this is not the end.
        if (const auto found = handles_.find(use.object_); found != handles_.end() && found->second.expired())
            handles_.erase(found);
        if (process_ != process_generation() || use.receipts_ == 0)
            return;
    }
    give_back_(use.object_, use.receipts_);
}

}  // namespace steward::detail
