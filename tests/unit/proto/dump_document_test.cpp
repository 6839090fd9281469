#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "proto/dump.hpp"
#include "proto/dumped_state.hpp"
#include "tests/unit/proto/document.hpp"

namespace steward::proto {
namespace {

template <class... R>
std::string records_table() {
    std::ostringstream table;
    table << "| kind | what | fields |\n|---|---|---|\n";
    ((table << "| " << static_cast<int>(R::kind) << " | " << R::purpose << " | " << fields_cell<R>() << " |\n"), ...);
    return table.str();
}

template <Described S>
std::string state_row(const std::string& types) {
    const auto fields = fields_cell<S>();
    return "| " + types + " | " + (fields.empty() ? "empty" : fields) + " |\n";
}

std::string states_table() {
    return "| type | state |\n|---|---|\n" + state_row<dumped::Lock>("`lock`") + state_row<dumped::RLock>("`rlock`") +
           state_row<dumped::RWLock>("`rwlock`") + state_row<dumped::Semaphore>("`semaphore`") +
           state_row<dumped::BoundedSemaphore>("`bounded_semaphore`") + state_row<dumped::Condition>("`condition`") +
           state_row<dumped::Event>("`event`") + state_row<dumped::Barrier>("`barrier`") +
           state_row<dumped::Queue>("`queue`") + state_row<dumped::Array>("`array`") +
           state_row<dumped::Container>("`list`, `dict`, `set`, `namespace`, `value`");
}

TEST(TheDocumentOfDumps, HasEveryRecordAsTheCodeHasIt) {
    expect_in_document("DUMP.md", {.name = "records",
                                   .content = records_table<dump::Header, dump::Object, dump::Values, dump::End>()});
}

TEST(TheDocumentOfDumps, HasEveryStateAsTheCodeHasIt) {
    expect_in_document("DUMP.md", {.name = "states", .content = states_table()});
}

}  // namespace
}  // namespace steward::proto
