#include <gtest/gtest.h>

#include <cstddef>

#include "shared/abandonment.hpp"
#include "shared/cell.hpp"
#include "shared/dict.hpp"
#include "shared/holdings.hpp"
#include "shared/line.hpp"
#include "shared/object_table.hpp"
#include "shared/queue.hpp"
#include "shared/sequence.hpp"
#include "shared/session_records.hpp"
#include "shared/statistics.hpp"
#include "shared/typed_array.hpp"
#include "shared/undo_log.hpp"

namespace steward::shared {
namespace {

// The tables of shared/MEMORY.md: another process, of another version, reads what these say.
TEST(TheLayout, HasTheSizesOfItsTables) {
    EXPECT_EQ(sizeof(Node), 16U);
    EXPECT_EQ(sizeof(ObjectHeader), 128U);
    EXPECT_EQ(sizeof(DictEntry), 48U);
    EXPECT_EQ(sizeof(Item), 16U);
    EXPECT_EQ(sizeof(Elements), 16U);
    EXPECT_EQ(sizeof(Name), 16U);
    EXPECT_EQ(sizeof(Waiter), 112U);
    EXPECT_EQ(sizeof(Holder), 48U);
    EXPECT_EQ(sizeof(QueueItem), 40U);
    EXPECT_EQ(sizeof(Statistics), 824U);
    EXPECT_EQ(sizeof(QueueRoot), 80U);
    EXPECT_EQ(sizeof(SessionRecord), 48U);
    EXPECT_EQ(sizeof(AbandonmentRecord), 40U);
    EXPECT_EQ(Table::bytes_for(0), 16U);
    EXPECT_EQ(sizeof(WordLine), 64U);
    EXPECT_EQ(sizeof(UndoLog::Entry), 16U);
}

TEST(TheLayout, HasTheFieldsOfAHeaderInTheirPlaces) {
    EXPECT_EQ(offsetof(ObjectHeader, version), 0U);
    EXPECT_EQ(offsetof(ObjectHeader, id), 8U);
    EXPECT_EQ(offsetof(ObjectHeader, kind), 16U);
    EXPECT_EQ(offsetof(ObjectHeader, name), 32U);
    EXPECT_EQ(offsetof(ObjectHeader, line_first), 48U);
    EXPECT_EQ(offsetof(ObjectHeader, state), 64U);
    EXPECT_EQ(offsetof(ObjectHeader, word_line), 120U);
    EXPECT_EQ(offsetof(HeapHeader, magic), 0U);
    EXPECT_EQ(offsetof(HeapHeader, layout), 8U);
    EXPECT_EQ(offsetof(HeapHeader, superseded), 24U);
}

TEST(TheLayout, KeepsTheStateOfEveryStructureInAHeader) {
    constexpr std::size_t room = sizeof(ObjectHeader::state);
    EXPECT_LE(sizeof(DictState), room);
    EXPECT_LE(sizeof(SequenceState), room);
    EXPECT_LE(sizeof(CellState), room);
    EXPECT_LE(sizeof(TypedArrayState), room);
    EXPECT_LE(sizeof(HoldingsState), room);
    EXPECT_LE(sizeof(QueueState), room);
}

}  // namespace
}  // namespace steward::shared
