#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace steward::shared {
struct WordLine;
}

namespace steward::detail {

/// A number that the threads which use a proxy remember for each other. A copy of the proxy takes it along.
template <class T>
class Remembered {
  public:
    Remembered() noexcept = default;
    Remembered(const Remembered& other) noexcept : value_(other.get()) {}
    Remembered& operator=(const Remembered& other) noexcept {
        set(other.get());
        return *this;
    }

    // Relaxed: nothing but the number itself is told by it.
    T get() const noexcept { return value_.load(std::memory_order_relaxed); }
    void set(T value) noexcept { value_.store(value, std::memory_order_relaxed); }

  private:
    std::atomic<T> value_{};
};

/// The way to an object's word without the daemon, as a proxy has it at hand: all that the quick path of a lock looks
/// at stands here, one load away. Part of the library's inside.
class WordPath {
  public:
    struct Target {
        shared::WordLine* line = nullptr;                     ///< null: the daemon is asked for everything
        std::uint64_t session = 0;                            ///< as the owner's part of a word, without the thread
        std::uint64_t connection = 0;                         ///< its number in this process
        const std::atomic<std::size_t>* pipelined = nullptr;  ///< operations under way that a look must not overtake
    };

    WordPath() noexcept = default;
    WordPath(const WordPath& other) noexcept { *this = other; }
    WordPath& operator=(const WordPath& other) noexcept {
        place.set(other.place.get());
        free.set(other.free.get());
        const auto process = other.process();  // first: what is read behind it is at least as new
        set(process, other.target());
        return *this;
    }
    ~WordPath() = default;

    /// For the process of this number (process_generation()). Several threads may set the same at the same time.
    void set(std::uint64_t process, const Target& target) noexcept {
        line_.set(target.line);
        session_.set(target.session);
        connection_.set(target.connection);
        pipelined_.set(target.pipelined);
        process_.store(process, std::memory_order_release);  // what stands above is there for whoever finds it
    }

    /// The process that the rest is for; another one must not look at it. 0: nobody knows yet.
    std::uint64_t process() const noexcept { return process_.load(std::memory_order_acquire); }
    shared::WordLine* line() const noexcept { return line_.get(); }
    std::uint64_t session() const noexcept { return session_.get(); }
    std::uint64_t connection() const noexcept { return connection_.get(); }
    const std::atomic<std::size_t>* pipelined() const noexcept { return pipelined_.get(); }
    Target target() const noexcept { return {line(), session(), connection(), pipelined()}; }

    Remembered<std::uint64_t> free;   ///< the word, when it was last seen free
    Remembered<std::uint32_t> place;  ///< the daemon's number of the line that opened the proxy; 0: not known yet

  private:
    std::atomic<std::uint64_t> process_{0};
    Remembered<shared::WordLine*> line_;
    Remembered<std::uint64_t> session_;
    Remembered<std::uint64_t> connection_;
    Remembered<const std::atomic<std::size_t>*> pipelined_;
};

}  // namespace steward::detail
