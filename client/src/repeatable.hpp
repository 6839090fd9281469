#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "proto/message.hpp"

namespace steward::detail {

/// The verbs of requests that change nothing, or, as `open`, nothing the second time. One whose reply was lost with the
/// connection may be made again; of all others nobody knows whether they were carried out.
inline constexpr std::array repeatable_verbs = std::to_array<std::string_view>(
    {"contains", "copy",   "count",      "find",   "get", "get_slice", "holding", "index",
     "info",     "is_set", "items",      "keys",   "len", "list",      "names",   "open",
     "place",    "share",  "statistics", "status", "use", "value",     "values"});

template <proto::Message M>
inline constexpr bool is_repeatable =
    std::ranges::find(repeatable_verbs, M::method.substr(M::method.find('.') + 1)) != repeatable_verbs.end();

}  // namespace steward::detail
