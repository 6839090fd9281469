#pragma once

#include <string>

namespace steward::shared {

/// Another one after each start of the machine; /dev/shm is empty then. Empty where the kernel does not tell.
std::string boot_id();

}  // namespace steward::shared
