#pragma once

#include <string>

namespace steward::bench {

/// What is measured on: the processor, how many of them, the kernel.
std::string machine();

}  // namespace steward::bench
