#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "proto/object.hpp"

namespace steward::cli {
namespace {

int break_object(const std::string& name, Context& context) {
    Table table({
        {"session", "SESSION", ColumnType::number},
        {"pid", "PID", ColumnType::number},
        {"uid", "USER", ColumnType::user},
        {"since_ms", "HELD FOR", ColumnType::age},
        {"amount", "AMOUNT", ColumnType::number},
        {"command", "TAKEN FROM"},
    });
    const auto answer = context.daemon().call(proto::object::Break{name});
    for (const auto& holder : answer->holders)
        table.add(as_json(holder));
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto name = std::make_shared<std::string>();
    arguments.add_option("NAME", *name, "name of the lock or semaphore")->required();
    return [name](Context& context) { return break_object(*name, context); };
}

}  // namespace

extern const Command break_command{"break", "NAME",
                                   "Takes a lock or permits from those who hold them, and tells from whom.", prepare};

}  // namespace steward::cli
