#pragma once

#include <string>

#include <steward/error.hpp>

#include "client/cli/exit_status.hpp"

namespace steward::cli {

/// What an error of the daemon or of the way to it means to the caller of `steward`.
struct ErrorReport {
    ExitStatus status;
    std::string sentence;  ///< what happened, to what, and what to do
};

ErrorReport report(const Error& error);

}  // namespace steward::cli
