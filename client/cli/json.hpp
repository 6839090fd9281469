#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace steward::cli {

/// JSON whose objects keep the order in which their members were added.
using Json = nlohmann::ordered_json;

/// The text of a document. Bytes that are no UTF-8 (a command line may hold any) become U+FFFD.
inline std::string to_text(const Json& document, int indent = -1) {
    return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace steward::cli
