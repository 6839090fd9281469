#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/steward_test.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

/// A daemon with --state-dir, and what it finds when it starts again.
class AStateFolder : public testing::Test {
  protected:
    Outcome steward(std::vector<std::string> arguments) { return run_steward(daemon.socket(), std::move(arguments)); }

    std::filesystem::path dump() const { return folder.path() / "default.dump"; }

    /// The machine has been started anew: memory is gone, and the record beside the socket is of another boot.
    void reboot() {
        for (const auto& file : daemon.memory_files())
            std::filesystem::remove(file);
        auto record = text_of(daemon.memory_record());
        const auto end = record.find('\n');
        write_text(daemon.memory_record(), "steward-memory 2 another-boot" + record.substr(end));
    }

    TemporaryFolder folder;
    DaemonProcess daemon{{"--state-dir", folder.path().string()}};
};

TEST_F(AStateFolder, KeepsObjectsOverAReboot) {
    steward({"set", "stats", "hits", "1"});
    StewardProcess holder(daemon.socket(), {"run", "--lock", "deploy", "--", "sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    EXPECT_EQ(daemon.terminate(), 0);
    ASSERT_TRUE(std::filesystem::exists(dump()));
    EXPECT_EQ(std::filesystem::status(dump()).permissions(), std::filesystem::perms(0600));
    reboot();
    daemon.start();
    EXPECT_THAT(daemon.errors(), HasSubstr("2 objects were restored from " + dump().string()));
    EXPECT_EQ(steward({"get", "stats", "hits"}).out, "1\n");
    EXPECT_EQ(steward({"run", "--lock", "deploy", "--timeout", "0", "--", "true"}).exit_code, 0) << "it is free";
}

TEST_F(AStateFolder, ComesBehindMemoryOfTheSameBoot) {
    steward({"set", "a", "1"});
    EXPECT_EQ(daemon.terminate(), 0);
    daemon.start();
    steward({"set", "a", "2"});
    daemon.kill();
    daemon.wait();
    daemon.start();
    EXPECT_EQ(steward({"get", "a"}).out, "2\n") << "the dump says 1";
}

TEST_F(AStateFolder, KeepsTokensGrowing) {
    const auto token = [&] { return steward_json(daemon.socket(), {"show", "lock"}).at("token").get<std::uint64_t>(); };
    steward({"run", "--lock", "lock", "--", "true"});
    const auto before = token();
    steward({"rm", "lock"});
    steward({"set", "another", "1"});
    daemon.terminate();
    reboot();
    daemon.start();
    steward({"run", "--lock", "lock", "--", "true"});
    EXPECT_GT(token(), before) << "of a lock that was removed before the dump";
}

TEST_F(AStateFolder, WithADamagedDumpEndsTheDaemonAndLeavesTheFile) {
    steward({"set", "a", "1"});
    daemon.terminate();
    reboot();
    auto bytes = text_of(dump());
    bytes[bytes.size() / 2] ^= 1;
    write_text(dump(), bytes);
    const auto outcome = run_stewardd({"--socket", daemon.socket(), "--state-dir", folder.path().string()});
    EXPECT_EQ(outcome.exit_code, 78);
    EXPECT_THAT(outcome.errors, HasSubstr(dump().string()));
    EXPECT_EQ(text_of(dump()), bytes);
}

TEST_F(AStateFolder, IsReadAgainWhereADaemonWasKilledInTheMiddleOfThat) {
    steward({"set", "a", "1"});
    daemon.terminate();
    // What a daemon leaves that was killed then: memory with some of the objects, and its mark.
    daemon.start();
    steward({"rm", "a"});
    daemon.kill();
    daemon.wait();
    write_text(folder.path() / "default.restoring", "");
    daemon.start();
    EXPECT_EQ(steward({"get", "a"}).out, "1\n");
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "default.restoring"));
}

TEST_F(AStateFolder, IsForgottenWithTheMemory) {
    steward({"set", "a", "1"});
    daemon.terminate();
    EXPECT_EQ(run_stewardd({"--socket", daemon.socket(), "--state-dir", folder.path().string(), "--forget"}).exit_code,
              0);
    EXPECT_FALSE(std::filesystem::exists(dump()));
}

TEST(AStateFolderThatIsNone, IsRefused) {
    EXPECT_EQ(run_stewardd({"--state-dir", "/nowhere"}).exit_code, 64);
}

}  // namespace
}  // namespace steward::tests
