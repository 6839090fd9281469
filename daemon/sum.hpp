#pragma once

#include <string>
#include <string_view>

namespace steward::daemon {

/// The sum of two numbers as MessagePack. Throws Refusal: type_mismatch, out_of_range; `what` names the first in it.
std::string sum_of(std::string_view number, std::string_view by, const std::string& what);

}  // namespace steward::daemon
