#include "client/cli/context.hpp"

#include <iostream>

namespace steward::cli {
namespace {

constexpr int indentation = 2;

}  // namespace

void Context::print_listing(const Table& table) const {
    if (wants_json())
        print_json(table.rows());
    else
        print_rows(std::cout, table);
}

void Context::print_record(const Table& table) const {
    if (wants_json())
        print_json(table.rows().front());
    else
        print_records(std::cout, table);
}

void Context::print_json(const Json& document) const {
    std::cout << to_text(document, indentation) << '\n';
}

void Context::print_value(const Any& value) const {
    std::cout << value.to_json() << '\n';
}

}  // namespace steward::cli
