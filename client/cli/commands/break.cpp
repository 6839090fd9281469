#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/object.hpp"

namespace steward::cli {
namespace break_parts {
namespace {

/// An object that was found by its number is broken by it.
proto::object::Break break_of(Daemon& daemon, const std::string& name) {
    if (name.starts_with('#'))
        if (const auto object = try_find_object(daemon, name))
            return {.name = {}, .id = object->object};
    return {.name = name};
}

int break_object(const std::string& name, Context& context) {
    Table table({
        {"session", "SESSION", ColumnType::number},
        {"pid", "PID", ColumnType::number},
        {"uid", "USER", ColumnType::user},
        {"since_ms", "HELD FOR", ColumnType::age},
        {"amount", "AMOUNT", ColumnType::number},
        {"command", "TAKEN FROM"},
    });
    auto& daemon = context.daemon();
    const auto answer = daemon.call(break_of(daemon, name));
    for (const auto& holder : answer->holders)
        table.add(as_json(holder));
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto name = std::make_shared<std::string>();
    arguments.add_option("NAME", *name, "name of the lock or semaphore, or #ID, which is its number")
        ->required()
        ->check(names_object({proto::ObjectType::lock, proto::ObjectType::rlock, proto::ObjectType::rwlock,
                              proto::ObjectType::semaphore, proto::ObjectType::bounded_semaphore}));
    return [name](Context& context) { return break_object(*name, context); };
}

}  // namespace
}  // namespace break_parts

extern const Command break_command{
    "break", "NAME", "Takes a lock or permits from those who hold them, and tells from whom.", break_parts::prepare};

}  // namespace steward::cli
