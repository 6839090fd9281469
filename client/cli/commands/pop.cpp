#include <cstdint>
#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/place.hpp"
#include "client/cli/stands_for.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/result_shape.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/set.hpp"
#include "proto/transaction.hpp"

namespace steward::cli {
namespace pop_parts {
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

template <proto::Message M>
proto::transaction::Operation operation_of(const M& message, std::string& params) {
    proto::Writer writer(params);
    proto::encode(writer, message);
    return {.method = M::method, .params = {params}};
}

/// A namespace has no request for it: the attribute is read and removed as one change.
Any pop_from_namespace(Daemon& daemon, const proto::ObjectInfo& attributes, const Place& place) {
    if (!place.given())
        throw attribute_missing(attributes);
    std::string get;
    std::string erase;
    const proto::transaction::Commit commit{
        .operations = {operation_of(proto::name_space::Get{attributes.object, place.text()}, get),
                       operation_of(proto::name_space::Erase{attributes.object, place.text()}, erase)}};
    try {
        return *detail::value_in(daemon.manager(), daemon.call(commit)->results.at(0), detail::ResultShape::first);
    } catch (const Error& error) {
        if (error.code() != errc::no_such_key)
            throw;
        throw no_such_key(attributes, place);
    }
}

Any pop_from(Daemon& daemon, const proto::ObjectInfo& object, const Place& place) {
    switch (object.type) {
        case proto::ObjectType::dict: return pop_from_dict(daemon, object, place);
        case proto::ObjectType::list: return pop_from_list(daemon, object, place);
        case proto::ObjectType::set: return pop_from_set(daemon, object, place);
        case proto::ObjectType::name_space: return pop_from_namespace(daemon, object, place);
        default: throw nothing_to_pop(object);
    }
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("NAME", options->name, "name of a list, dict, set or namespace, or #ID")
        ->required()
        ->check(names_object(
            {proto::ObjectType::list, proto::ObjectType::dict, proto::ObjectType::set, proto::ObjectType::name_space}));
    options->place.add_to(arguments, "the last item or entry; of a set the first value");
    return [options](Context& context) {
        auto& daemon = context.daemon();
        context.print_value(pop_from(daemon, find_object(daemon, options->name), options->place));
        return 0;
    };
}

}  // namespace
}  // namespace pop_parts

extern const Command pop_command{
    "pop", "NAME [KEY|INDEX]",
    "Removes an item of a list, the last by default, of a dict or set, or an attribute of a namespace, and prints it.",
    pop_parts::prepare};

}  // namespace steward::cli
