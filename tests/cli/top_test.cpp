#include <steward/steward.hpp>

#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

class StewardTop : public StewardTest {
  protected:
    Manager manager_{{.socket = daemon.socket()}};
};

TEST_F(StewardTop, PrintsTheMostContendedFirstWithoutATerminal) {
    auto quiet = manager_.lock("a quiet one");
    auto busy = manager_.lock("the busy one");
    busy.acquire();
    auto waiting = start({"run", "--lock", "the busy one", "--", "true"});
    ASSERT_TRUE(eventually([&] { return busy.info().waiters.size() == 1; }));
    const auto listing = json({"top", "--json"});
    ASSERT_EQ(listing.size(), 2U);
    EXPECT_EQ(listing[0]["name"], "the busy one");
    EXPECT_EQ(listing[0]["waiting"], 1);
    EXPECT_EQ(listing[1]["name"], "a quiet one");
    const auto text = steward({"top"});
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_THAT(text.out, testing::HasSubstr("the busy one"));
}

/// A program on a terminal of its own.
class OnTerminal {
  public:
    explicit OnTerminal(const std::string& socket) {
        winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
        pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
        if (pid_ < 0)
            throw std::system_error(errno, std::generic_category(), "forkpty");
        if (pid_ == 0) {
            ::execl(STEWARD_PATH, "steward", "--socket", socket.c_str(), "top", nullptr);
            ::_exit(127);
        }
    }
    ~OnTerminal() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::close(terminal_);
    }
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    /// Reads until the text is there; false where the program ends before.
    bool shows(const std::string& text) {
        std::array<char, 4096> bytes{};
        while (seen_.find(text) == std::string::npos) {
            const auto count = ::read(terminal_, bytes.data(), bytes.size());
            if (count <= 0)
                return false;
            seen_.append(bytes.data(), static_cast<std::size_t>(count));
        }
        seen_.clear();
        return true;
    }
    void resize(unsigned short rows, unsigned short columns) const {
        const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
        ::ioctl(terminal_, TIOCSWINSZ, &size);
    }
    void press(char key) const { EXPECT_EQ(::write(terminal_, &key, 1), 1); }
    int exit_code() const {
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
        return info.si_code == CLD_EXITED ? info.si_status : -1;
    }

  private:
    int terminal_ = -1;
    pid_t pid_ = -1;
    std::string seen_;
};

TEST_F(StewardTop, RefreshesOnATerminalSurvivesAResizeAndQuitsOnQ) {
    auto lock = manager_.lock("a lock to look at");
    OnTerminal top(daemon.socket());
    EXPECT_TRUE(top.shows("a lock to look at"));
    top.resize(10, 20);
    EXPECT_TRUE(top.shows("a lock to look"));
    lock.remove();
    auto other = manager_.lock("another");
    EXPECT_TRUE(top.shows("another"));
    top.press('q');
    EXPECT_EQ(top.exit_code(), 0);
}

}  // namespace
}  // namespace steward::tests
