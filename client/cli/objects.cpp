#include "client/cli/objects.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
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

}  // namespace

std::optional<proto::ObjectInfo> try_find_object(Daemon& daemon, std::string_view name) {
    try {
        return *daemon.call(proto::object::Find{name});
    } catch (const Error& error) {
        if (error.code() == errc::no_such_object)
            return std::nullopt;
        throw;
    }
}

proto::ObjectInfo find_object(Daemon& daemon, std::string_view name) {
    if (auto object = try_find_object(daemon, name))
        return *std::move(object);
    throw Failure(ExitStatus::not_found,
                  "there is no object '" + std::string(name) + "'; `steward ls` shows those that there are");
}

std::vector<proto::ObjectInfo> list_objects(Daemon& daemon, std::string_view prefix,
                                            std::optional<proto::ObjectType> type) {
    std::vector<proto::ObjectInfo> objects;
    proto::object::List request{.prefix = prefix, .type = type};
    do {
        auto page = *daemon.call(request);
        std::move(page.objects.begin(), page.objects.end(), std::back_inserter(objects));
        request.cursor = page.cursor;
    } while (request.cursor != 0);
    std::ranges::sort(objects, {}, &proto::ObjectInfo::name);
    return objects;
}

Json object_json(const proto::ObjectInfo& object) {
    auto json = as_json(object);
    json["mode"] = mode_text(object.mode);
    const bool held_alone = object.type == proto::ObjectType::lock && !object.holders.empty();
    json["holder"] = held_alone ? as_json(object.holders.front()) : Json(nullptr);
    return json;
}

std::string title(const proto::ObjectInfo& object) {
    return std::string(proto::to_string(object.type)) + " '" + object.name + '\'';
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
