#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/json_value.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/list.hpp"

namespace steward::cli {
namespace {

struct Options {
    std::string name;
    std::string value;
};

int push(const Options& options, Context& context) {
    const detail::PackedAny value(value_from(options.value));
    const auto list = context.daemon().call(proto::list::Open{{.name = options.name}, {}})->object;
    context.daemon().call(proto::list::Append{list, value});
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("NAME", options->name, "name of a list; made where it does not exist")->required();
    arguments.add_option("VALUE", options->value, "JSON")->required();
    return [options](Context& context) { return push(*options, context); };
}

}  // namespace

extern const Command push_command{"push", "NAME VALUE", "Adds an item at the end of a list.", prepare};

}  // namespace steward::cli
