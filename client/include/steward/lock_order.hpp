#pragma once

#include <cstdint>
#include <string>

namespace steward {

/// Two locks that are taken in both orders: this thread took `second` while it held `first`, and another one, perhaps
/// of another process and long ago, took `first` while it held `second`, or by way of others. Nothing is wrong yet; if
/// both do it at the same time, it is a deadlock.
///
///     steward::Manager manager({.lock_order_warnings = true});
///     manager.on_lock_order([](const steward::LockOrderWarning& warning) { log(warning.sentence); });
///
/// Told once for each pair of locks, to the session that comes second, and to those alone that ask for it: only what
/// they do counts. It is about Lock (but for transferable ones), RLock and RWLock, of one user. Taking a lock without
/// waiting (try_lock, a time-out of 0) makes no order, and neither does acquire_all; so std::scoped_lock over several
/// makes none among them. The daemon remembers up to 65,536 orders of each user, as long as it runs, and looks for
/// the opposite one for a bounded time: it may miss some.
struct LockOrderWarning {
    std::uint64_t first = 0;   ///< number of the lock that the thread held; see Object::id()
    std::string first_name;    ///< empty: it has none
    std::uint64_t second = 0;  ///< number of the lock that it took
    std::string second_name;   ///< empty: it has none
    std::uint32_t thread = 0;  ///< number of the thread that took the second one
    std::string sentence;      ///< who did what where, now and before
    std::string where;         ///< "file:line" that took the second one now; may be empty
    std::string where_before;  ///< "file:line" that took the first one before; may be empty
};

}  // namespace steward
