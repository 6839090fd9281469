#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>

#include "proto/catalogue.hpp"
#include "proto/errors.hpp"
#include "tests/support/text_file.hpp"
#include "tests/unit/proto/wire_type.hpp"

namespace steward::proto {
namespace {

template <class T>
inline constexpr bool is_structure =
    std::same_as<T, Open> || std::same_as<T, Opened> || std::same_as<T, AgentInfo> || std::same_as<T, ObjectInfo> ||
    std::same_as<T, Abandonment> || std::same_as<T, SessionInfo>;

/// The fields of a described struct in one cell of a table: a line each.
template <Described T>
std::string fields_cell() {
    std::ostringstream cell;
    const auto add = [&]<class Owner, class M>(const Field<Owner, M>& field) {
        cell << (cell.tellp() == 0 ? "" : "<br>") << '`' << field.name << "` " << wire_type<M>() << ": "
             << field.meaning;
    };
    std::apply([&](const auto&... field) { (add(field), ...); }, T::fields());
    return cell.str();
}

template <Described T>
std::string result_cell() {
    if constexpr (is_structure<T>)
        return wire_type<T>();
    else
        return fields_cell<T>();
}

template <Message... M>
std::string method_rows(std::type_identity<std::tuple<M...>>) {
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
    return "| method | purpose | params | result |\n|---|---|---|---|\n" + method_rows(std::type_identity<Messages>{});
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

const std::filesystem::path document = std::filesystem::path(STEWARD_SOURCE_DIR) / "proto" / "PROTOCOL.md";

/// A part of the document between two markers, which the code writes and people do not.
struct Section {
    std::string name;
    std::string content;

    std::string begin_marker() const { return "<!-- begin " + name + " -->\n"; }
    std::string end_marker() const { return "<!-- end " + name + " -->\n"; }
};

/// The document with the section as the code has it.
std::string with_section(const std::string& text, const Section& section) {
    const auto begin = text.find(section.begin_marker());
    const auto end = text.find(section.end_marker());
    if (begin == std::string::npos || end == std::string::npos)
        return "the document has no section " + section.name;
    return text.substr(0, begin) + section.begin_marker() + section.content + text.substr(end);
}

/// With STEWARD_UPDATE_DOCUMENTS=1 in the environment the section is written instead of compared.
void expect_in_document(const Section& section) {
    const auto text = tests::text_of(document);
    const auto expected = with_section(text, section);
    if (std::getenv("STEWARD_UPDATE_DOCUMENTS") != nullptr)
        tests::write_text(document, expected);
    else
        EXPECT_EQ(text, expected) << "run this test with STEWARD_UPDATE_DOCUMENTS=1 to write the section anew";
}

TEST(TheProtocolDocument, HasEveryMethodAsTheCodeHasIt) {
    expect_in_document({.name = "methods", .content = methods_table()});
}

TEST(TheProtocolDocument, HasEveryStructureAsTheCodeHasIt) {
    expect_in_document({.name = "structures", .content = structures_table()});
}

TEST(TheProtocolDocument, HasEveryErrorAsTheCodeHasIt) {
    expect_in_document({.name = "errors", .content = errors_table()});
}

TEST(TheProtocolDocument, HasEveryObjectTypeAsTheCodeHasIt) {
    expect_in_document({.name = "object types", .content = object_types_table()});
}

}  // namespace
}  // namespace steward::proto
