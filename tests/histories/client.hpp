#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <steward/manager.hpp>

#include "tests/histories/log.hpp"
#include "tests/histories/play.hpp"

namespace steward::tests::histories {

/// Exit codes of a client.
inline constexpr int played_to_the_end = 0;
inline constexpr int session_ended = 3;

/// All objects of a round, in the order of subjects().
std::vector<std::unique_ptr<Play>> open_all(const Manager& manager, const std::string& round);

struct Life {
    std::string socket;
    std::string round;  ///< what the names of its objects begin with
    std::size_t place = 0;
    Client client = 0;
    std::uint64_t seed = 0;
};

/// What a client process does until the round is over. Its connection is closed whenever it gets SIGUSR1, in the middle
/// of whatever it does. Returns its exit code.
int live(Log& log, const Life& life);

}  // namespace steward::tests::histories
