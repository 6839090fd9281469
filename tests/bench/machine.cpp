#include "tests/bench/machine.hpp"

#include <sys/utsname.h>

#include <fstream>
#include <thread>

namespace steward::bench {
namespace {

std::string processor() {
    std::ifstream information("/proc/cpuinfo");
    for (std::string line; std::getline(information, line);)
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    return "an unknown processor";
}

}  // namespace

std::string machine() {
    utsname system{};
    ::uname(&system);
    return processor() + ", " + std::to_string(std::thread::hardware_concurrency()) + " processors, " + system.sysname +
           " " + system.release;
}

}  // namespace steward::bench
