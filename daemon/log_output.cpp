#include "daemon/log_output.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace steward::daemon {

// O_NONBLOCK belongs to the open file, which other processes share, so a pipe or terminal is opened once more. Where
// that is not allowed, poll(2) says whether a write of PIPE_BUF bytes would wait; it would only where another process
// comes between.
LogOutput::LogOutput(int descriptor) : descriptor_(descriptor) {
    struct stat about {};
    if (::fstat(descriptor, &about) != 0)
        return;
    is_socket_ = S_ISSOCK(about.st_mode);
    if (!S_ISFIFO(about.st_mode) && !S_ISCHR(about.st_mode))
        return;
    const auto path = "/proc/self/fd/" + std::to_string(descriptor);
    own_ = shared::UniqueFd(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (own_)
        descriptor_ = own_.get();
}

bool LogOutput::put(std::string_view line) noexcept {
    flush();
    const std::size_t kept = kept_bytes_;
    if (line.size() > kept_.size() - kept)
        return false;
    std::memcpy(kept_.data() + kept, line.data(), line.size());
    kept_bytes_ = kept + line.size();
    flush();
    return true;
}

void LogOutput::flush() noexcept {
    std::size_t kept = kept_bytes_;
    std::size_t written = 0;
    while (written < kept) {
        const auto taken = write_some({kept_.data() + written, kept - written});
        if (taken == 0)
            break;
        written += taken;
    }
    if (written == 0)
        return;
    kept -= written;
    std::memmove(kept_.data(), kept_.data() + written, kept);
    kept_bytes_ = kept;
}

std::size_t LogOutput::write_some(std::string_view bytes) const noexcept {
    if (!takes(0))
        return 0;
    const auto size = std::min<std::size_t>(bytes.size(), PIPE_BUF);
    const auto written = is_socket_ ? ::send(descriptor_, bytes.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL)
                                    : ::write(descriptor_, bytes.data(), size);
    if (written >= 0)
        return static_cast<std::size_t>(written);
    // Nobody will ever read it: it counts as written.
    return errno == EAGAIN || errno == EINTR ? 0 : bytes.size();
}

bool LogOutput::takes(int timeout_ms) const noexcept {
    pollfd about{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    return ::poll(&about, 1, timeout_ms) == 1;
}

}  // namespace steward::daemon
