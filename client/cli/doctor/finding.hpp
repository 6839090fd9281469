#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace steward::cli::doctor {

/// The worst of them decides how `steward doctor` ends.
enum class Verdict : std::uint8_t {
    good,
    unseen,   ///< it cannot be seen from here, and says nothing about the end
    warning,  ///< it works, but not as it should, or not for long
    bad       ///< it does not work
};

std::string_view name_of(Verdict);

/// Of something that has a limit so much is used that it is time to look.
inline constexpr std::uint64_t nearly_all_percent = 90;

/// What has been looked at, what was found there, and what to do about it; nothing where all is well.
struct Finding {
    std::string check;
    Verdict verdict = Verdict::good;
    std::string found;
    std::string advice = {};
};

}  // namespace steward::cli::doctor
