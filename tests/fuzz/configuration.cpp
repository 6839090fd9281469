// Any bytes as a configuration file: they are refused with file and line, or are entries.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/configuration_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    try {
        for (const auto& entry : steward::daemon::parse_configuration(text, "file"))
            if (entry.name.empty() || entry.line == 0)
                std::abort();
    } catch (const steward::daemon::ConfigurationError& error) {
        if (!std::string_view(error.what()).starts_with("file:"))
            std::abort();
    }
    return 0;
}
