#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/steward_process.hpp"
#include "tests/support/daemon_process.hpp"

namespace steward::tests {

/// A daemon, and `steward` that asks it.
class StewardTest : public testing::Test {
  protected:
    Outcome steward(std::vector<std::string> arguments) { return run_steward(daemon.socket(), std::move(arguments)); }

    nlohmann::json json(std::vector<std::string> arguments) {
        return steward_json(daemon.socket(), std::move(arguments));
    }

    StewardProcess start(std::vector<std::string> arguments) {
        return StewardProcess(daemon.socket(), std::move(arguments));
    }

    DaemonProcess daemon;
};

/// The names of an object's members.
inline std::vector<std::string> keys_of(const nlohmann::json& object) {
    std::vector<std::string> keys;
    for (const auto& member : object.items())
        keys.push_back(member.key());
    return keys;
}

}  // namespace steward::tests
