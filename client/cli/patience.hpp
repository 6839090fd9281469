#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <CLI/App.hpp>

namespace steward::cli {

/// How long to wait; no value: for ever.
using Patience = std::optional<std::chrono::nanoseconds>;

/// The option `--timeout SECONDS`.
class PatienceOption {
  public:
    /// The option refers to this object from then on.
    void add_to(CLI::App& arguments);

    Patience patience() const;

  private:
    std::optional<double> seconds_;
};

/// The field `timeout_ns` of a request that may wait.
std::optional<std::int64_t> to_wire(Patience patience);

/// "2s", for messages.
std::string patience_text(Patience patience);

}  // namespace steward::cli
