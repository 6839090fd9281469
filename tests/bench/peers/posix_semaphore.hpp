#pragma once

#include <fcntl.h>
#include <semaphore.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace steward::bench {

/// sem_open(3) as a lock.
class PosixSemaphore {
  public:
    PosixSemaphore() : semaphore_(::sem_open(name_.c_str(), O_CREAT | O_EXCL, 0600, 1U)) {
        if (semaphore_ == SEM_FAILED)
            throw std::system_error(errno, std::generic_category(), "sem_open");
    }
    PosixSemaphore(const PosixSemaphore&) = delete;
    PosixSemaphore& operator=(const PosixSemaphore&) = delete;
    ~PosixSemaphore() {
        ::sem_close(semaphore_);
        ::sem_unlink(name_.c_str());
    }
    void lock() { ::sem_wait(semaphore_); }
    void unlock() { ::sem_post(semaphore_); }

  private:
    std::string name_ = "/steward-bench-semaphore-" + std::to_string(::getpid());
    ::sem_t* semaphore_;
};

}  // namespace steward::bench
