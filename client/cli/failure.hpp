#pragma once

#include <stdexcept>
#include <string>

#include "client/cli/exit_status.hpp"

namespace steward::cli {

/// A command cannot do what it was asked to. `what()` is one line that says what happened, to what, and what to do
/// about it; main prints it after "steward: " and exits with the status.
class Failure : public std::runtime_error {
  public:
    Failure(ExitStatus status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}

    ExitStatus status() const noexcept { return status_; }

  private:
    ExitStatus status_;
};

}  // namespace steward::cli
