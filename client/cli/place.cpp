#include "client/cli/place.hpp"

#include <charconv>
#include <system_error>

#include "client/cli/json_value.hpp"
#include "client/cli/objects.hpp"

namespace steward::cli {
namespace {

/// By which an object is used that is no container.
std::string command_for(proto::ObjectType type) {
    switch (type) {
        case proto::ObjectType::lock:
        case proto::ObjectType::rlock:
        case proto::ObjectType::rwlock: return "`steward run --lock`";
        case proto::ObjectType::semaphore:
        case proto::ObjectType::bounded_semaphore: return "`steward run --semaphore` and `steward semaphore`";
        case proto::ObjectType::process: return "`steward wait`";
        default: return "`steward " + std::string(proto::to_string(type)) + '`';
    }
}

}  // namespace

void Place::add_to(CLI::App& arguments, const std::string& by_default) {
    arguments.add_option("KEY", text_,
                         "key of a dict (JSON, or else the text itself), attribute of a namespace, or index of a list; "
                         "negative counts from the end (default: " +
                             by_default + ")");
    add_string_option_to(arguments);
}

void Place::add_string_option_to(CLI::App& arguments) {
    arguments.add_flag("--string", always_string_, "KEY is a string even where it could be JSON, as 1 or true");
}

Any Place::key() const {
    return always_string_ ? Any(*text_) : key_from(*text_);
}

std::int64_t Place::index() const {
    std::int64_t index = 0;
    const auto* end = text_->data() + text_->size();
    const auto [rest, error] = std::from_chars(text_->data(), end, index);
    if (error != std::errc() || rest != end)
        throw Failure(ExitStatus::usage, '\'' + *text_ + "' is no index; a list wants a whole number");
    return index;
}

Failure no_such_key(const proto::ObjectInfo& dict, const Place& place) {
    return {ExitStatus::not_found, title(dict) + " has no key '" + place.text() + '\''};
}

Failure place_missing(const proto::ObjectInfo& container) {
    const bool by_index = container.type == proto::ObjectType::list || container.type == proto::ObjectType::array;
    const auto* place = by_index ? "an INDEX" : "a KEY";
    return {ExitStatus::refused, title(container) + " cannot be set as a whole; give " + place};
}

Failure place_refused(const proto::ObjectInfo& value) {
    return {ExitStatus::refused, title(value) + " has neither keys nor an index; leave KEY out"};
}

Failure only_pushed_and_popped(const proto::ObjectInfo& set) {
    return {ExitStatus::refused,
            title(set) + " has no places to set; `steward push` adds a value and `steward pop` removes one"};
}

Failure attribute_missing(const proto::ObjectInfo& attributes) {
    return {ExitStatus::refused, title(attributes) + " has no order in which to take out attributes; give a KEY"};
}

Failure nothing_to_pop(const proto::ObjectInfo& object) {
    return {ExitStatus::refused,
            title(object) + " has no items to take out; `steward pop` is for lists, dicts, sets and namespaces"};
}

Failure holds_no_values(const proto::ObjectInfo& object) {
    return {ExitStatus::refused, title(object) + " has nothing to get or set; it is for " + command_for(object.type)};
}

}  // namespace steward::cli
