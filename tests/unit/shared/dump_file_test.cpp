#include "shared/dump_file.hpp"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "proto/dump.hpp"
#include "tests/support/packed_values.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/text_file.hpp"

namespace steward::shared::dump_file_test {
namespace {

namespace dump = proto::dump;
using testing::ElementsAre;
using testing::HasSubstr;

std::string object(std::uint64_t id, std::string_view name) {
    return dump::packed_record(dump::Object{.id = id, .type = proto::ObjectType::list, .name = name});
}

std::string values(std::uint64_t id, const std::string& value) {
    return dump::packed_record(dump::Values{.object = id, .first = 0, .values = {{value}}});
}

class ADumpFile : public testing::Test {
  protected:
    void write(const std::vector<std::string>& records) {
        DumpWriter writer(path_, {.daemon_version = "1", .instance = "test", .boot = "b", .written_ns = 7});
        for (const auto& record : records)
            writer.add(record);
        writer.commit();
    }

    std::vector<std::string> read() {
        DumpReader reader(path_);
        std::vector<std::string> records;
        while (const auto record = reader.next())
            records.emplace_back(record->bytes);
        return records;
    }

    /// Why the file is refused; empty where it is not.
    std::string complaint() {
        try {
            DumpReader(path_).check();
            return {};
        } catch (const DumpError& error) {
            return error.what();
        }
    }

    std::vector<std::string> files() {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
            names.push_back(entry.path().filename());
        return names;
    }

    tests::TemporaryFolder folder_;
    std::filesystem::path path_ = folder_.path() / "dump";
    std::vector<std::string> records_{object(1, "a"), values(1, tests::pack("first")), object(2, "b"),
                                      values(2, tests::pack(17))};
};

TEST_F(ADumpFile, GivesBackItsHeaderAndItsRecordsInOrder) {
    write(records_);
    EXPECT_EQ(read(), records_);
    const DumpReader reader(path_);
    EXPECT_EQ(reader.header().instance, "test");
    EXPECT_EQ(reader.header().written_ns, 7);
}

TEST_F(ADumpFile, IsReadAgainFromItsBeginning) {
    write(records_);
    DumpReader reader(path_);
    EXPECT_EQ(reader.check(), 2U);
    EXPECT_FALSE(reader.next());
    reader.rewind();
    EXPECT_EQ(reader.next().value().bytes, records_.front());
}

TEST_F(ADumpFile, ForgetsAnObjectThatIsBegunAgain) {
    write({object(1, "a"), object(2, "old"), values(2, tests::pack(1)), dump::packed_record(dump::Forget{.object = 2}),
           object(2, "new"), values(2, tests::pack(2))});
    EXPECT_THAT(read(), ElementsAre(object(1, "a"), object(2, "new"), values(2, tests::pack(2))));
}

TEST_F(ADumpFile, HoldsRecordsThatAreLargerThanWhatIsReadAtOnce) {
    const std::vector large{object(1, "a"), values(1, tests::pack(std::string(300'000, 'x')))};
    write(large);
    EXPECT_EQ(read(), large);
}

TEST_F(ADumpFile, BelongsToItsOwnerAlone) {
    write(records_);
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ADumpFile, ReplacesTheOneBeforeAsAWhole) {
    write({object(1, "before")});
    {
        DumpWriter writer(path_, {});
        writer.add(object(2, "unfinished"));
    }
    EXPECT_THAT(read(), ElementsAre(object(1, "before")));
    EXPECT_THAT(files(), ElementsAre("dump")) << "nothing is left of what was not finished";
    write(records_);
    EXPECT_EQ(read(), records_);
}

TEST_F(ADumpFile, IsNotPutInThePlaceOfWhatIsNoFile) {
    std::filesystem::create_directory(path_);
    EXPECT_THROW(write(records_), std::system_error);
    EXPECT_THROW(DumpWriter("/dev/null", {}), std::system_error);
}

TEST_F(ADumpFile, IsRefusedWithAnyOneBitFlipped) {
    write(records_);
    const auto whole = tests::text_of(path_);
    constexpr std::size_t next = tests::is_sanitized ? 7 : 1;  // no multiple of a byte
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += next) {
        auto flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        tests::write_text(path_, flipped);
        ASSERT_NE(complaint(), "") << "bit " << bit;
    }
}

TEST_F(ADumpFile, IsRefusedWhereverItIsCut) {
    write(records_);
    const auto whole = tests::text_of(path_);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        tests::write_text(path_, whole.substr(0, size));
        ASSERT_NE(complaint(), "") << "at byte " << size;
    }
}

TEST_F(ADumpFile, IsRefusedWithMoreBehindItsEnd) {
    write(records_);
    const auto whole = tests::text_of(path_);
    for (const auto* more : {"\x01", "\x92", "garbage"}) {
        tests::write_text(path_, whole + more);
        EXPECT_THAT(complaint(), HasSubstr("behind its end"));
    }
}

TEST_F(ADumpFile, IsRefusedWithRecordsInAnotherOrder) {
    write(records_);
    auto swapped = records_;
    std::swap(swapped[0], swapped[2]);
    const auto other = folder_.path() / "other";
    DumpWriter writer(other, {});
    for (const auto& record : swapped)
        writer.add(record);
    writer.commit();
    EXPECT_EQ(DumpReader(other).check(), 2U);  // as it was written
    auto bytes = tests::text_of(path_);
    const auto first = bytes.find(records_[0]);
    const auto second = bytes.find(records_[2]);
    bytes.replace(first, records_[0].size(), records_[2]);
    bytes.replace(second, records_[2].size(), records_[0]);
    tests::write_text(path_, bytes);
    EXPECT_THAT(complaint(), HasSubstr("checksum"));
}

TEST_F(ADumpFile, IsRefusedInAnotherVersionOfTheFormat) {
    { DumpWriter(path_, {.version = 2}).commit(); }
    EXPECT_THAT(complaint(), HasSubstr("version 2"));
}

TEST_F(ADumpFile, IsRefusedWhereItIsSomethingElse) {
    for (const auto* text : {"", "some text\n", "\x92\x01\x02"}) {
        tests::write_text(path_, text);
        EXPECT_THAT(complaint(), HasSubstr(path_.string())) << text;
    }
    EXPECT_THROW(DumpReader(folder_.path() / "missing"), std::system_error);
}

}  // namespace
}  // namespace steward::shared::dump_file_test
