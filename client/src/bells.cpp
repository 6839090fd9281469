#include "client/src/bells.hpp"

#include <sys/eventfd.h>

#include <tuple>
#include <utility>

namespace steward::detail {

Bells::Ring Bells::ring(std::uint32_t bell) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = bells_.find(bell);
    if (found == bells_.end())
        return Ring::unknown;
    return found->second && ::eventfd_write(found->second.get(), 1) == 0 ? Ring::done : Ring::missing;
}

void Bells::add(std::uint32_t bell, shared::UniqueFd descriptor) {
    const std::lock_guard lock(mutex_);
    if (bells_.size() == most_bells)
        bells_.clear();
    bells_.insert_or_assign(bell, std::move(descriptor));
}

void Bells::forget_all() noexcept {
    const std::lock_guard lock(mutex_);
    bells_.clear();
}

void Bells::disown_all() noexcept {
    const std::lock_guard lock(mutex_);
    for (auto& [number, bell] : bells_)
        std::ignore = bell.release();
    bells_.clear();
}

}  // namespace steward::detail
