#include <memory>
#include <optional>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/json_value.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/place.hpp"
#include "client/cli/stands_for.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/value.hpp"

namespace steward::cli {
namespace set_parts {
namespace {

struct Options {
    std::string name;
    std::string first;                  ///< KEY or INDEX; VALUE where there is no second
    std::optional<std::string> second;  ///< VALUE
    Place place;
};

void make(Daemon& daemon, const std::string& name, const Place& place, proto::Packed value) {
    if (place.given()) {
        const detail::PackedAny key(daemon.manager(), place.key());
        const auto dict = daemon.call(proto::dict::Open{{.name = name}, {}})->object;
        daemon.call(proto::dict::Set{dict, key, value});
    } else {
        const auto opened = daemon.call(proto::value::Open{{.name = name}, value});
        if (!opened->created)
            daemon.call(proto::value::Set{opened->object, value});
    }
}

void replace(Daemon& daemon, const proto::ObjectInfo& object, const Place& place, proto::Packed value) {
    const auto id = object.object;
    switch (object.type) {
        case proto::ObjectType::dict: {
            if (!place.given())
                throw place_missing(object);
            const detail::PackedAny key(daemon.manager(), place.key());
            daemon.call(proto::dict::Set{id, key, value});
            return;
        }
        case proto::ObjectType::list:
            if (!place.given())
                throw place_missing(object);
            daemon.call(proto::list::Set{id, place.index(), value});
            return;
        case proto::ObjectType::value:
            if (place.given())
                throw place_refused(object);
            daemon.call(proto::value::Set{id, value});
            return;
        case proto::ObjectType::name_space:
            if (!place.given())
                throw place_missing(object);
            daemon.call(proto::name_space::Set{id, place.text(), value});
            return;
        case proto::ObjectType::array:
            if (!place.given())
                throw place_missing(object);
            daemon.call(proto::array::Set{id, place.index(), value});
            return;
        case proto::ObjectType::set: throw only_pushed_and_popped(object);
        default: throw holds_no_values(object);
    }
}

int set(Options options, Context& context) {
    if (options.second)
        options.place.set_text(options.first);
    const auto parsed = value_from(options.second.value_or(options.first));
    auto& daemon = context.daemon();
    const detail::PackedAny value(daemon.manager(), parsed);
    if (const auto object = try_find_object(daemon, options.name))
        replace(daemon, *object, options.place, value);
    else
        make(daemon, options.name, options.place, value);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments
        .add_option(
            "NAME", options->name,
            "name of a value, list, dict or namespace; one that does not exist becomes a value, with KEY a dict")
        ->required()
        ->check(names_object({proto::ObjectType::value, proto::ObjectType::list, proto::ObjectType::dict,
                              proto::ObjectType::name_space, proto::ObjectType::array}));
    arguments
        .add_option(
            "KEY", options->first,
            "key of a dict (JSON, or else the text itself), attribute of a namespace, or index of a list; negative "
            "counts from the end")
        ->required();
    arguments.add_option("VALUE", options->second, "JSON");
    options->place.add_string_option_to(arguments);
    return [options](Context& context) { return set(*options, context); };
}

}  // namespace
}  // namespace set_parts

extern const Command set_command{"set", "NAME [KEY|INDEX] VALUE",
                                 "Sets a value, a key of a dict, an attribute of a namespace or an item of a list.",
                                 set_parts::prepare};

}  // namespace steward::cli
