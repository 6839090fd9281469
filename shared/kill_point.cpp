#include "shared/kill_point.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace steward::shared {

constinit KillPoints* kill_points = nullptr;

#ifdef STEWARD_KILL_POINTS
const bool has_kill_points = true;
#else
const bool has_kill_points = false;
#endif

void reach(KillPoint point) noexcept {
    const auto number = static_cast<std::size_t>(point);
    ++kill_points->reached.at(number);
    if (number < kill_points->first || number > kill_points->last)
        return;
    if (kill_points->steps_left.load() != 0 && --kill_points->steps_left == 0)
        ::kill(::getpid(), SIGKILL);
}

void share_kill_points() {
    const char* descriptor = has_kill_points ? std::getenv("STEWARD_KILL_POINTS") : nullptr;
    if (descriptor == nullptr)
        return;
    void* memory = ::mmap(nullptr, sizeof(KillPoints), PROT_READ | PROT_WRITE, MAP_SHARED, std::atoi(descriptor), 0);
    if (memory != MAP_FAILED)
        kill_points = static_cast<KillPoints*>(memory);
}

}  // namespace steward::shared
