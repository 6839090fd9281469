#include "shared/sequence_reader.hpp"

#include <algorithm>

#include "proto/reference.hpp"
#include "shared/sequence.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

class ASequenceReader : public ReaderTest {
  protected:
    Sequence sequence() { return {*heap_, object_->state_as<SequenceState>()}; }
    SequenceReader reader() { return SequenceReader{seen()}; }
    void push(const std::string& text) {
        change([&](Mutation& mutation) { sequence().push_back(mutation, packed_string(text)); });
    }
    // One of the ways in which a sequence changes, and shapes its ring.
    void change_at_random(SeededRandom& random) {
        const std::string value = packed_string(random.text(40));
        const std::size_t size = sequence().size();
        change([&](Mutation& mutation) {
            switch (random.below(size == 0 ? 4 : 8)) {
                case 0:
                case 1: sequence().push_back(mutation, value); break;
                case 2: sequence().push_front(mutation, value); break;
                case 3: sequence().splice(mutation, size / 2, 0, std::vector<std::string_view>(100, value)); break;
                case 4: sequence().replace(mutation, random.below(size), value); break;
                case 5: sequence().insert(mutation, random.below(size), value); break;
                case 6: sequence().pop_front(mutation); break;
                default: sequence().splice(mutation, size / 3, std::min<std::size_t>(size / 3, 150), {}); break;
            }
        });
        reap_all();
    }
    std::vector<std::string> written() {
        std::vector<std::string> values;
        for (std::size_t index = 0; index < sequence().size(); ++index)
            values.emplace_back(sequence().at(index));
        return values;
    }
};

TEST_F(ASequenceReader, FindsNothingInAnEmptySequence) {
    EXPECT_EQ(reader().size().value, 0U);
    EXPECT_EQ(reader().at(0, bytes_), Reading::missing);
    EXPECT_EQ(reader().at(-1, bytes_), Reading::missing);
    EXPECT_EQ(reader().copy(bytes_).reading, Reading::found);
    EXPECT_EQ(bytes_, "");
}

TEST_F(ASequenceReader, CountsFromBothEnds) {
    for (const auto* text : {"a", "b", "c"})
        push(text);
    for (const std::int64_t index : {0, 2, -1, -3})
        EXPECT_EQ(reader().at(index, bytes_), Reading::found);
    EXPECT_EQ(values_in(bytes_),
              (std::vector{packed_string("a"), packed_string("c"), packed_string("c"), packed_string("a")}));
    for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-4}, INT64_MAX, INT64_MIN})
        EXPECT_EQ(reader().at(index, bytes_), Reading::missing);
}

TEST_F(ASequenceReader, ReadsWhatTheWriterReads) {
    SeededRandom random;
    for (int round = 0; round < 3000; ++round) {
        change_at_random(random);
        const std::size_t size = sequence().size();
        ASSERT_EQ(reader().size().value, size) << random.seed_text();
        bytes_.clear();
        const std::size_t index = random.below(size + 1);
        ASSERT_EQ(reader().at(static_cast<std::int64_t>(index), bytes_),
                  index < size ? Reading::found : Reading::missing)
            << random.seed_text();
        if (index < size) {
            ASSERT_EQ(bytes_, sequence().at(index)) << random.seed_text();
        }
    }
}

TEST_F(ASequenceReader, CopiesWhatTheWriterReads) {
    SeededRandom random;
    for (int round = 0; round < 300; ++round) {
        change_at_random(random);
        bytes_.clear();
        const auto copied = reader().copy(bytes_);
        ASSERT_EQ(copied.reading, Reading::found) << random.seed_text();
        ASSERT_EQ(copied.value, sequence().size()) << random.seed_text();
        ASSERT_EQ(values_in(bytes_), written()) << random.seed_text();
    }
}

TEST_F(ASequenceReader, LeavesALargeCopyToTheDaemon) {
    for (int count = 0; count < 10; ++count)
        push("123456789");
    EXPECT_EQ(reader().copy(bytes_, 99).reading, Reading::undecided);
    EXPECT_EQ(reader().copy(bytes_, 9).reading, Reading::undecided);
    EXPECT_EQ(bytes_, "");
    EXPECT_EQ(reader().copy(bytes_, 100).reading, Reading::found);
}

TEST_F(ASequenceReader, LeavesReferencesToTheDaemon) {
    push("a");
    change([&](Mutation& mutation) {
        sequence().push_back(mutation, std::string{proto::reference_head} + std::string(9, '\x04'));
    });
    EXPECT_EQ(reader().at(0, bytes_), Reading::found);
    EXPECT_EQ(reader().at(1, bytes_), Reading::undecided);
    EXPECT_EQ(reader().copy(bytes_).reading, Reading::undecided);
    EXPECT_EQ(bytes_, packed_string("a"));
}

}  // namespace
}  // namespace steward::shared
