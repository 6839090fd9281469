#include <cstdint>
#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/place.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/set.hpp"

namespace steward::cli {
namespace {

constexpr std::int64_t last = -1;

struct Options {
    std::string name;
    Place place;
};

Any pop_from_dict(Daemon& daemon, const proto::ObjectInfo& dict, const Place& place) {
    if (!place.given()) {
        const auto pair = daemon.call(proto::dict::PopItem{dict.object});
        return Any::Array{detail::unpack(daemon.manager(), pair->key), detail::unpack(daemon.manager(), pair->value)};
    }
    const detail::PackedAny key(daemon.manager(), place.key());
    const auto answer = daemon.call(proto::dict::Pop{dict.object, key});
    if (!answer->found)
        throw no_such_key(dict, place);
    return detail::unpack(daemon.manager(), answer->value);
}

Any pop_from_set(Daemon& daemon, const proto::ObjectInfo& set, const Place& place) {
    if (!place.given())
        return detail::unpack(daemon.manager(), daemon.call(proto::set::Pop{set.object})->value);
    auto value = place.key();
    daemon.call(proto::set::Remove{set.object, detail::PackedAny(daemon.manager(), value)});
    return value;
}

Any pop_from_list(Daemon& daemon, const proto::ObjectInfo& list, const Place& place) {
    const auto index = place.given() ? place.index() : last;
    return detail::unpack(daemon.manager(), daemon.call(proto::list::Pop{list.object, index})->value);
}

Any pop_from(Daemon& daemon, const proto::ObjectInfo& object, const Place& place) {
    switch (object.type) {
        case proto::ObjectType::dict: return pop_from_dict(daemon, object, place);
        case proto::ObjectType::list: return pop_from_list(daemon, object, place);
        case proto::ObjectType::set: return pop_from_set(daemon, object, place);
        default: throw nothing_to_pop(object);
    }
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("NAME", options->name, "name of a list, dict or set, or #ID")->required();
    options->place.add_to(arguments);
    return [options](Context& context) {
        auto& daemon = context.daemon();
        context.print_value(pop_from(daemon, find_object(daemon, options->name), options->place));
        return 0;
    };
}

}  // namespace

extern const Command pop_command{
    "pop", "NAME [KEY|INDEX]", "Removes an item of a list, the last by default, of a dict or of a set, and prints it.",
    prepare};

}  // namespace steward::cli
