#include "shared/dict_reader.hpp"

#include <array>
#include <cstdint>

#include "proto/reference.hpp"
#include "shared/dict.hpp"
#include "tests/support/packed_values.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

using tests::pack;
using tests::pack_array;

class ADictReader : public ReaderTest {
  protected:
    Dict dict() { return {*heap_, object_->state_as<DictState>()}; }
    DictReader reader() { return DictReader{seen()}; }
    void set(const std::string& key, const std::string& value) {
        change([&](Mutation& mutation) { dict().set(mutation, key, value); });
    }
    std::vector<std::string> written() {
        std::vector<std::string> pairs;
        for (auto entry = dict().first(); entry; entry = dict().next(*entry)) {
            pairs.emplace_back(entry->key);
            pairs.emplace_back(entry->value);
        }
        return pairs;
    }
    void change_at_random(SeededRandom& random, const std::string& key) {
        if (random.below(3) == 0)
            change([&](Mutation& mutation) { dict().erase(mutation, key); });
        else if (random.below(5000) == 0)
            change([&](Mutation& mutation) { dict().clear(mutation); });
        else
            set(key, packed_string(random.text(random.below(20) == 0 ? 4000 : 60)));
        reap_all();
    }
    void expect_same(const std::string& key, const std::string& seed) {
        bytes_.clear();
        const auto written_entry = dict().find(key);
        const auto read = reader().find(key, bytes_);
        ASSERT_EQ(read.reading, written_entry ? Reading::found : Reading::missing) << seed;
        ASSERT_EQ(reader().contains(key), read.reading) << seed;
        if (written_entry) {
            ASSERT_EQ(bytes_, written_entry->value) << seed;
            ASSERT_EQ(read.value, written_entry->version) << seed;
        }
        std::array<std::uint64_t, 16> room;
        const auto small = reader().find(key, room);
        ASSERT_TRUE(small.reading == read.reading ||
                    (small.reading == Reading::undecided && bytes_.size() + 8 > sizeof room))
            << seed;
        ASSERT_TRUE(small.reading != Reading::found || small.value == bytes_) << seed;
    }
};

TEST_F(ADictReader, FindsNothingInAnEmptyDict) {
    EXPECT_EQ(reader().size().value, 0U);
    EXPECT_EQ(reader().find(pack("key"), bytes_).reading, Reading::missing);
    EXPECT_EQ(reader().contains(pack("key")), Reading::missing);
    EXPECT_EQ(reader().copy(bytes_).reading, Reading::found);
    EXPECT_EQ(bytes_, "");
}

TEST_F(ADictReader, ReadsWhatTheWriterReads) {
    SeededRandom random;
    for (int round = 0; round < 10'000; ++round) {
        change_at_random(random, packed_string("key " + std::to_string(random.below(3000))));
        expect_same(packed_string("key " + std::to_string(random.below(3000))), random.seed_text());
        ASSERT_EQ(reader().size().value, dict().size());
    }
}

TEST_F(ADictReader, FindsKeysThatPythonHoldsEqual) {
    set(pack(1), pack("one"));
    set(pack_array({pack(2), pack("x")}), pack("pair"));
    set(pack("text"), pack("string"));
    const std::vector<std::string> keys{pack(1.0), pack(true), pack_array({pack(2.0), pack("x")}),
                                        std::string("\xd9\x04text", 6)};
    for (const std::string& key : keys) {
        EXPECT_EQ(reader().find(key, bytes_).reading, Reading::found);
        EXPECT_EQ(reader().contains(key), Reading::found);
    }
    EXPECT_EQ(values_in(bytes_), (std::vector{pack("one"), pack("one"), pack("pair"), pack("string")}));
    EXPECT_EQ(reader().contains(pack(2)), Reading::missing);
}

TEST_F(ADictReader, FindsLongKeysByTheirBytes) {
    const std::string key = packed_string(std::string(5000, 'k'));
    set(key, pack(1));
    EXPECT_EQ(reader().find(key, bytes_).reading, Reading::found);
    const std::string in_another_encoding = std::string("\xdb\x00\x00\x13\x88", 5) + std::string(5000, 'k');
    EXPECT_EQ(reader().find(in_another_encoding, bytes_).reading, Reading::undecided);
}

TEST_F(ADictReader, CopiesAllPairsInTheirOrder) {
    SeededRandom random;
    for (int round = 0; round < 300; ++round) {
        change_at_random(random, packed_string(random.text(2)));
        bytes_.clear();
        const auto copied = reader().copy(bytes_);
        ASSERT_EQ(copied.reading, Reading::found) << random.seed_text();
        ASSERT_EQ(copied.value, dict().size()) << random.seed_text();
        ASSERT_EQ(values_in(bytes_), written()) << random.seed_text();
    }
}

TEST_F(ADictReader, LeavesALargeCopyToTheDaemon) {
    set(pack("key"), pack("value"));
    EXPECT_EQ(reader().copy(bytes_, 9).reading, Reading::undecided);
    EXPECT_EQ(bytes_, "");
    EXPECT_EQ(reader().copy(bytes_, 10).reading, Reading::found);
}

TEST_F(ADictReader, LeavesReferencesToTheDaemon) {
    const std::string reference = std::string{proto::reference_head} + std::string(9, '\x04');
    set(pack("plain"), pack(1));
    set(pack("referring"), reference);
    set(reference, pack(2));
    EXPECT_EQ(reader().find(pack("plain"), bytes_).reading, Reading::found);
    EXPECT_EQ(reader().find(pack("referring"), bytes_).reading, Reading::undecided);
    EXPECT_EQ(reader().find(reference, bytes_).reading, Reading::undecided);
    EXPECT_EQ(reader().copy(bytes_).reading, Reading::undecided);
    EXPECT_EQ(bytes_, pack(1));
}

TEST_F(ADictReader, TellsWhetherAKeyIsThereThoughItRefers) {
    const std::string reference = std::string{proto::reference_head} + std::string(9, '\x04');
    set(reference, pack(nullptr));
    EXPECT_EQ(reader().contains(reference), Reading::found);
}

}  // namespace
}  // namespace steward::shared
