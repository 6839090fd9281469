#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <stop_token>
#include <thread>
#include <utility>

#include "client/src/process.hpp"

namespace steward::tests::conformance {

/// A thread that does one thing after the other: the library knows a thread by where it is called, so every thread that
/// a message names needs one.
class Worker {
  public:
    Worker() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return number_ != 0; });
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Lets it end with what it has to do.
    ~Worker() = default;

    /// The library's number of the thread.
    std::uint32_t number() const { return number_; }

    void run(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        todo_.push(std::move(work));
        changed_.notify_all();
    }

  private:
    void live(const std::stop_token& end) {
        std::unique_lock lock(mutex_);
        number_ = detail::thread_number();
        changed_.notify_all();
        while (changed_.wait(lock, end, [&] { return !todo_.empty(); })) {
            const auto work = std::move(todo_.front());
            todo_.pop();
            lock.unlock();
            work();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::queue<std::function<void()>> todo_;
    std::uint32_t number_ = 0;
    std::jthread thread_{[this](const std::stop_token& end) { live(end); }};  // last: it uses all above
};

}  // namespace steward::tests::conformance
