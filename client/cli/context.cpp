#include "client/cli/context.hpp"

#include <iostream>

#include "client/cli/json.hpp"

namespace steward::cli {
namespace {

constexpr int indentation = 2;

}  // namespace

void Context::print_listing(const Table& table) const {
    if (wants_json())
        std::cout << to_text(table.rows(), indentation) << '\n';
    else
        print_rows(std::cout, table);
}

void Context::print_record(const Table& table) const {
    if (wants_json())
        std::cout << to_text(table.rows().front(), indentation) << '\n';
    else
        print_records(std::cout, table);
}

void Context::print_value(const Any& value) const {
    std::cout << value.to_json() << '\n';
}

}  // namespace steward::cli
