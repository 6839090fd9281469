#include "client/cli/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>

namespace steward::cli {

bool Terminal::is_there() {
    return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
}

Terminal::Terminal() {
    ::tcgetattr(STDIN_FILENO, &before_);
    auto raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    struct sigaction on_resize {};
    on_resize.sa_handler = [](int) {};  // so that poll() returns
    ::sigaction(SIGWINCH, &on_resize, nullptr);
}

Terminal::~Terminal() {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

Terminal::Size Terminal::size() const {
    winsize window{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0)
        return {};
    return {.rows = window.ws_row, .columns = window.ws_col};
}

char Terminal::key_within(std::chrono::milliseconds time) {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    char key = 0;
    if (::poll(&input, 1, static_cast<int>(time.count())) != 1)
        return 0;
    if (::read(STDIN_FILENO, &key, 1) != 1)
        return 'q';  // the terminal is gone
    return key;
}

}  // namespace steward::cli
