#pragma once

#include <semaphore.h>

namespace steward::bench {

/// What one process gives and another takes, as often; to be placed in memory that they share.
class ProcessSignal {
  public:
    ProcessSignal() { ::sem_init(&semaphore_, 1, 0); }
    ProcessSignal(const ProcessSignal&) = delete;
    ProcessSignal& operator=(const ProcessSignal&) = delete;
    ~ProcessSignal() { ::sem_destroy(&semaphore_); }

    void give() { ::sem_post(&semaphore_); }

    /// Blocks until it is given.
    void take() {
        while (::sem_wait(&semaphore_) != 0) {
        }
    }

  private:
    ::sem_t semaphore_{};
};

}  // namespace steward::bench
