#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/envelope.hpp"
#include "tests/in_process/client.hpp"

namespace steward::daemon::changing_requests {

inline constexpr std::uint64_t its_number = 1000;

template <proto::Message M>
std::string frame_of(const M& message, std::uint64_t number = its_number) {
    std::string frame;
    proto::encode_request(frame, number, message, number);
    return frame;
}

/// A request that changes something: what there must be before, and the request itself.
struct Request {
    std::string_view method;
    std::function<std::string(Client&)> prepare;
    bool reply_varies = false;  ///< by a token or an age, when it is made again
    std::string_view suffix = {};
    bool waits_between = false;  ///< so that there is a third state between before and after
};

/// One for every message that changes something: RepeatedRequests.AreAllTested says so.
std::vector<Request> all();

/// The objects that all of them need.
inline constexpr std::array<std::string_view, 15> names{"lock",  "rlock",     "rwlock",    "semaphore", "bounded",
                                                        "event", "barrier",   "condition", "queue",     "list",
                                                        "dict",  "namespace", "value",     "array",     "set"};

std::string named_test(const testing::TestParamInfo<Request>& request);

/// Among what was sent to a session, the reply to the request; empty where there is none.
std::string reply_in(const std::string& outbox);

/// All that requests can change, but for tokens.
std::string state_of(const Daemon& daemon);

inline constexpr std::string_view one = "\x01";

std::uint64_t list_of(Client& by);

/// A condition on which thread 2 waits and whose lock thread 1 holds.
std::uint64_t condition_of(Client& by);

/// Of a message with an object.
template <proto::Message M, class F>
Request request(F object_of, M message = {}, bool reply_varies = false, std::string_view suffix = {}) {
    return {M::method,
            [=](Client& by) {
                auto filled = message;
                filled.object = object_of(by);
                return frame_of(filled);
            },
            reply_varies, suffix};
}

}  // namespace steward::daemon::changing_requests
