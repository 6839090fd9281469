#include "daemon/domain_record.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/text_file.hpp"

namespace steward::daemon {
namespace {

class ADomainRecord : public testing::Test {
  protected:
    std::filesystem::path path() const { return folder_.path() / "steward.sock.default.memory"; }

    /// Whether a record with this text is refused.
    bool refuses(const std::string& text) const {
        tests::write_text(path(), text);
        std::filesystem::permissions(path(), std::filesystem::perms(0600));
        try {
            read_domain_record(path());
        } catch (const shared::DomainError& error) {
            return error.fault() == shared::DomainFault::damaged;
        }
        return false;
    }

  private:
    tests::TemporaryFolder folder_;
};

TEST_F(ADomainRecord, IsReadAsItWasWritten) {
    write_domain_record(path(), {{.uid = 0, .files = {.heap = "h0", .words = "w0"}},
                                 {.uid = 1001, .files = {.heap = "h1", .words = "w1"}, .leftover = "old"}});
    const auto domains = read_domain_record(path());
    ASSERT_EQ(domains.size(), 2U);
    EXPECT_EQ(domains[0].uid, 0U);
    EXPECT_EQ(domains[1].uid, 1001U);
    EXPECT_EQ(domains[1].files.heap, "h1");
    EXPECT_EQ(domains[1].files.words, "w1");
    EXPECT_EQ(domains[0].leftover, "");
    EXPECT_EQ(domains[1].leftover, "old");
}

TEST_F(ADomainRecord, IsReplacedAsAWhole) {
    write_domain_record(path(), {{.uid = 1, .files = {.heap = "h", .words = "w"}}});
    write_domain_record(path(), {});
    EXPECT_TRUE(read_domain_record(path()).empty());
    EXPECT_FALSE(std::filesystem::exists(path().string() + ".new"));
}

TEST_F(ADomainRecord, IsEmptyWhereThereIsNone) {
    EXPECT_TRUE(read_domain_record(path()).empty());
}

TEST_F(ADomainRecord, IsEmptyWhereItIsOfAnotherBoot) {
    EXPECT_FALSE(refuses("steward-memory 2 another-boot\n0 h w\n"));
    EXPECT_TRUE(read_domain_record(path()).empty());
}

TEST_F(ADomainRecord, IsReadInTheVersionThatDoesNotSayTheBoot) {
    EXPECT_FALSE(refuses("steward-memory 1\n0 h w\n"));
    EXPECT_EQ(read_domain_record(path()).size(), 1U);
}

TEST_F(ADomainRecord, IsForItsOwnerOnly) {
    write_domain_record(path(), {});
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(ADomainRecord, IsRefusedInAFormatThatItDoesNotKnow) {
    EXPECT_TRUE(refuses(""));
    EXPECT_TRUE(refuses("steward-memory 3\n"));
    EXPECT_TRUE(refuses("steward-memory 1\nnobody heap words\n"));
    EXPECT_TRUE(refuses("steward-memory 1\n1000 heap\n"));
    EXPECT_FALSE(refuses("steward-memory 1\n1000 heap words\n"));
}

TEST_F(ADomainRecord, IsRefusedWhereItLeadsOutOfTheFolder) {
    EXPECT_TRUE(refuses("steward-memory 1\n1000 ../etc/passwd words\n"));
    EXPECT_TRUE(refuses("steward-memory 1\n1000 heap /etc/passwd\n"));
    EXPECT_TRUE(refuses("steward-memory 1\n1000 heap words ../leftover\n"));
}

TEST_F(ADomainRecord, IsRefusedWhereOthersCanWriteIt) {
    write_domain_record(path(), {});
    std::filesystem::permissions(path(), std::filesystem::perms(0666));
    EXPECT_THROW(read_domain_record(path()), shared::DomainError);
}

TEST_F(ADomainRecord, IsNotFollowedWhereItIsALink) {
    tests::write_text(path().string() + ".elsewhere", "steward-memory 1\n");
    std::filesystem::create_symlink(path().string() + ".elsewhere", path());
    EXPECT_THROW(read_domain_record(path()), std::system_error);
}

}  // namespace
}  // namespace steward::daemon
