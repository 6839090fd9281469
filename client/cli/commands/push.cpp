#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/json_value.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/set.hpp"

namespace steward::cli {
namespace push_parts {
namespace {

struct Options {
    std::string name;
    std::string value;
};

int push(const Options& options, Context& context) {
    const auto parsed = value_from(options.value);
    auto& daemon = context.daemon();
    const detail::PackedAny value(daemon.manager(), parsed);
    const auto [object, type] = open_or_find(daemon, proto::list::Open{{.name = options.name}, {}},
                                             {proto::ObjectType::list, proto::ObjectType::set});
    if (type == proto::ObjectType::set)
        daemon.call(proto::set::Add{object, value});
    else
        daemon.call(proto::list::Append{object, value});
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("NAME", options->name, "name of a list or set; a list is made where it does not exist")
        ->required()
        ->check(names_object({proto::ObjectType::list, proto::ObjectType::set}));
    arguments.add_option("VALUE", options->value, "JSON")->required();
    return [options](Context& context) { return push(*options, context); };
}

}  // namespace
}  // namespace push_parts

extern const Command push_command{"push", "NAME VALUE", "Adds an item at the end of a list, or a value to a set.",
                                  push_parts::prepare};

}  // namespace steward::cli
