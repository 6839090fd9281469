#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include <steward/manager.hpp>

#include "client/src/client.hpp"
#include "proto/daemon.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {

/// What a daemon has, at the beginning and at the end of a scenario.
///
///     const Leftovers leftovers(manager);
///     ...
///     EXPECT_TRUE(leftovers.are_none());
class Leftovers {
  public:
    explicit Leftovers(const Manager& manager) : manager_(manager) {}

    /// Waits until there are as many objects and bytes in use as in the beginning, or fewer.
    testing::AssertionResult are_none() const {
        Holding now;
        if (eventually([&] {
                now = holding();
                return now.objects <= before_.objects && now.memory_bytes <= before_.memory_bytes;
            }))
            return testing::AssertionSuccess();
        return testing::AssertionFailure() << now.objects << " objects and " << now.memory_bytes
                                           << " bytes are left, and in the beginning there were " << before_.objects
                                           << " and " << before_.memory_bytes;
    }

  private:
    struct Holding {
        std::uint64_t objects = 0;
        std::uint64_t memory_bytes = 0;
    };

    Holding holding() const {
        const auto status = manager_.client()->connection().call(proto::daemon::Status{});
        return {status->objects, status->memory_used_bytes};
    }

    Manager manager_;
    Holding before_ = holding();
};

}  // namespace steward::tests
