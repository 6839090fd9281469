#include "shared/cell.hpp"

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class ACell : public HeapTest {
  protected:
    Cell cell() { return {*heap_, object_->state_as<CellState>()}; }
    void set(std::string_view value) {
        Mutation mutation{*heap_};
        cell().set(mutation, value);
    }
};

TEST_F(ACell, IsEmptyAtFirst) {
    EXPECT_FALSE(cell().get());
}

TEST_F(ACell, HoldsTheLastValueWhateverItsSize) {
    const auto used = used_bytes();
    for (const std::size_t size : {1U, 8U, 3U, 100U, 5000U, 5001U, 7U, 0U, 64U}) {
        const std::string value(size, static_cast<char>('a' + size % 26));
        set(value);
        EXPECT_EQ(cell().get(), value);
    }
    Mutation mutation{*heap_};
    cell().clear(mutation);
    cell().clear(mutation);
    EXPECT_FALSE(cell().get());
    EXPECT_GE(used_bytes(), used);
}

TEST_F(ACell, StaysInPlaceWhereTheValueFits) {
    set("12345678");
    const auto place = object_->state[0].load();
    set("abcdefg");
    EXPECT_EQ(object_->state[0].load(), place);
}

TEST_F(ACell, IsUnchangedWhereverASetFails) {
    set("a value of some length");
    EXPECT_GT(fail_at_every_step(
                  [&](Mutation& mutation) {
                      cell().set(mutation, "b other of that length");
                      cell().set(mutation, std::string(100, 'c'));
                      cell().clear(mutation);
                  },
                  [&] { ASSERT_EQ(cell().get(), "a value of some length"); }),
              6);
}

}  // namespace
}  // namespace steward::shared
