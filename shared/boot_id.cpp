#include "shared/boot_id.hpp"

#include <fstream>

namespace steward::shared {

std::string boot_id() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
    return id;
}

}  // namespace steward::shared
