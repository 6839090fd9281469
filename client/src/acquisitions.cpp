#include "client/src/acquisitions.hpp"

#include <algorithm>
#include <vector>

#include "client/src/connection.hpp"

namespace steward::detail {
namespace {

struct Acquisition {
    std::uint32_t session;
    const Connection* connection;
    std::uint64_t lock;
    Abandonment abandoned;
};

/// Only those with something to tell: next to always none.
thread_local std::vector<Acquisition> acquisitions;

auto find(const Connection& connection, std::uint64_t lock) noexcept {
    return std::find_if(acquisitions.begin(), acquisitions.end(), [&](const Acquisition& acquisition) {
        return acquisition.lock == lock && acquisition.connection == &connection &&
               acquisition.session == connection.session();
    });
}

}  // namespace

void remember_acquisition(const Connection& connection, std::uint64_t lock,
                          const std::optional<Abandonment>& abandoned) {
    forget_acquisition(connection, lock);
    if (abandoned)
        acquisitions.push_back({connection.session(), &connection, lock, *abandoned});
}

void forget_acquisition(const Connection& connection, std::uint64_t lock) noexcept {
    if (const auto found = find(connection, lock); found != acquisitions.end())
        acquisitions.erase(found);
}

std::optional<Abandonment> abandonment_of_acquisition(const Connection& connection, std::uint64_t lock) {
    const auto found = find(connection, lock);
    return found == acquisitions.end() ? std::nullopt : std::optional(found->abandoned);
}

}  // namespace steward::detail
