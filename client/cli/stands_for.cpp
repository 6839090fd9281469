#include "client/cli/stands_for.hpp"

#include <string>

#include "client/cli/completion.hpp"
#include "proto/object_type.hpp"

namespace steward::cli {
namespace {

std::string refuse_nothing(std::string&) {
    return {};
}

/// A variable of a shell that is not set, mostly.
std::string refuse_empty(std::string& name) {
    return name.empty() ? "a name has 1 to 255 bytes, and this one is empty" : "";
}

std::string refuse_empty_part(std::string& list) {
    for (auto part : parts_of(list))
        if (auto refusal = refuse_empty(part); !refusal.empty())
            return refusal;
    return {};
}

/// CLI11 keeps of a validator its function and a text, which Option::get_type_name() tells again.
std::string told(Types types) {
    std::string list;
    for (const auto type : types)
        list += (list.empty() ? "" : ",") + std::string(proto::to_string(type));
    return std::string(object_mark) + list + '}';
}

}  // namespace

CLI::Validator names_object(Types types) {
    return {refuse_empty, told(types)};
}

CLI::Validator names_objects(Types types) {
    return {refuse_empty_part, std::string(list_mark) + told(types)};
}

/// CLI11's own lists leave out what is empty.
std::vector<std::string> parts_of(const std::string& list) {
    std::vector<std::string> parts{""};
    for (const char letter : list)
        if (letter == list_delimiter)
            parts.emplace_back();
        else
            parts.back() += letter;
    return parts;
}

CLI::Validator names_new_object() {
    return {refuse_empty, {}};
}

CLI::Validator begins_names() {
    return {refuse_nothing, told({})};
}

CLI::Validator names_file() {
    return {refuse_nothing, std::string(file_mark)};
}

}  // namespace steward::cli
