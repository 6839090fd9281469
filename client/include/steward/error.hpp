#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <steward/export.hpp>

namespace steward {

/// Everything that can fail, with numbers that never change. A time-out is not among them: it is a return value
/// (false, or an empty std::optional).
///
///     try {
///         lock.release();
///     } catch (const steward::Error& error) {
///         if (error.code() == steward::errc::not_owner) ...
///     }
///
/// What the standard library has a condition for equals that too, as code that knows only its mutexes expects
/// ([thread.mutex.requirements.mutex]): deadlock is std::errc::resource_deadlock_would_occur, not_owner is
/// operation_not_permitted, no_permission permission_denied, no_memory not_enough_memory, and so on.
enum class errc : std::uint16_t {
    not_connected = 1,        ///< the daemon cannot be reached, or the connection to it was lost
    protocol_error = 2,       ///< client and daemon misunderstand each other
    version_mismatch = 3,     ///< client and daemon speak different protocol versions
    unknown_method = 4,       ///< the daemon is older than this library and does not know the request
    invalid_argument = 5,     ///< an argument has an impossible value, for example a negative count
    invalid_name = 6,         ///< a name is 1 to 255 bytes of UTF-8 without control characters
    no_such_object = 7,       ///< OpenMode::open_only, and there is no object of that name; or it was removed
    object_exists = 8,        ///< OpenMode::create_only, and there is one
    object_removed = 9,       ///< the object was removed while this call waited for it
    wrong_type = 10,          ///< the object of that name has another type
    wrong_options = 11,       ///< the object of that name was made with other options
    no_permission = 12,       ///< the object's owner and mode do not allow this
    not_owner = 13,           ///< the calling thread does not hold the lock
    deadlock = 14,            ///< waiting would never end
    no_such_key = 15,         ///< there is no such key, or value of a set (Python: KeyError)
    index_out_of_range = 16,  ///< the index lies outside of the list or array (Python: IndexError)
    no_such_value = 17,       ///< the list has no such value (Python: ValueError)
    empty = 18,               ///< there is nothing left to take (Python: IndexError, KeyError)
    type_mismatch = 19,       ///< the value's type does not support this (Python: TypeError)
    out_of_range = 20,        ///< the number does not fit 64 bits, or the element of an array (Python: OverflowError)
    semaphore_overflow = 21,  ///< the semaphore cannot hold so many permits
    no_memory = 22,           ///< there is not enough shared memory; nothing was changed
    too_large = 23,           ///< the message is larger (`stewardd --max-frame`: 16 MiB), has more than 1,048,576
                              ///< elements, or is nested more deeply (64), than the daemon accepts
    busy = 24,                ///< the daemon has no room for another connection or wait
    cancelled = 25,           ///< the wait was cancelled
    shutting_down = 26,       ///< the daemon is shutting down
    session_lost = 27,        ///< the session cannot go on; locks taken in it may be lost
    internal_error = 28,      ///< the daemon failed to carry out a valid request
    broken_barrier = 29,      ///< a party of the barrier timed out or died, or it was aborted
    other_domain = 30,        ///< objects that belong together must belong to one user
    domain_damaged = 31,      ///< a program of the same user has damaged the shared memory
};

/// The category of `errc`; its name is "steward".
STEWARD_API const std::error_category& error_category() noexcept;

/// Makes `errc` comparable with std::error_code.
STEWARD_API std::error_code make_error_code(errc code) noexcept;

/// What every operation throws when it fails. `what()` names the object and says what happened to it.
///
/// Each operation also exists with a `std::error_code&`, which is set instead: it is cleared on success, and the
/// operation then returns a default-made result on failure. Such a form throws nothing but std::bad_alloc, and what
/// functions of your own (conversions, callbacks) throw. Those of a Pipeline have none: their Future has.
class STEWARD_API Error : public std::system_error {
  public:
    /// With what is to be said besides the sentence of the code.
    Error(errc code, std::string_view detail);

    /// What happened to what, without the sentence of the code; may be empty.
    const std::string& detail() const noexcept { return detail_; }

  private:
    std::string detail_;
};

namespace detail {

/// Runs `operation` and turns an Error into `ec`.
template <std::invocable F>
auto without_exceptions(std::error_code& ec, F&& operation) -> std::invoke_result_t<F> {
    using Result = std::invoke_result_t<F>;
    ec.clear();
    try {
        return operation();
    } catch (const Error& error) {
        ec = error.code();
        if constexpr (!std::is_void_v<Result>)
            return Result{};
    }
}

}  // namespace detail
}  // namespace steward

template <>
struct std::is_error_code_enum<steward::errc> : std::true_type {};
