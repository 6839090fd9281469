#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/place.hpp"
#include "client/cli/stands_for.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/set.hpp"
#include "proto/objects/value.hpp"

namespace steward::cli {
namespace get_parts {
namespace {

struct Options {
    std::string name;
    Place place;
};

Any read_items(Daemon& daemon, const proto::ObjectInfo& dict) {
    const auto answer = daemon.call(proto::dict::Items{dict.object});
    Any::Map items;
    for (const auto& [key, value] : answer->items)
        items.emplace_back(detail::unpack(daemon.manager(), key), detail::unpack(daemon.manager(), value));
    return items;
}

Any read_dict(Daemon& daemon, const proto::ObjectInfo& dict, const Place& place) {
    if (!place.given())
        return read_items(daemon, dict);
    const detail::PackedAny key(daemon.manager(), place.key());
    const auto answer = daemon.call(proto::dict::Get{dict.object, key});
    if (!answer->found)
        throw no_such_key(dict, place);
    return detail::unpack(daemon.manager(), answer->value);
}

Any read_list(Daemon& daemon, const proto::ObjectInfo& list, const Place& place) {
    if (!place.given())
        return detail::unpack_all(daemon.manager(), daemon.call(proto::list::Copy{list.object})->values);
    return detail::unpack(daemon.manager(), daemon.call(proto::list::Get{list.object, place.index()})->value);
}

Any read_array(Daemon& daemon, const proto::ObjectInfo& array, const Place& place) {
    if (!place.given())
        return detail::unpack_all(daemon.manager(),
                                  daemon.call(proto::array::GetSlice{.object = array.object})->values);
    return detail::unpack(daemon.manager(), daemon.call(proto::array::Get{array.object, place.index()})->value);
}

Any read_namespace(Daemon& daemon, const proto::ObjectInfo& attributes, const Place& place) {
    if (place.given())
        return detail::unpack(daemon.manager(),
                              daemon.call(proto::name_space::Get{attributes.object, place.text()})->value);
    const auto answer = daemon.call(proto::name_space::Copy{attributes.object});
    Any::Map items;
    for (const auto& [attribute, value] : answer->attributes)
        items.emplace_back(attribute, detail::unpack(daemon.manager(), value));
    return items;
}

Any read(Daemon& daemon, const proto::ObjectInfo& object, const Place& place) {
    switch (object.type) {
        case proto::ObjectType::dict: return read_dict(daemon, object, place);
        case proto::ObjectType::list: return read_list(daemon, object, place);
        case proto::ObjectType::value:
            if (place.given())
                throw place_refused(object);
            return detail::unpack(daemon.manager(), daemon.call(proto::value::Get{object.object})->value);
        case proto::ObjectType::name_space: return read_namespace(daemon, object, place);
        case proto::ObjectType::array: return read_array(daemon, object, place);
        case proto::ObjectType::set:
            if (place.given())
                throw place_refused(object);
            return detail::unpack_all(daemon.manager(), daemon.call(proto::set::Copy{object.object})->values);
        default: throw holds_no_values(object);
    }
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("NAME", options->name, "name of a value, list, dict, namespace, array or set, or #ID")
        ->required()
        ->check(names_object({proto::ObjectType::value, proto::ObjectType::list, proto::ObjectType::dict,
                              proto::ObjectType::name_space, proto::ObjectType::array, proto::ObjectType::set}));
    options->place.add_to(arguments, "all of it");
    return [options](Context& context) {
        auto& daemon = context.daemon();
        context.print_value(read(daemon, find_object(daemon, options->name), options->place));
        return 0;
    };
}

}  // namespace
}  // namespace get_parts

extern const Command get_command{"get", "NAME [KEY|INDEX]",
                                 "Prints what a value, list, dict, namespace, array or set holds, as JSON.",
                                 get_parts::prepare};

}  // namespace steward::cli
