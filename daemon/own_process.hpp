#pragma once

namespace steward::daemon {

/// What the daemon needs of its own process, whoever started it: standard streams, all rights to what it makes, as many
/// descriptors as the system allows, a processor soon, no more memory than it uses, and no end by a signal about a
/// socket, a file or a child. Before anything else is opened.
void prepare_own_process();

}  // namespace steward::daemon
