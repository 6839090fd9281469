#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/object.hpp"

namespace steward::cli {
namespace rm_parts {
namespace {

int remove(const std::string& name, Context& context) {
    auto& daemon = context.daemon();
    if (daemon.call(proto::object::Remove{.name = name})->removed)
        return 0;
    if (const auto object = try_find_object(daemon, name))
        if (daemon.call(proto::object::Remove{.name = {}, .id = object->object})->removed)
            return 0;
    throw Failure(ExitStatus::not_found, "there is no object '" + name + "' to remove");
}

Action prepare(CLI::App& arguments) {
    const auto name = std::make_shared<std::string>();
    arguments.add_option("NAME", *name, "name of the object, or #ID, which is its number")
        ->required()
        ->check(names_object());
    return [name](Context& context) { return remove(*name, context); };
}

}  // namespace
}  // namespace rm_parts

extern const Command rm_command{"rm", "NAME", "Removes an object; those who wait for it are told.", rm_parts::prepare};

}  // namespace steward::cli
