#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace steward::proto {

/// The closed list of errors. The numbers stand on the wire and in `steward::errc` and never change.
/// A time-out is an outcome, not an error, and has no number here.
enum class Errc : std::uint16_t {
    not_connected = 1,
    protocol_error = 2,
    version_mismatch = 3,
    unknown_method = 4,
    invalid_argument = 5,
    invalid_name = 6,
    no_such_object = 7,
    object_exists = 8,
    object_removed = 9,
    wrong_type = 10,
    wrong_options = 11,
    no_permission = 12,
    not_owner = 13,
    deadlock = 14,
    no_such_key = 15,
    index_out_of_range = 16,
    no_such_value = 17,
    empty = 18,
    type_mismatch = 19,
    out_of_range = 20,
    semaphore_overflow = 21,
    no_memory = 22,
    too_large = 23,
    busy = 24,
    cancelled = 25,
    shutting_down = 26,
    session_lost = 27,
    internal_error = 28,
    broken_barrier = 29,
    other_domain = 30,
    domain_damaged = 31,
};

struct ErrorEntry {
    Errc code;
    std::string_view name;
    std::string_view sentence;
};

inline constexpr std::array errors{
    ErrorEntry{Errc::not_connected, "not_connected", "the daemon cannot be reached"},
    ErrorEntry{Errc::protocol_error, "protocol_error", "the message does not follow the protocol"},
    ErrorEntry{Errc::version_mismatch, "version_mismatch", "client and daemon speak different protocol versions"},
    ErrorEntry{Errc::unknown_method, "unknown_method", "the daemon has no such method"},
    ErrorEntry{Errc::invalid_argument, "invalid_argument", "an argument has the wrong type or an impossible value"},
    ErrorEntry{Errc::invalid_name, "invalid_name", "a name is 1 to 255 bytes of UTF-8 without control characters"},
    ErrorEntry{Errc::no_such_object, "no_such_object", "there is no object of that name"},
    ErrorEntry{Errc::object_exists, "object_exists", "an object of that name exists already"},
    ErrorEntry{Errc::object_removed, "object_removed", "the object was removed meanwhile"},
    ErrorEntry{Errc::wrong_type, "wrong_type", "the object of that name has another type"},
    ErrorEntry{Errc::wrong_options, "wrong_options", "the object of that name was made with other options"},
    ErrorEntry{Errc::no_permission, "no_permission", "the object's owner and mode do not allow this"},
    ErrorEntry{Errc::not_owner, "not_owner", "the caller does not hold it"},
    ErrorEntry{Errc::deadlock, "deadlock", "waiting would never end"},
    ErrorEntry{Errc::no_such_key, "no_such_key", "there is no such key"},
    ErrorEntry{Errc::index_out_of_range, "index_out_of_range", "the index lies outside"},
    ErrorEntry{Errc::no_such_value, "no_such_value", "the list has no such value"},
    ErrorEntry{Errc::empty, "empty", "there is nothing left to take"},
    ErrorEntry{Errc::type_mismatch, "type_mismatch", "the value's type does not support this operation"},
    ErrorEntry{Errc::out_of_range, "out_of_range", "the number does not fit"},
    ErrorEntry{Errc::semaphore_overflow, "semaphore_overflow", "the semaphore cannot hold so many permits"},
    ErrorEntry{Errc::no_memory, "no_memory", "there is not enough shared memory"},
    ErrorEntry{Errc::too_large, "too_large", "the message is larger or deeper than the daemon accepts"},
    ErrorEntry{Errc::busy, "busy", "the daemon has no room for another connection or wait"},
    ErrorEntry{Errc::cancelled, "cancelled", "the wait was cancelled"},
    ErrorEntry{Errc::shutting_down, "shutting_down", "the daemon is shutting down"},
    ErrorEntry{Errc::session_lost, "session_lost", "the session cannot go on; locks taken in it may be lost"},
    ErrorEntry{Errc::internal_error, "internal_error", "the daemon failed to carry out a valid request"},
    ErrorEntry{Errc::broken_barrier, "broken_barrier", "the barrier is broken"},
    ErrorEntry{Errc::other_domain, "other_domain", "the objects belong to different users"},
    ErrorEntry{Errc::domain_damaged, "domain_damaged", "a program of the same user has damaged the shared memory"},
};

/// The entry of an error; `internal_error`'s for a number that is not in the list.
constexpr const ErrorEntry& describe(Errc code) {
    for (const auto& entry : errors)
        if (entry.code == code)
            return entry;
    return describe(Errc::internal_error);
}

/// A documented refusal: thrown where a request is found to be one that must be refused, caught where
/// requests are dispatched, sent as the response's error. Never used for broken promises of our own.
class Refusal : public std::runtime_error {
  public:
    /// `detail` says what happened to what, for example "lock 'cache/rebuild' is held by pid 410 sync".
    /// `data` is one MessagePack value that goes with it (a Deadlock), or nothing.
    Refusal(Errc code, const std::string& detail, std::string data = {})
        : std::runtime_error(detail), code_(code), data_(std::move(data)) {}

    Errc code() const noexcept { return code_; }
    const std::string& data() const noexcept { return data_; }

  private:
    Errc code_;
    std::string data_;
};

}  // namespace steward::proto
