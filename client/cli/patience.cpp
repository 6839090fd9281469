#include "client/cli/patience.hpp"

#include <algorithm>

#include "client/cli/display_text.hpp"

namespace steward::cli {
namespace {

constexpr double longest_seconds = 1e9;  // more is the same to everybody, and would not fit nanoseconds

/// Empty where it may be.
std::string refuse_negative(const std::string& text) {
    double seconds = 0;
    const bool good = CLI::detail::lexical_cast(text, seconds) && seconds >= 0;
    return good ? "" : '\'' + text + "' is no number of seconds, 0 or more";
}

}  // namespace

void PatienceOption::add_to(CLI::App& arguments) {
    arguments.add_option("--timeout", seconds_, "seconds to wait at most, 0: do not wait (default: for ever)")
        ->option_text("SECONDS")
        ->check(refuse_negative);
}

Patience PatienceOption::patience() const {
    if (!seconds_)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::nanoseconds>(
        std::chrono::duration<double>(std::min(longest_seconds, *seconds_)));
}

std::optional<std::int64_t> to_wire(Patience patience) {
    if (!patience)
        return std::nullopt;
    return patience->count();
}

std::string patience_text(Patience patience) {
    return patience ? age_text(std::chrono::ceil<std::chrono::milliseconds>(*patience)) : "for ever";
}

}  // namespace steward::cli
