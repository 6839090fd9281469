#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "proto/catalogue.hpp"
#include "tests/conformance/path.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/packed_values.hpp"

namespace steward::tests::conformance {

using proto::Packed;

inline constexpr std::int64_t at_once = 0;
inline constexpr std::int64_t soon_ns = 20'000'000;               ///< for those whose time is to be over
inline constexpr std::int64_t in_an_hour_ns = 3'600'000'000'000;  ///< for those whose time is not

/// What an object does, whichever way its messages go. Each type has a suite, written once:
///
///     class ALock : public Conformance { ... };
///     INSTANTIATE_TEST_SUITE_P(, ALock, every_way(), name_of_way);
///     TEST_P(ALock, IsTakenAndGivenBack) { ... }
class Conformance : public testing::TestWithParam<Way> {
  protected:
    static proto::Open named(std::string_view name, std::uint16_t mode = 0600) { return {.name = name, .mode = mode}; }

    Client client() { return path_.client(); }

    /// How many requests of the session reach the daemon while it does this.
    std::uint64_t requests_during(Client& client, const std::function<void()>& deed) {
        const auto before = path_.requests_of(client);
        deed();
        return path_.requests_of(client) - before;
    }

    /// Messages that the library carries out without the daemon reach it by the two other ways only: so the suite has
    /// gone by the way that it says. They are made once before, since the library has to get ready.
    void expect_no_request_where_memory_is_shared(Client& client, const std::function<void()>& deed) {
        deed();
        const auto requests = requests_during(client, deed);
        if (path_.shares_memory())
            EXPECT_EQ(requests, 0U);
        else
            EXPECT_GT(requests, 0U);
    }

    /// What a process of another user is refused, in the order in which it tries.
    void expect_of_stranger(const Path::Refusals& expected, const std::function<Path::Refusals(Client&)>& deed) {
        const auto refusals = path_.refusals_of_stranger(deed);
        if (!refusals)
            GTEST_SKIP() << "only root can make a process of another user";
        EXPECT_EQ(*refusals, expected);
    }

    /// The object of the name goes.
    void remove(std::string_view name) { EXPECT_TRUE(remover_.call(proto::object::Remove{.name = name}).removed); }

    Path path_{GetParam()};

  private:
    Client remover_ = client();
};

inline auto every_way() {
    return testing::Values(Way::in_process, Way::socket, Way::shared_memory);
}

inline std::string name_of_way(const testing::TestParamInfo<Way>& info) {
    return to_string(info.param);
}

}  // namespace steward::tests::conformance
