#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/message.hpp"

namespace steward::proto {

/// Two locks are taken in both orders, as a notification tells the session that was the last to do so.
struct LockOrder {
    static constexpr std::string_view method = "lock.order";

    std::uint64_t first = 0;
    std::string first_name;
    std::uint64_t second = 0;
    std::string second_name;
    std::uint32_t thread = 0;
    std::string sentence;
    std::string where;
    std::string where_before;

    static constexpr auto fields() {
        return fields_of(
            Field{&LockOrder::first, "first", "id of the lock that the thread held"},
            Field{&LockOrder::first_name, "first_name", "its name; empty: it has none"},
            Field{&LockOrder::second, "second", "id of the lock that it was given then"},
            Field{&LockOrder::second_name, "second_name", "its name; empty: it has none"},
            Field{&LockOrder::thread, "thread", "number of the thread within the session"},
            Field{&LockOrder::sentence, "sentence", "who did what where, now and before, for people"},
            Field{&LockOrder::where, "where", "line of source that took the second one now; may be empty"},
            Field{&LockOrder::where_before, "where_before",
                  "line of source that took the first one before, while the second one was held; may be empty"});
    }
};

}  // namespace steward::proto
