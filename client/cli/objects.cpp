#include "client/cli/objects.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <system_error>
#include <tuple>
#include <utility>

#include "client/cli/described_json.hpp"
#include "client/cli/display_text.hpp"
#include "client/cli/failure.hpp"

namespace steward::cli {
namespace {

std::string mode_text(std::uint16_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode));
    return text.data();
}

std::string holder_text(const proto::AgentInfo& holder) {
    return "pid " + std::to_string(holder.pid) + " (" + holder.command + ") since " +
           age_text(std::chrono::milliseconds(holder.since_ms));
}

/// Whether one holds it whom the token belongs to, and no reader does.
bool is_held_alone(const proto::ObjectInfo& object) {
    switch (object.type) {
        case proto::ObjectType::lock:
        case proto::ObjectType::rlock: return !object.holders.empty();
        case proto::ObjectType::rwlock: return object.state == "held";
        default: return false;
    }
}

/// The number in "#4711".
std::optional<std::uint64_t> id_in(std::string_view name) {
    std::uint64_t id = 0;
    const auto* end = name.data() + name.size();
    const bool is_id =
        name.starts_with('#') && std::from_chars(name.data() + 1, end, id) == std::from_chars_result{end, std::errc()};
    return is_id ? std::optional(id) : std::nullopt;
}

/// "lock, rlock or rwlock".
std::string one_of(Types types) {
    std::string text;
    for (const auto* type = types.begin(); type != types.end(); ++type) {
        if (type != types.begin())
            text += type + 1 == types.end() ? " or " : ", ";
        text += proto::to_string(*type);
    }
    return text;
}

[[noreturn]] void throw_not_found(std::string_view name) {
    throw Failure(ExitStatus::not_found,
                  "there is no object '" + std::string(name) + "'; `steward ls` shows those that there are");
}

/// What the request tells of an object; nothing where there is none.
template <proto::Message M>
std::optional<proto::ObjectInfo> try_describe(Daemon& daemon, const M& request) {
    try {
        return *daemon.call(request);
    } catch (const Error& error) {
        if (error.code() == errc::no_such_object)
            return std::nullopt;
        throw;
    }
}

std::vector<proto::ObjectInfo> listed(Daemon& daemon, proto::object::List request) {
    std::vector<proto::ObjectInfo> objects;
    do {
        auto page = *daemon.call(request);
        std::move(page.objects.begin(), page.objects.end(), std::back_inserter(objects));
        request.cursor = page.cursor;
    } while (request.cursor != 0);
    return objects;
}

}  // namespace

std::optional<proto::ObjectInfo> try_find_object(Daemon& daemon, std::string_view name) {
    auto object = try_describe(daemon, proto::object::Find{name});
    const auto id = id_in(name);
    if (object || !id)
        return object;
    object = try_describe(daemon, proto::object::Info{*id});
    if (!object)
        throw_not_found(name);
    return object;
}

proto::ObjectInfo find_object(Daemon& daemon, std::string_view name) {
    if (auto object = try_find_object(daemon, name))
        return *std::move(object);
    throw_not_found(name);
}

proto::ObjectInfo find_object(Daemon& daemon, std::string_view name, Types types) {
    auto object = find_object(daemon, name);
    if (std::ranges::find(types, object.type) == types.end())
        throw Failure(ExitStatus::refused, title(object) + " is no " + one_of(types));
    return object;
}

std::vector<proto::ObjectInfo> list_objects(Daemon& daemon, std::string_view prefix,
                                            std::optional<proto::ObjectType> type) {
    auto objects = listed(daemon, {.prefix = prefix, .type = type});
    std::ranges::sort(objects, {}, &proto::ObjectInfo::name);
    return objects;
}

std::vector<proto::ObjectInfo> list_objects_and_nameless(Daemon& daemon, std::optional<proto::ObjectType> type) {
    auto objects = listed(daemon, {.prefix = {}, .type = type, .nameless = true});
    std::ranges::sort(objects, {}, [](const auto& object) {
        return std::tuple(object.name.empty(), std::string_view(object.name), object.object);
    });
    return objects;
}

Json object_json(const proto::ObjectInfo& object) {
    auto json = as_json(object);
    json["id"] = object.object;
    if (object.name.empty())
        json["name"] = nullptr;
    json["mode"] = mode_text(object.mode);
    if (is_held_alone(object)) {
        json["holders"][0]["token"] = as_json(object.token);
        json["holder"] = json["holders"][0];
    } else {
        json["holder"] = nullptr;
    }
    return json;
}

std::string name_of(const proto::ObjectInfo& object) {
    return object.name.empty() ? '#' + std::to_string(object.object) : object.name;
}

std::string title(const proto::ObjectInfo& object) {
    const std::string quote = object.name.empty() ? "" : "'";
    return std::string(proto::to_string(object.type)) + ' ' + quote + name_of(object) + quote;
}

std::string agent_text(const proto::AgentInfo& agent) {
    constexpr std::size_t command_width = 60;
    return "pid " + std::to_string(agent.pid) + ' ' + shortened(printable(agent.command), command_width) + " (thread " +
           std::to_string(agent.thread) + ')';
}

std::string holders_text(const proto::ObjectInfo& object) {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, object.holders.size()); ++i)
        text += (i == 0 ? "held by " : ", ") + holder_text(object.holders[i]);
    if (object.holders.size() > most)
        text += " and " + std::to_string(object.holders.size() - most) + " more";
    return text.empty() ? "held by nobody any more" : text;
}

}  // namespace steward::cli
