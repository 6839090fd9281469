#include "daemon/logging.hpp"

#include <memory>
#include <string>

#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
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

}  // namespace

void set_up_logging(const Options& options) {
    auto logger = std::make_shared<spdlog::logger>("stewardd", std::make_shared<spdlog::sinks::stderr_sink_st>());
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    if (options.log_format == LogFormat::json)
        formatter->add_flag<JsonMessage>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%*"})");
    else
        formatter->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    logger->set_formatter(std::move(formatter));
    logger->set_level(spdlog::level::from_str(options.log_level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace steward::daemon
