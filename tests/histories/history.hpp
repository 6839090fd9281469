#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/histories/operation.hpp"

// From what clients wrote down of an object to what is searched.
namespace steward::tests::histories {

/// A client is dead, or its session has ended, and what it held is taken back at some time from this on.
struct Death {
    Client client = 0;
    Nanoseconds since = 0;
};

/// A connection was lost, and made again; without a client: all were, with the daemon.
struct Loss {
    Nanoseconds at = 0;
    std::optional<Client> of;
};

/// A daemon carried something out for a client. Whatever that client had sent before it asked was heard of when this
/// came.
struct Answer {
    Nanoseconds asked = 0;
    Nanoseconds came = 0;
};

using Answers = std::map<Client, std::vector<Answer>>;

/// Of the calls of all objects, those of each client in their order.
Answers answers_in(const std::vector<Call>& calls);

/// How a wait of a type goes: in one moment, or in several, between which others see it wait.
enum class Waits : std::uint8_t {
    in_one_moment,
    among_parties,  ///< barriers: it begins and ends
    with_a_lock     ///< conditions: besides, its time is over before it ends
};

struct History {
    std::vector<Call> calls;  ///< of one object, in any order
    std::vector<Death> deaths;
    std::vector<Loss> losses;
    Answers answers;
    Nanoseconds burial = never;  ///< when all deaths had been noticed
    Client settler = 0;          ///< who comes after that, and waits behind nobody
};

/// Deaths are operations only where they change what the object is.
enum class Deaths : std::uint8_t { change_nothing, free_what_was_held };

std::vector<Operation> operations_of(const History& history, Waits waits, Deaths deaths = Deaths::change_nothing);

/// A history for each key, where all calls are about one; else the history itself.
std::vector<History> by_key(const History& history);

}  // namespace steward::tests::histories
