#include "client/cli/error_report.hpp"

#include <array>
#include <string_view>

namespace steward::cli {
namespace {

struct Meaning {
    errc code;
    ExitStatus status;
    std::string_view advice;
};

/// The codes that have an exit code or an advice of their own.
constexpr std::array meanings{
    Meaning{errc::not_connected, ExitStatus::no_daemon,
            "start stewardd, or name its socket by --socket; `steward doctor` looks for the reason"},
    Meaning{errc::shutting_down, ExitStatus::no_daemon, "try again when it has been started anew"},
    Meaning{errc::no_such_object, ExitStatus::not_found, "`steward ls` shows those that there are"},
    Meaning{errc::no_such_key, ExitStatus::not_found, ""},
    Meaning{errc::index_out_of_range, ExitStatus::not_found, ""},
    Meaning{errc::no_such_value, ExitStatus::not_found, ""},
    Meaning{errc::empty, ExitStatus::not_found, ""},
    Meaning{errc::session_lost, ExitStatus::lock_lost, ""},
    Meaning{errc::no_permission, ExitStatus::no_permission, "`steward show` tells owner and mode"},
    Meaning{errc::deadlock, ExitStatus::deadlock,
            "take what is needed at once, by `steward run --all`, or always in the same order"},
    Meaning{errc::busy, ExitStatus::refused, "try again later"},
};

Meaning meaning_of(const Error& error) {
    for (const auto& meaning : meanings)
        if (error.code() == meaning.code)
            return meaning;
    return {errc::internal_error, ExitStatus::refused, ""};
}

}  // namespace

ErrorReport report(const Error& error) {
    const auto meaning = meaning_of(error);
    auto sentence = error.detail().empty() ? error.code().message() : error.detail();
    if (error.code() == errc::not_connected)
        sentence.insert(0, "no daemon answers: ");
    if (!meaning.advice.empty())
        sentence.append("; ").append(meaning.advice);
    return {meaning.status, sentence};
}

}  // namespace steward::cli
