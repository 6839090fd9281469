#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>
#include <utility>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>

namespace steward {

class Manager;

/// How a queue is opened or made.
using QueueOptions = OpenOptions;

namespace detail {

/// An item that was taken from a queue. Returns to the queue's head when destroyed, unless it is done with.
class STEWARD_API TakenItem {
  public:
    TakenItem() noexcept = default;
    TakenItem(std::shared_ptr<const ObjectState> queue, std::uint64_t item) noexcept;
    TakenItem(TakenItem&& other) noexcept;
    TakenItem& operator=(TakenItem&& other) noexcept;
    ~TakenItem();

    bool held() const noexcept { return queue_ != nullptr; }
    void done();
    void give_back();

  private:
    std::shared_ptr<const ObjectState> queue_;
    std::uint64_t item_ = 0;
    std::uint64_t process_ = 0;
};

/// The requests of a Queue, for items of any type.
class STEWARD_API QueueRequests : public Object {
  protected:
    using Timeout = std::optional<std::chrono::nanoseconds>;

    QueueRequests(const Manager& manager, ObjectName name, std::ptrdiff_t max_size, const QueueOptions& options);
    explicit QueueRequests(const Reference& reference);

    bool put(const Any& value, Timeout timeout, std::source_location where);
    std::optional<Any> get(Timeout timeout, std::source_location where);
    std::optional<std::pair<Any, TakenItem>> take(Timeout timeout, std::source_location where);
    void task_done();
    bool join(Timeout timeout, std::source_location where) const;
    std::size_t size() const;
    std::size_t max_size() const;
    bool full() const;
};

}  // namespace detail

/// An item that was taken from a Queue and is not done with.
///
///     auto job = jobs.take();
///     work_on(*job);                         // throws, or the process is killed: the job goes back to the queue
///     job.done();
///
/// Threads: one at a time; any thread of the process. Lifetime: it keeps the connection of its queue open. Its
/// destructor gives the item back to the head of the queue unless done() or give_back() was called, and throws nothing;
/// where the daemon is gone, or the process ends, the daemon gives it back itself. A copy of it in a forked child is of
/// no effect.
template <class T>
class [[nodiscard]] Taken {
  public:
    /// Nothing: what a take() gives that takes a std::error_code and fails.
    Taken()
        requires std::default_initializable<T>
        : value_() {}

    /// For Queue::take() alone.
    Taken(T value, detail::TakenItem item) : value_(std::move(value)), item_(std::move(item)) {}

    /// The item.
    const T& value() const noexcept { return value_; }
    T& value() noexcept { return value_; }
    const T& operator*() const noexcept { return value_; }
    T& operator*() noexcept { return value_; }
    const T* operator->() const noexcept { return &value_; }
    T* operator->() noexcept { return &value_; }

    /// Whether neither done() nor give_back() was called.
    explicit operator bool() const noexcept { return item_.held(); }

    /// The item is done with: it does not return, and counts for Queue::join() as task_done() does. One round trip, to
    /// be called once. Throws no_such_value where the item is not taken any longer (an administrator took it back, or
    /// done() was called before), no_such_object where the queue was removed, not_connected.
    void done() { item_.done(); }
    void done(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { done(); });
    }

    /// The item returns to the head of the queue, for whoever comes next. One round trip. Throws as done() does.
    void give_back() { item_.give_back(); }
    void give_back(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { give_back(); });
    }

  private:
    T value_;
    detail::TakenItem item_;
};

/// A queue of values between processes, first in, first out. Python's `Manager().Queue(maxsize)` and
/// `Manager().JoinableQueue(maxsize)`.
///
///     auto jobs = manager.queue<Job>("jobs", 100);
///     jobs.put(job);                                     // waits while there are 100
///
///     while (auto job = jobs.take_for(10s)) {            // in the workers
///         work_on(**job);
///         job->done();
///     }
///
///     jobs.join();                                       // until all jobs are done with
///
/// T is what a program puts and gets; the daemon stores what to_any makes of it, and another program may use another T.
///
/// get() removes the item for good: it is lost where the process dies before it has made use of it, and where it is no
/// T (type_mismatch). take() removes it until it is done with: where the taker dies, or gives it up, it returns to the
/// head of the queue.
///
/// Those who wait to put or to get are served in the order of arrival. With max_size 0 a queue holds any number of
/// items and put() does not wait.
///
/// Python's names: qsize is size, maxsize is max_size, put_nowait is try_put, get_nowait is try_get; a time-out is
/// false or empty here and queue.Full or queue.Empty there; task_done, join, empty, full are the same.
///
/// Threads, processes, lifetime: see Object.
///
/// Every operation is one round trip, throws no_such_object once the queue was removed, object_removed where that
/// happens while it waits, no_permission without the permission (read to look and join, write for the rest), no_memory
/// where an item does not fit, and not_connected when the daemon is gone.
template <class T = Any>
class Queue : public detail::QueueRequests {
    using Requests = detail::QueueRequests;

  public:
    /// Opens the queue, as Manager::queue() does. `max_size`, where 0 and less mean any number, must match what exists.
    Queue(const Manager& manager, ObjectName name, std::ptrdiff_t max_size = 0, const QueueOptions& options = {})
        : Requests(manager, name, max_size, options) {}

    /// The queue that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Queue(const Reference& reference) : Requests(reference) {}

    /// Adds an item at the end. Blocks while the queue is full.
    void put(const T& value, std::source_location where = std::source_location::current()) {
        Requests::put(detail::as_any(value), std::nullopt, where);
    }
    void put(const T& value, std::error_code& ec, std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { put(value, where); });
    }

    /// Blocks until there is room or the time is over: then false, and the item is not in the queue and will not be,
    /// whatever becomes of the daemon. Zero and negative times do not wait.
    template <class Rep, class Period>
    bool put_for(const T& value, std::chrono::duration<Rep, Period> timeout,
                 std::source_location where = std::source_location::current()) {
        return Requests::put(detail::as_any(value), detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    bool put_for(const T& value, std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                 std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return put_for(value, timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    bool put_until(const T& value, const std::chrono::time_point<Clock, Duration>& deadline,
                   std::source_location where = std::source_location::current()) {
        return Requests::put(detail::as_any(value), detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    bool put_until(const T& value, const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                   std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return put_until(value, deadline, where); });
    }

    /// Does not wait: false where the queue is full. Python's put_nowait.
    bool try_put(const T& value, std::source_location where = std::source_location::current()) {
        return put_for(value, std::chrono::nanoseconds::zero(), where);
    }
    bool try_put(const T& value, std::error_code& ec, std::source_location where = std::source_location::current()) {
        return put_for(value, std::chrono::nanoseconds::zero(), ec, where);
    }

    /// Removes the first item. Blocks while the queue is empty.
    T get(std::source_location where = std::source_location::current()) {
        return detail::from<T>(Requests::get(std::nullopt, where).value());
    }
    T get(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return get(where); });
    }

    /// Blocks until there is an item or the time is over: then empty. Zero and negative times do not wait.
    template <class Rep, class Period>
    std::optional<T> get_for(std::chrono::duration<Rep, Period> timeout,
                             std::source_location where = std::source_location::current()) {
        return get_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<T> get_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                             std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return get_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<T> get_until(const std::chrono::time_point<Clock, Duration>& deadline,
                               std::source_location where = std::source_location::current()) {
        return get_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<T> get_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                               std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return get_until(deadline, where); });
    }

    /// Does not wait: empty where the queue is. Python's get_nowait.
    std::optional<T> try_get(std::source_location where = std::source_location::current()) {
        return get_within(std::chrono::nanoseconds::zero(), where);
    }
    std::optional<T> try_get(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_get(where); });
    }

    /// As get(), but the item returns to the head of the queue unless it is done with; see Taken. Where it is no T
    /// (type_mismatch) it returns at once.
    Taken<T> take(std::source_location where = std::source_location::current()) {
        return take_within(std::nullopt, where).value();
    }
    Taken<T> take(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return take(where); });
    }

    /// Blocks until there is an item or the time is over: then empty. Zero and negative times do not wait.
    template <class Rep, class Period>
    std::optional<Taken<T>> take_for(std::chrono::duration<Rep, Period> timeout,
                                     std::source_location where = std::source_location::current()) {
        return take_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<Taken<T>> take_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                                     std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return take_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<Taken<T>> take_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                       std::source_location where = std::source_location::current()) {
        return take_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<Taken<T>> take_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                                       std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return take_until(deadline, where); });
    }

    /// Does not wait: empty where the queue is.
    std::optional<Taken<T>> try_take(std::source_location where = std::source_location::current()) {
        return take_within(std::chrono::nanoseconds::zero(), where);
    }
    std::optional<Taken<T>> try_take(std::error_code& ec,
                                     std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_take(where); });
    }

    /// Says that one item that was got is done with. Does not block. Throws invalid_argument where it is said more
    /// often than items were put (Python: ValueError).
    void task_done() { Requests::task_done(); }
    void task_done(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { task_done(); });
    }

    /// Blocks until every item that was put is done with, by task_done() or Taken::done().
    void join(std::source_location where = std::source_location::current()) const {
        Requests::join(std::nullopt, where);
    }
    void join(std::error_code& ec, std::source_location where = std::source_location::current()) const {
        detail::without_exceptions(ec, [&] { join(where); });
    }

    /// Blocks until then or until the time is over: then false. Zero and negative times do not wait.
    template <class Rep, class Period>
    bool join_for(std::chrono::duration<Rep, Period> timeout,
                  std::source_location where = std::source_location::current()) const {
        return Requests::join(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    bool join_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                  std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return join_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    bool join_until(const std::chrono::time_point<Clock, Duration>& deadline,
                    std::source_location where = std::source_location::current()) const {
        return Requests::join(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    bool join_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                    std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return join_until(deadline, where); });
    }

    /// How many items wait to be got, without those that are taken; may be outdated when it returns. Python's qsize.
    std::size_t size() const { return Requests::size(); }
    std::size_t size(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return size(); });
    }

    /// Whether there is no item; may be outdated when it returns.
    bool empty() const { return size() == 0; }
    bool empty(std::error_code& ec) const { return size(ec) == 0; }

    /// How many items it holds at most; 0: any number.
    std::size_t max_size() const { return Requests::max_size(); }
    std::size_t max_size(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return max_size(); });
    }

    /// Whether put() would wait; may be outdated when it returns.
    bool full() const { return Requests::full(); }
    bool full(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return full(); });
    }

  private:
    std::optional<T> get_within(Timeout timeout, std::source_location where) {
        auto value = Requests::get(timeout, where);
        return value ? std::optional<T>(detail::from<T>(std::move(*value))) : std::nullopt;
    }

    std::optional<Taken<T>> take_within(Timeout timeout, std::source_location where) {
        auto taken = Requests::take(timeout, where);
        if (!taken)
            return std::nullopt;
        return Taken<T>(detail::from<T>(std::move(taken->first)), std::move(taken->second));
    }
};

}  // namespace steward
