#include "daemon/log_output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>

namespace steward::daemon {
namespace {

/// A pipe or a pair of sockets, of which somebody reads one end when the test says so.
struct Channel {
    shared::UniqueFd read_end;
    shared::UniqueFd write_end;
};

Channel pipe_channel() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    EXPECT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
    return {shared::UniqueFd(ends[0]), shared::UniqueFd(ends[1])};
}

Channel socket_channel() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {shared::UniqueFd(ends[0]), shared::UniqueFd(ends[1])};
}

class ALogOutput : public testing::TestWithParam<Channel (*)()> {
  protected:
    std::string read() const {
        std::string text(1 << 20, '\0');
        const auto flags = ::fcntl(channel_.read_end.get(), F_GETFL);
        ::fcntl(channel_.read_end.get(), F_SETFL, flags | O_NONBLOCK);
        const auto size = ::read(channel_.read_end.get(), text.data(), text.size());
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }
    /// All that it takes; returns how many lines.
    int fill() {
        int lines = 0;
        while (output_->put("a line\n"))
            ++lines;
        return lines;
    }
    std::string read_all() {
        std::string all;
        for (auto part = read(); !part.empty(); part = read()) {
            all += part;
            output_->flush();
        }
        return all;
    }

    Channel channel_ = GetParam()();
    std::unique_ptr<LogOutput> output_ = std::make_unique<LogOutput>(channel_.write_end.get());
};

INSTANTIATE_TEST_SUITE_P(, ALogOutput, testing::Values(&pipe_channel, &socket_channel),
                         [](const auto& channel) { return channel.index == 0 ? "Pipe" : "Socket"; });

TEST_P(ALogOutput, WritesLinesAtOnce) {
    EXPECT_TRUE(output_->put("one\n"));
    EXPECT_FALSE(output_->keeps_some());
    EXPECT_EQ(read(), "one\n");
}

TEST_P(ALogOutput, KeepsWhatNobodyReadsAndRefusesWhatIsMore) {
    const int lines = fill();
    EXPECT_TRUE(output_->keeps_some());
    EXPECT_GE(lines * 7, static_cast<int>(LogOutput::most_kept_bytes) - 7);
    const auto all = read_all();
    EXPECT_EQ(all.size(), static_cast<std::size_t>(lines) * 7) << "no line is lost of those that were taken";
    EXPECT_FALSE(output_->keeps_some());
    EXPECT_TRUE(output_->put("one more\n"));
    EXPECT_EQ(read(), "one more\n");
}

TEST_P(ALogOutput, LeavesTheDescriptorAsItIs) {
    EXPECT_EQ(::fcntl(channel_.write_end.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_P(ALogOutput, GoesOnWhereNobodyCanReadAnyMore) {
    ::signal(SIGPIPE, SIG_IGN);
    channel_.read_end = shared::UniqueFd();
    for (int line = 0; line < 20'000; ++line)
        EXPECT_TRUE(output_->put("a line\n"));
}

TEST(ALogOutputToAFile, Appends) {
    const shared::UniqueFd file(::memfd_create("log", MFD_CLOEXEC));
    LogOutput output(file.get());
    for (int line = 0; line < 20'000; ++line)
        EXPECT_TRUE(output.put("a line\n"));
    EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 7 * 20'000);
}

TEST(ALogOutputToNothing, LosesWhatItGets) {
    LogOutput output(-1);
    output.put("a line\n");
    EXPECT_EQ(output.write_some("a line\n"), 0U);
}

}  // namespace
}  // namespace steward::daemon
