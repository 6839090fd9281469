#include "daemon/crash_report.hpp"

#include <execinfo.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "daemon/recent_requests.hpp"
#include "daemon/version.hpp"
#include "shared/unique_fd.hpp"

namespace steward::daemon {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t stack_bytes = 65'536;
constexpr int most_frames = 64;

/// What the handler needs, made while all is well.
struct Reporter {
    LogOutput* output = nullptr;
    bool json = false;
    int scratch = -1;  ///< backtrace_symbols_fd writes to a descriptor and nowhere else
};
constinit Reporter reporter{};
alignas(std::max_align_t) constinit std::array<char, stack_bytes> handler_stack{};

std::string_view name_of(int signal) noexcept {
    switch (signal) {
        case SIGSEGV: return "SIGSEGV";
        case SIGBUS: return "SIGBUS";
        case SIGFPE: return "SIGFPE";
        case SIGILL: return "SIGILL";
        default: return "SIGABRT";
    }
}

/// One line of the report. What has no room in it is cut off.
class ReportLine {
  public:
    ReportLine() { *this << (reporter.json ? R"({"level":"critical","message":")" : "critical: "); }
    ReportLine(const ReportLine&) = delete;
    ReportLine& operator=(const ReportLine&) = delete;

    /// Sends it.
    ~ReportLine() {
        const std::string_view end = reporter.json ? "\"}\n" : "\n";
        size_ = std::min(size_, text_.size() - end.size());
        *this << end;
        constexpr int longest_wait_ms = 1000;
        std::string_view left(text_.data(), size_);
        while (!left.empty() && reporter.output->takes(longest_wait_ms)) {
            const auto written = reporter.output->write_some(left);
            if (written == 0)
                return;
            left.remove_prefix(std::min(written, left.size()));
        }
    }

    ReportLine& operator<<(std::string_view text) noexcept {
        size_ += text.copy(text_.data() + size_, text_.size() - size_);
        return *this;
    }
    ReportLine& operator<<(std::int64_t number) noexcept { return put(number, 10); }
    ReportLine& operator<<(std::uint64_t number) noexcept { return put(number, 10); }
    ReportLine& hexadecimal(std::uint64_t number) noexcept {
        *this << "0x";
        return put(number, 16);
    }
    /// What must not end the string of a JSON object.
    ReportLine& quoted(std::string_view text) noexcept {
        for (const char letter : text)
            *this << (letter == '"' || letter == '\\' || letter < ' ' ? std::string_view("?")
                                                                      : std::string_view(&letter, 1));
        return *this;
    }

  private:
    template <class T>
    ReportLine& put(T number, int base) noexcept {
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), number, base).ptr;
        return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
    }

    std::array<char, 512> text_;  // NOLINT(*-member-init): what is not written is not sent
    std::size_t size_ = 0;
};

void tell_signal(int signal, const siginfo_t& about) {
    ReportLine line;
    line << "stewardd " << version << " has crashed: " << name_of(signal) << " (" << std::int64_t{signal} << ")";
    if (about.si_code > 0)
        line << " at address ", line.hexadecimal(reinterpret_cast<std::uintptr_t>(about.si_addr));
    else
        line << ", sent by pid " << std::int64_t{about.si_pid} << " of uid " << std::int64_t{about.si_uid};
}

/// By way of the file, so that each frame becomes a line as all others.
void tell_stack() {
    std::array<void*, most_frames> frames;  // NOLINT(*-member-init): backtrace fills it
    ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), most_frames), reporter.scratch);
    std::array<char, 256 * most_frames> text;  // NOLINT(*-member-init): pread fills it
    const auto size = ::pread(reporter.scratch, text.data(), text.size(), 0);
    std::string_view left(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!left.empty()) {
        const auto frame = left.substr(0, left.find('\n'));
        (ReportLine() << "  ").quoted(frame);
        left.remove_prefix(std::min(frame.size() + 1, left.size()));
    }
}

void tell_requests() {
    ReportLine() << "the last requests, the newest first:";
    recent_requests.each([](const RecentRequest& request) {
        ReportLine line;
        line << "  " << request.method;
        if (request.object != 0)
            line << " of object " << request.object;
        line << " by session " << std::int64_t{request.session} << " (pid " << std::int64_t{request.pid} << ")";
    });
}

/// The action is the default one again (SA_RESETHAND): what the processor refused is refused once more, and abort()
/// sends its signal again by itself; so only what somebody sent has to be repeated.
void handle_crash(int signal, siginfo_t* about, void* /*context*/) {
    reporter.output->flush();
    tell_signal(signal, *about);
    tell_stack();
    tell_requests();
    if (about->si_code <= 0)
        ::raise(signal);
}

void use_own_stack() {
    const stack_t stack{.ss_sp = handler_stack.data(), .ss_flags = 0, .ss_size = handler_stack.size()};
    if (::sigaltstack(&stack, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "sigaltstack");
}

void handle_unless_handled(int signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL)
        return;
    action.sa_sigaction = handle_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | static_cast<int>(SA_RESETHAND);
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

void report_crashes(LogOutput& output, LogFormat format) {
    shared::UniqueFd scratch(::memfd_create("crash-report", MFD_CLOEXEC));
    if (!scratch)
        throw std::system_error(errno, std::generic_category(), "memfd_create");
    reporter = {.output = &output, .json = format == LogFormat::json, .scratch = scratch.release()};
    std::array<void*, 1> frame{};
    ::backtrace(frame.data(), 1);  // loads the library that it needs, and takes memory for that
    use_own_stack();
    for (const int signal : signals)
        handle_unless_handled(signal);
}

}  // namespace steward::daemon
