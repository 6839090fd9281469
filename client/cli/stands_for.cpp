#include "client/cli/stands_for.hpp"

#include <string>

#include "client/cli/completion.hpp"
#include "proto/object_type.hpp"

namespace steward::cli {
namespace {

/// CLI11 keeps of a validator its function and this text, which Option::get_type_name() tells again.
CLI::Validator told(const std::string& text) {
    return {[](std::string&) { return std::string(); }, text};
}

}  // namespace

CLI::Validator names_object(Types types) {
    std::string list;
    for (const auto type : types)
        list += (list.empty() ? "" : ",") + std::string(proto::to_string(type));
    return told(std::string(object_mark) + list + '}');
}

CLI::Validator names_file() {
    return told(std::string(file_mark));
}

}  // namespace steward::cli
