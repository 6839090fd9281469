#pragma once

#include <ostream>

#include "client/cli/wait_graph.hpp"

namespace steward::cli {

/// A tree for each waiter that nobody waits for, and for each cycle:
///
///     pid 4711 make -j4 (thread 1)
///     └─ lock 'cache', for 3s, 57s left, at build.cpp:12
///        └─ pid 377 sync (thread 2), has held it for 5s
///           └─ event 'done' (clear), for 2s
///
/// What an agent waits for is told once; where it is met again the tree refers to that.
void print_tree(std::ostream& out, const WaitGraph& graph);

}  // namespace steward::cli
