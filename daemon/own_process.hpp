#pragma once

namespace steward::daemon {

/// What the daemon needs of its own process, whoever started it: as many descriptors as the system allows, a processor
/// soon, and no end by a signal about a socket or a child.
void prepare_own_process();

}  // namespace steward::daemon
