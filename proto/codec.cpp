#include "proto/codec.hpp"

#include <string>

namespace steward::proto {

void throw_malformed_field(std::string_view name, const Malformed& malformed) {
    throw Malformed(std::string(name) + ": " + malformed.what());
}

}  // namespace steward::proto
