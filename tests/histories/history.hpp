#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/histories/operation.hpp"

// From what clients wrote down of an object to what is searched.
namespace steward::tests::histories {

/// A client is dead, or its session has ended, at some time from this on.
struct Death {
    Client client = 0;
    Nanoseconds since = 0;
};

/// How a wait of a type goes: in one moment, or in several, between which others see it wait.
enum class Waits : std::uint8_t {
    in_one_moment,
    among_parties,  ///< barriers: it begins and ends
    with_a_lock     ///< conditions: besides, its time is over before it ends
};

struct History {
    std::vector<Call> calls;  ///< of one object, in any order
    std::vector<Death> deaths;
    Client settler = 0;       ///< who comes when all others have gone, and waits behind nobody
};

std::vector<Operation> operations_of(const History& history, Waits waits);

/// A history for each key, where all calls are about one; else the history itself.
std::vector<History> by_key(const History& history);

}  // namespace steward::tests::histories
