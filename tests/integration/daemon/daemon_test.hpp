#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/catalogue.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/packed_values.hpp"
#include "tests/support/raw_client.hpp"

namespace steward::tests {

using proto::Errc;

inline std::uint64_t open_lock(RawClient& client, std::string_view name, std::uint16_t mode = 0600) {
    return client.call(proto::lock::Open{.open = {.name = name, .mode = mode}}).object;
}

/// Waits for ever, unless a time is given.
inline proto::lock::Acquire acquire(std::uint64_t lock, std::optional<std::int64_t> timeout_ns = std::nullopt) {
    return {.object = lock, .timeout_ns = timeout_ns, .where = {}};
}

inline bool try_acquire(RawClient& client, std::uint64_t lock) {
    return client.call(acquire(lock, 0)).acquired;
}

inline std::uint64_t open_value(RawClient& client, std::string_view name, const std::string& initial) {
    return client.call(proto::value::Open{.open = {.name = name}, .initial = {initial}}).object;
}

inline std::string value_of(RawClient& client, std::uint64_t value) {
    return std::string(client.call(proto::value::Get{.object = value}).value.bytes);
}

/// Whether the daemon still does its work for a client.
inline bool serves(RawClient& client) {
    return client.call(proto::daemon::Status{}).sessions > 0;
}

inline std::uint64_t waiters(RawClient& client) {
    return client.call(proto::daemon::Status{}).waiters;
}

}  // namespace steward::tests
