#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "client/cli/wait_graph.hpp"

namespace steward::cli {

/// The graph in the language of Graphviz: boxes are those who wait and hold, ellipses are objects, an arrow leads from
/// who waits to what it wants and on to who holds that; dashed where a time-out ends the wait, red in a cycle.
void print_dot(std::ostream& out, const WaitGraph& graph);

/// A string of that language: in quotes, with newlines that stay such in a label.
std::string dot_string(std::string_view text);

}  // namespace steward::cli
