#pragma once

#include <cstdint>
#include <ostream>
#include <string_view>
#include <vector>

#include "client/cli/json.hpp"

namespace steward::cli {

/// What a column holds; says how its cells are shown as text and to which side they are aligned.
enum class ColumnType : std::uint8_t {
    text,       ///< a string
    name,       ///< of an object; null: "#4711", by the member `id` of the row
    number,     ///< a number
    flag,       ///< true or false: "yes" or "no"
    age,        ///< milliseconds: "3m12s"
    time,       ///< nanoseconds: "12.3 us"
    histogram,  ///< counts by powers of two nanoseconds: "3 below 2.05 us, 1 below 1.05 ms"
    size,       ///< bytes: "3.4 MiB"
    user,       ///< a uid: the user's name
    agents,     ///< one that holds or waits, or an array of them: "4711 make -j4"
    count,      ///< an array: the number of its elements
};

struct Column {
    std::string_view key;      ///< the member of a row that it shows
    std::string_view heading;  ///< of the text form
    ColumnType type = ColumnType::text;
};

/// A listing: rows are JSON objects, columns say what of them the text form shows. null and a missing member
/// are shown as "-".
class Table {
  public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void add(Json row) { rows_.push_back(std::move(row)); }

    const std::vector<Column>& columns() const { return columns_; }
    const Json& rows() const { return rows_; }  ///< an array; what `--json` prints

  private:
    std::vector<Column> columns_;
    Json rows_ = Json::array();
};

/// A heading and a line for each row, aligned.
void print_rows(std::ostream& out, const Table& table);

/// A line for each column of each row, and for each agent: "HEADING: cell".
void print_records(std::ostream& out, const Table& table);

}  // namespace steward::cli
