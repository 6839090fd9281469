#include "client/src/kill_point.hpp"

namespace steward::detail {

constinit std::atomic<KillPoint> dies_at{KillPoint::none};

#ifdef STEWARD_KILL_POINTS
const bool has_kill_points = true;
#else
const bool has_kill_points = false;
#endif

}  // namespace steward::detail
