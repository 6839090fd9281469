#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <system_error>

#include <steward/steward.hpp>

#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {

/// A real daemon, and a Manager that is connected to it.
class ClientTest : public testing::Test {
  protected:
    /// Another session.
    Manager connect(std::string_view client_name = "test") const {
        return Manager({.socket = daemon_.socket(), .client_name = std::string(client_name)});
    }

    /// Waits until so many threads wait for the object.
    static bool waiters_become(const Object& object, std::size_t count) {
        return eventually([&] { return object.info().waiters.size() == count; });
    }

    DaemonProcess daemon_;
    Manager manager_ = connect();
};

/// What the operation fails with; no error where it does not.
template <class Operation>
std::error_code error_of(Operation&& operation) {
    try {
        operation();
        return {};
    } catch (const Error& error) {
        return error.code();
    }
}

}  // namespace steward::tests
