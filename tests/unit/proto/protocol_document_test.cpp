#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <type_traits>

#include "proto/catalogue.hpp"
#include "proto/errors.hpp"
#include "tests/unit/proto/document.hpp"

namespace steward::proto {
namespace {

template <class T>
inline constexpr bool is_structure =
    std::same_as<T, Open> || std::same_as<T, Opened> || std::same_as<T, AgentInfo> || std::same_as<T, ObjectInfo> ||
    std::same_as<T, Abandonment> || std::same_as<T, SessionInfo>;

template <Described T>
std::string result_cell() {
    if constexpr (is_structure<T>)
        return wire_type<T>();
    else
        return fields_cell<T>();
}

template <Message... M>
std::string method_rows(MessageList<M...>) {
    std::ostringstream rows;
    ((rows << "| `" << M::method << "` | " << M::purpose << " | " << fields_cell<M>() << " | "
           << result_cell<typename M::Result>() << " |\n"),
     ...);
    return rows.str();
}

template <Described... T>
std::string structure_rows() {
    std::ostringstream rows;
    ((rows << "| " << wire_type<T>() << " | " << fields_cell<T>() << " |\n"), ...);
    return rows.str();
}

std::string methods_table() {
    return "| method | purpose | params | result |\n|---|---|---|---|\n" + method_rows(Messages{});
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
