#pragma once

#include <pthread.h>

namespace steward::bench {

/// A pthread mutex between processes, to be placed in memory that they share.
class ProcessMutex {
  public:
    enum class Kind { plain, robust, recursive_robust };

    explicit ProcessMutex(Kind kind = Kind::plain) {
        pthread_mutexattr_t attributes{};
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        if (kind != Kind::plain)
            pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        if (kind == Kind::recursive_robust)
            pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
        pthread_mutex_init(&mutex_, &attributes);
    }

    void lock() { pthread_mutex_lock(&mutex_); }
    void unlock() { pthread_mutex_unlock(&mutex_); }

  private:
    pthread_mutex_t mutex_{};
};

class RobustMutex : public ProcessMutex {
  public:
    RobustMutex() : ProcessMutex(Kind::robust) {}
};

class RecursiveRobustMutex : public ProcessMutex {
  public:
    RecursiveRobustMutex() : ProcessMutex(Kind::recursive_robust) {}
};

}  // namespace steward::bench
