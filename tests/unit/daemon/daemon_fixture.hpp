#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

#include "tests/in_process/daemon.hpp"
#include "tests/support/packed_values.hpp"

namespace steward::daemon {

using tests::integer_of;
using tests::integers_of;
using tests::pack;
using tests::pack_array;
using tests::pack_map;
using tests::text_of;

/// A Daemon that tests use without a socket.
class DaemonTest : public testing::Test, protected InProcessDaemon {
  protected:
    static proto::Open named(std::string_view name, std::uint16_t mode = 0600) { return {.name = name, .mode = mode}; }
};

}  // namespace steward::daemon
