#pragma once

#include <sched.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "tests/bench/child_process.hpp"
#include "tests/bench/in_shared_memory.hpp"
#include "tests/bench/process_signal.hpp"
#include "tests/bench/processors.hpp"

namespace steward::bench {

/// Another process that does something at full speed while this one measures, on another processor where there is one.
class BusyProcess {
  public:
    using Operation = std::function<void()>;

    /// `begin` makes the operation, in the other process and when it is wanted for the first time.
    explicit BusyProcess(std::function<Operation()> begin)
        : process_([this, begin = std::move(begin)] { run(begin); }) {}

    /// What `measure` gives while the other process is at it.
    double meanwhile(const std::function<double()>& measure) {
        board_->wanted = true;
        const auto before = board_->operations.load();
        board_->start.give();
        while (board_->operations.load() == before)
            ::sched_yield();
        const auto figure = measure();
        board_->wanted = false;
        board_->stopped.take();
        return figure;
    }

  private:
    struct Board {
        ProcessSignal start;
        ProcessSignal stopped;
        std::atomic<bool> wanted = false;
        std::atomic<std::uint64_t> operations = 0;
    };

    void run(const std::function<Operation()>& begin) {
        use_other_processors();
        board_->start.take();
        for (const auto operation = begin();; board_->start.take()) {
            for (; board_->wanted.load(); ++board_->operations)
                operation();
            board_->stopped.give();
        }
    }

    InSharedMemory<Board> board_;
    ChildProcess process_;
};

}  // namespace steward::bench
