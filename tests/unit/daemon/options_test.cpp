#include "daemon/options.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/configuration_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/text_file.hpp"

namespace steward::daemon {
namespace {

ParsedOptions parsed(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "stewardd");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto options = parse_options(static_cast<int>(arguments.size()), arguments.data());
    testing::internal::GetCapturedStdout();
    testing::internal::GetCapturedStderr();
    return options;
}

std::string printed(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "stewardd");
    testing::internal::CaptureStdout();
    parse_options(static_cast<int>(arguments.size()), arguments.data());
    return testing::internal::GetCapturedStdout();
}

TEST(TheOptions, HaveDefaults) {
    const auto options = parsed({"--socket", "/tmp/s"}).options.value();
    EXPECT_EQ(options.socket, "/tmp/s");
    EXPECT_EQ(options.instance, "default");
    EXPECT_GT(options.memory_limit_bytes, 0U);
    EXPECT_EQ(options.max_frame_bytes, std::size_t{16} << 20);
    EXPECT_EQ(options.handshake_timeout, std::chrono::seconds(30));
    EXPECT_EQ(options.max_handshakes, 64U);
    EXPECT_EQ(options.frame_timeout, std::chrono::seconds(10));
    EXPECT_EQ(options.log_level, "info");
    EXPECT_EQ(options.log_format, LogFormat::text);
    EXPECT_FALSE(options.forget);
    EXPECT_FALSE(options.private_daemon);
    EXPECT_EQ(options.memory_record(), "/tmp/s.default.memory");
}

TEST(TheOptions, AreReadFromTheCommandLine) {
    const auto options = parsed({"--socket=/tmp/s",
                                 "--instance",
                                 "blue",
                                 "--memory-limit",
                                 "64mb",
                                 "--max-frame",
                                 "4096",
                                 "--max-connections",
                                 "10",
                                 "--max-queued-replies",
                                 "2mb",
                                 "--grace",
                                 "2s",
                                 "--handshake-timeout",
                                 "200ms",
                                 "--max-handshakes",
                                 "3",
                                 "--frame-timeout=5s",
                                 "--log-level",
                                 "debug",
                                 "--log-format",
                                 "json",
                                 "--forget",
                                 "--private",
                                 "--owner-fd",
                                 "7",
                                 "--ready-fd",
                                 "8"})
                             .options.value();
    EXPECT_EQ(options.memory_record(), "/tmp/s.blue.memory");
    EXPECT_EQ(options.memory_limit_bytes, std::uint64_t{64} << 20);
    EXPECT_EQ(options.max_frame_bytes, 4096U);
    EXPECT_EQ(options.max_connections, 10U);
    EXPECT_EQ(options.max_queued_reply_bytes, std::size_t{2} << 20);
    EXPECT_EQ(options.handshake_timeout, std::chrono::milliseconds(200));
    EXPECT_EQ(options.max_handshakes, 3U);
    EXPECT_EQ(options.frame_timeout, std::chrono::seconds(5));
    EXPECT_EQ(options.grace, std::chrono::seconds(2));
    EXPECT_EQ(options.log_level, "debug");
    EXPECT_EQ(options.log_format, LogFormat::json);
    EXPECT_TRUE(options.forget);
    EXPECT_TRUE(options.private_daemon);
    EXPECT_EQ(options.owner_fd, 7);
    EXPECT_EQ(options.ready_fd, 8);
}

TEST(TheOptions, AreReadFromAConfigurationFile) {
    const tests::TemporaryFolder folder;
    const auto file = (folder.path() / "stewardd.conf").string();
    tests::write_text(file, "socket = /tmp/from-file\nmemory-limit = 32mb\nlog-format = json\n");
    const auto options = parsed({"--config", file.c_str()}).options.value();
    EXPECT_EQ(options.socket, "/tmp/from-file");
    EXPECT_EQ(options.memory_limit_bytes, std::uint64_t{32} << 20);
    EXPECT_EQ(options.log_format, LogFormat::json);
}

TEST(TheOptions, OfTheCommandLineComeBeforeThoseOfTheFile) {
    const tests::TemporaryFolder folder;
    const auto file = (folder.path() / "stewardd.conf").string();
    tests::write_text(file, "instance = file\nlog-level = warn\n");
    const auto options = parsed({"--config", file.c_str(), "--instance", "line"}).options.value();
    EXPECT_EQ(options.instance, "line");
    EXPECT_EQ(options.log_level, "warn");
}

TEST(TheOptions, AreRefusedAsWrongUsage) {
    EXPECT_EQ(parsed({"--no-such-option"}).exit_code, 64);
    EXPECT_EQ(parsed({"--max-frame", "7"}).exit_code, 64);
    EXPECT_EQ(parsed({"--max-connections", "0"}).exit_code, 64);
    EXPECT_EQ(parsed({"--memory-limit", "much"}).exit_code, 64);
    for (const char* size : {"-5", "+5mb", "0", "1kb", "99999999999999999999", "", "mb", "999999999999999tb"})
        EXPECT_EQ(parsed({"--memory-limit", size}).exit_code, 64) << size;
    EXPECT_EQ(parsed({"--max-queued-replies", "-1"}).exit_code, 64);
    EXPECT_EQ(parsed({"--max-connections", "99999999999999999999"}).exit_code, 64);
    EXPECT_EQ(parsed({"--frame-timeout", "5"}).exit_code, 64) << "of which unit?";
    EXPECT_EQ(parsed({"--handshake-timeout", "0s"}).exit_code, 64);
    EXPECT_EQ(parsed({"--log-level", "loud"}).exit_code, 64);
    EXPECT_EQ(parsed({"--instance", "a/b"}).exit_code, 64);
    EXPECT_EQ(parsed({"--instance", ""}).exit_code, 64);
}

TEST(TheOptions, AreRefusedAsWrongConfiguration) {
    const tests::TemporaryFolder folder;
    const auto missing = (folder.path() / "missing").string();
    EXPECT_EQ(parsed({"--config", missing.c_str()}).exit_code, 78);
    const auto file = (folder.path() / "stewardd.conf").string();
    tests::write_text(file, "no-such-option = 1\n");
    EXPECT_EQ(parsed({"--config", file.c_str()}).exit_code, 78);
    tests::write_text(file, "max-frame = 7\n");
    EXPECT_EQ(parsed({"--config", file.c_str()}).exit_code, 78);
}

/// What is printed where they are refused.
std::string printed_refusal(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "stewardd");
    testing::internal::CaptureStderr();
    parse_options(static_cast<int>(arguments.size()), arguments.data());
    return testing::internal::GetCapturedStderr();
}

TEST(TheOptions, TellFileAndLineOfWhatIsWrong) {
    const tests::TemporaryFolder folder;
    const auto file = (folder.path() / "stewardd.conf").string();
    const auto complaint = [&](const std::string& text) {
        tests::write_text(file, text);
        return printed_refusal({"--config", file.c_str()});
    };
    EXPECT_NE(complaint("# fine\nmax-frame = 7\n").find(file + ":2: --max-frame"), std::string::npos);
    EXPECT_NE(complaint("colour = red\n").find(file + ":1: there is no option colour"), std::string::npos);
    EXPECT_NE(complaint("\n\nforget = true\n").find(":3: forget is for the command line alone"), std::string::npos);
    EXPECT_NE(complaint("instance = a/b\n").find(":1: --instance"), std::string::npos);
    EXPECT_NE(complaint("max-connections\n").find(":1: a line is"), std::string::npos);
}

TEST(TheOptions, AreRefusedInTheFileAlsoWhereTheCommandLineSaysThem) {
    const tests::TemporaryFolder folder;
    const auto file = (folder.path() / "stewardd.conf").string();
    tests::write_text(file, "max-frame = 7\n");
    EXPECT_EQ(parsed({"--config", file.c_str(), "--max-frame", "4096"}).exit_code, 78);
    EXPECT_EQ(parsed({"--config", file.c_str(), "--max-frame", "8"}).exit_code, 64);
}

TEST(TheOptions, AreReadAgainFromTheFile) {
    const tests::TemporaryFolder folder;
    const auto file = (folder.path() / "stewardd.conf").string();
    tests::write_text(file, "log-level = warn\nmax-connections = 5\n");
    auto running = parsed({"--config", file.c_str(), "--instance", "line"}).options.value();
    tests::write_text(file, "log-level = debug\nmax-frame = 1mb\nsocket = /tmp/elsewhere\n");
    const auto fresh = read_again(running);
    const auto changes = changes_between(running, fresh);
    EXPECT_EQ(changes.taken, (std::vector<std::string>{"max-frame", "max-connections", "log-level"}));
    EXPECT_EQ(changes.left_over, std::vector<std::string>{"socket"});
    const auto socket = running.socket;
    take_over(running, fresh);
    EXPECT_EQ(running.log_level, "debug");
    EXPECT_EQ(running.max_connections, Options().max_connections) << "as by default, no longer said";
    EXPECT_EQ(running.socket, socket);
    EXPECT_EQ(running.instance, "line");
    tests::write_text(file, "log-level = loud\n");
    EXPECT_THROW(read_again(running), ConfigurationError);
}

TEST(TheOptions, ShowHelpAndVersionAndEnd) {
    EXPECT_EQ(parsed({"--help"}).exit_code, 0);
    EXPECT_FALSE(parsed({"--help"}).options);
    EXPECT_EQ(parsed({"--version"}).exit_code, 0);
    EXPECT_NE(printed({"--version"}).find(STEWARD_VERSION), std::string::npos);
}

TEST(TheHelp, NamesEveryOptionOfTheDaemon) {
    const auto help = printed({"--help"});
    for (const std::string option : {"--socket",
                                     "--instance",
                                     "--memory-limit",
                                     "--max-frame",
                                     "--max-connections",
                                     "--max-queued-replies",
                                     "--handshake-timeout",
                                     "--max-handshakes",
                                     "--frame-timeout",
                                     "--grace",
                                     "--log-level",
                                     "--log-format",
                                     "--config",
                                     "--check-config",
                                     "--state-dir",
                                     "--forget",
                                     "--private",
                                     "--owner-fd",
                                     "--ready-fd",
                                     "--version"})
        EXPECT_NE(help.find(option), std::string::npos) << option;
}

}  // namespace
}  // namespace steward::daemon
