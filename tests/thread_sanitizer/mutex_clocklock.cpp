// What the thread sanitizer of GCC 12 does not see, said so that it does.

#if defined(__SANITIZE_THREAD__)

#include <pthread.h>
#include <time.h>

/// The way in which std::timed_mutex waits until a time of the steady clock. The sanitizer knows the one for the wall
/// clock alone, and would take the mutex for one that is never locked.
extern "C" int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
    constexpr long ns_per_s = 1'000'000'000;
    timespec now{};
    timespec wall{};
    ::clock_gettime(clock, &now);
    ::clock_gettime(CLOCK_REALTIME, &wall);
    wall.tv_sec += until->tv_sec - now.tv_sec;
    wall.tv_nsec += until->tv_nsec - now.tv_nsec;
    if (wall.tv_nsec < 0) {
        wall.tv_nsec += ns_per_s;
        --wall.tv_sec;
    } else if (wall.tv_nsec >= ns_per_s) {
        wall.tv_nsec -= ns_per_s;
        ++wall.tv_sec;
    }
    return ::pthread_mutex_timedlock(mutex, &wall);
}

#endif
