#include "shared/typed_array_reader.hpp"

#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

class ATypedArrayReader : public ReaderTest {
  protected:
    TypedArray array() { return {*heap_, object_->state_as<TypedArrayState>()}; }
    TypedArrayReader reader() { return TypedArrayReader{seen()}; }
    void make(char typecode, std::size_t length) {
        change([&](Mutation& mutation) { array().make(mutation, typecode, length); });
    }
    std::string written(std::size_t first, std::size_t count) {
        const auto bytes = array().bytes().subspan(first * array().width(), count * array().width());
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
};

TEST_F(ATypedArrayReader, SaysLengthAndTypecode) {
    make('h', 5);
    const auto shape = reader().shape();
    EXPECT_EQ(shape.reading, Reading::found);
    EXPECT_EQ(shape.value.length, 5U);
    EXPECT_EQ(shape.value.typecode, 'h');
}

TEST_F(ATypedArrayReader, ReadsWhatTheWriterReads) {
    SeededRandom random;
    for (const char typecode : std::string_view{"bBhHiIfqQd"}) {
        make(typecode, 100);
        for (int round = 0; round < 500; ++round) {
            const std::size_t changed = random.below(100);
            const std::string element(array().width(), static_cast<char>(random.below(256)));
            change([&](Mutation& mutation) { array().set(mutation, changed, std::as_bytes(std::span{element})); });
            const std::size_t first = random.below(101);
            const std::size_t count = random.below(101 - first);
            bytes_.clear();
            ASSERT_EQ(reader().elements(first, count, bytes_).reading, Reading::found) << random.seed_text();
            ASSERT_EQ(bytes_, written(first, count)) << random.seed_text();
        }
        bytes_.clear();
        ASSERT_EQ(reader().copy(bytes_).reading, Reading::found);
        ASSERT_EQ(bytes_, written(0, 100));
        change([&](Mutation& mutation) { array().clear(mutation); });
        reap_all();
    }
}

TEST_F(ATypedArrayReader, HasNoElementsOutsideOfTheArray) {
    make('q', 3);
    EXPECT_EQ(reader().elements(3, 0, bytes_).reading, Reading::found);
    EXPECT_EQ(reader().elements(3, 1, bytes_).reading, Reading::missing);
    EXPECT_EQ(reader().elements(2, 2, bytes_).reading, Reading::missing);
    EXPECT_EQ(reader().elements(SIZE_MAX, 1, bytes_).reading, Reading::missing);
    EXPECT_EQ(reader().elements(1, SIZE_MAX, bytes_).reading, Reading::missing);
    EXPECT_EQ(bytes_, "");
}

TEST_F(ATypedArrayReader, CopiesAnArrayWithoutElements) {
    make('d', 0);
    EXPECT_EQ(reader().copy(bytes_).reading, Reading::found);
    EXPECT_EQ(bytes_, "");
}

TEST_F(ATypedArrayReader, LeavesALargeArrayToTheDaemon) {
    make('q', 10);
    EXPECT_EQ(reader().copy(bytes_, 80).reading, Reading::found);
    EXPECT_EQ(reader().copy(bytes_, 79).reading, Reading::undecided);
}

}  // namespace
}  // namespace steward::shared
