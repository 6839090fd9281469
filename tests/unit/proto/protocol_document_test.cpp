#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "proto/errors.hpp"
#include "tests/unit/proto/described_method.hpp"
#include "tests/unit/proto/document.hpp"

namespace steward::proto {
namespace {

template <Described... T>
std::string structure_rows() {
    std::ostringstream rows;
    ((rows << "| " << wire_type<T>() << " | " << fields_cell<T>() << " |\n"), ...);
    return rows.str();
}

std::string methods_table() {
    std::ostringstream table;
    table << "| method | purpose | params | result |\n|---|---|---|---|\n";
    for (const auto& each : described_methods())
        table << "| `" << each.method << "` | " << each.purpose << " | " << fields_cell(each.params.fields) << " | "
              << (each.result.name.empty() ? fields_cell(each.result.fields) : each.result.name) << " |\n";
    return table.str();
}

std::string structures_table() {
    return "| structure | fields |\n|---|---|\n" +
           structure_rows<Open, Opened, ObjectInfo, AgentInfo, Abandonment, SessionInfo, object::Part,
                          object::PartGrant, Deadlock, DeadlockStep, LockOrder, transaction::Condition,
                          transaction::Operation, Change>();
}

std::string errors_table() {
    std::ostringstream table;
    table << "| number | name | sentence |\n|---|---|---|\n";
    for (const auto& entry : errors)
        table << "| " << static_cast<int>(entry.code) << " | `" << entry.name << "` | " << entry.sentence << " |\n";
    return table.str();
}

std::string object_types_table() {
    std::ostringstream table;
    table << "| number | name |\n|---|---|\n";
    for (const auto& entry : object_types)
        table << "| " << static_cast<int>(entry.type) << " | `" << entry.name << "` |\n";
    return table.str();
}

TEST(TheProtocolDocument, HasEveryMethodAsTheCodeHasIt) {
    expect_in_document("PROTOCOL.md", {.name = "methods", .content = methods_table()});
}

TEST(TheProtocolDocument, HasEveryStructureAsTheCodeHasIt) {
    expect_in_document("PROTOCOL.md", {.name = "structures", .content = structures_table()});
}

TEST(TheProtocolDocument, HasEveryErrorAsTheCodeHasIt) {
    expect_in_document("PROTOCOL.md", {.name = "errors", .content = errors_table()});
}

TEST(TheProtocolDocument, HasEveryObjectTypeAsTheCodeHasIt) {
    expect_in_document("PROTOCOL.md", {.name = "object types", .content = object_types_table()});
}

}  // namespace
}  // namespace steward::proto
