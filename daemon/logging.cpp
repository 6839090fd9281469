#include "daemon/logging.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <spdlog/details/null_mutex.h>
#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace steward::daemon {
namespace {

/// The message as the content of a JSON string (RFC 8259, section 7).
class JsonMessage final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        constexpr const char* digits = "0123456789abcdef";
        for (const char letter : message.payload) {
            const auto byte = static_cast<unsigned char>(letter);
            if (letter == '"' || letter == '\\')
                out.push_back('\\');
            if (byte >= 0x20) {
                out.push_back(letter);
                continue;
            }
            for (const char part : {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 0xFU]})
                out.push_back(part);
        }
    }

    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JsonMessage>(); }
};

/// The priority of syslog(3), by which the journal files what a service writes (sd-daemon(3)).
class JournalPriority final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        out.push_back(digit_of(message.level));
    }

    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JournalPriority>(); }

  private:
    static char digit_of(spdlog::level::level_enum level) {
        switch (level) {
            case spdlog::level::critical: return '2';
            case spdlog::level::err: return '3';
            case spdlog::level::warn: return '4';
            case spdlog::level::info: return '6';
            default: return '7';
        }
    }
};

/// Not yet told; by no sink, since another may take its place (reload).
std::uint64_t lost_lines = 0;

/// Never waits, and tells how much was lost for it as soon as something is taken again.
class NonBlockingSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    explicit NonBlockingSink(LogOutput& output) : output_(output) {}

    void settle() {
        output_.flush();
        if (lost_lines != 0 && !output_.keeps_some())
            tell_loss();
    }

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (lost_lines != 0)
            settle();
        if (lost_lines != 0 || !put(message))
            ++lost_lines;
    }

    void flush_() override { output_.flush(); }

    bool put(const spdlog::details::log_msg& message) {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        return output_.put({line.data(), line.size()});
    }

    void tell_loss() {
        const auto text = std::to_string(lost_lines) + " lines of the log were lost: nobody read it";
        if (put({"stewardd", spdlog::level::warn, text}))
            lost_lines = 0;
    }

    LogOutput& output_;
};

/// For the whole life of the process: whatever ends it may still log.
LogOutput& standard_error() {
    static auto& output = *new LogOutput(STDERR_FILENO);
    return output;
}

std::weak_ptr<NonBlockingSink> standard_sink;

}  // namespace

bool logs_to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return stream != nullptr && ::fstat(STDERR_FILENO, &status) == 0 &&
           std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == stream;
}

void set_up_logging(const Options& options) {
    const auto sink = std::make_shared<NonBlockingSink>(standard_error());
    standard_sink = sink;
    auto logger = std::make_shared<spdlog::logger>("stewardd", sink);
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    if (options.log_format == LogFormat::json)
        formatter->add_flag<JsonMessage>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})");
    else if (logs_to_journal())  // which knows the time
        formatter->add_flag<JournalPriority>('*').set_pattern("<%*>%l: %v");
    else
        formatter->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    logger->set_formatter(std::move(formatter));
    logger->set_level(spdlog::level::from_str(options.log_level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void settle_log() {
    if (!standard_error().keeps_some() && lost_lines == 0)
        return;
    if (const auto sink = standard_sink.lock())
        sink->settle();
}

LogOutput& log_output() {
    return standard_error();
}

}  // namespace steward::daemon
