#include "tests/bench/processors.hpp"

#include <sched.h>

#include <algorithm>
#include <cstddef>
#include <thread>

namespace steward::bench {
namespace {

cpu_set_t all_processors() {
    cpu_set_t processors;
    CPU_ZERO(&processors);
    for (std::size_t number = 0; number < std::min<std::size_t>(CPU_SETSIZE, std::thread::hardware_concurrency());
         ++number)
        CPU_SET(number, &processors);
    return processors;
}

}  // namespace

void stay_on_this_processor() {
    cpu_set_t processors;
    CPU_ZERO(&processors);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &processors);
    ::sched_setaffinity(0, sizeof processors, &processors);
}

void use_all_processors() {
    const auto processors = all_processors();
    ::sched_setaffinity(0, sizeof processors, &processors);
}

void use_other_processors(pid_t process) {
    cpu_set_t own;
    ::sched_getaffinity(0, sizeof own, &own);
    auto others = all_processors();
    for (std::size_t number = 0; number < CPU_SETSIZE; ++number)
        if (CPU_ISSET(number, &own))
            CPU_CLR(number, &others);
    if (CPU_COUNT(&others) > 0)
        ::sched_setaffinity(process, sizeof others, &others);
}

}  // namespace steward::bench
