#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "proto/message.hpp"
#include "tests/support/text_file.hpp"
#include "tests/unit/proto/described_method.hpp"

namespace steward::proto {

/// The fields of a struct in one cell of a table: a line each.
inline std::string fields_cell(const std::vector<DescribedField>& fields) {
    std::ostringstream cell;
    for (const auto& field : fields)
        cell << (cell.tellp() == 0 ? "" : "<br>") << '`' << field.name << "` " << field.type << ": " << field.meaning;
    return cell.str();
}

template <Described T>
std::string fields_cell() {
    return fields_cell(described_fields<T>());
}

/// A part of a document between two markers, which the code writes and people do not.
struct Section {
    std::string name;
    std::string content;

    std::string begin_marker() const { return "<!-- begin " + name + " -->\n"; }
    std::string end_marker() const { return "<!-- end " + name + " -->\n"; }
};

/// The document with the section as the code has it.
inline std::string with_section(const std::string& text, const Section& section) {
    const auto begin = text.find(section.begin_marker());
    const auto end = text.find(section.end_marker());
    if (begin == std::string::npos || end == std::string::npos)
        return "the document has no section " + section.name;
    return text.substr(0, begin) + section.begin_marker() + section.content + text.substr(end);
}

/// With STEWARD_UPDATE_DOCUMENTS=1 in the environment the section is written instead of compared.
inline void expect_in_document(const std::string& name, const Section& section) {
    const auto document = std::filesystem::path(STEWARD_SOURCE_DIR) / "proto" / name;
    const auto text = tests::text_of(document);
    const auto expected = with_section(text, section);
    if (std::getenv("STEWARD_UPDATE_DOCUMENTS") != nullptr)
        tests::write_text(document, expected);
    else
        EXPECT_EQ(text, expected) << "run this test with STEWARD_UPDATE_DOCUMENTS=1 to write the section anew";
}

}  // namespace steward::proto
