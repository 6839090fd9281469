#include "shared/cell_reader.hpp"

#include <array>
#include <cstdint>

#include "proto/reference.hpp"
#include "shared/cell.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

class ACellReader : public ReaderTest {
  protected:
    Cell cell() { return {*heap_, object_->state_as<CellState>()}; }
    void set(std::string_view value) {
        change([&](Mutation& mutation) { cell().set(mutation, value); });
    }
    Reading get() { return CellReader{seen()}.get(bytes_); }
};

TEST_F(ACellReader, FindsNothingInAnEmptyCell) {
    EXPECT_EQ(get(), Reading::missing);
    set("value");
    change([&](Mutation& mutation) { cell().clear(mutation); });
    EXPECT_EQ(get(), Reading::missing);
}

TEST_F(ACellReader, AppendsWhatTheCellHolds) {
    set("value");
    bytes_ = "before ";
    EXPECT_EQ(get(), Reading::found);
    EXPECT_EQ(bytes_, "before value");
}

TEST_F(ACellReader, ReadsWhatTheWriterReads) {
    SeededRandom random;
    for (int round = 0; round < 5000; ++round) {
        set(random.text(round % 50 == 0 ? 20'000 : 80));
        reap_all();
        bytes_.clear();
        ASSERT_EQ(get(), Reading::found) << random.seed_text();
        ASSERT_EQ(bytes_, *cell().get()) << random.seed_text();
        std::array<std::uint64_t, 8> room;
        const auto small = CellReader{seen()}.get(room);
        ASSERT_EQ(small.reading, bytes_.size() <= sizeof room ? Reading::found : Reading::undecided);
        ASSERT_TRUE(small.reading != Reading::found || small.value == bytes_) << random.seed_text();
    }
}

TEST_F(ACellReader, LeavesLargeValuesToTheDaemon) {
    set(std::string(most_copied_bytes + 1, 'x'));
    EXPECT_EQ(get(), Reading::undecided);
    EXPECT_EQ(bytes_, "");
}

TEST_F(ACellReader, LeavesReferencesToTheDaemon) {
    set(std::string{proto::reference_head} + std::string(9, '\x04'));
    EXPECT_EQ(get(), Reading::undecided);
    EXPECT_EQ(bytes_, "");
}

}  // namespace
}  // namespace steward::shared
