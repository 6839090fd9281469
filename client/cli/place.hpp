#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <steward/any.hpp>

#include "client/cli/failure.hpp"
#include "proto/object.hpp"

namespace steward::cli {

/// Where in a container: KEY of a dict or namespace or INDEX of a list, as it stands on the command line. Which of them
/// it is says the type of the object.
class Place {
  public:
    /// The optional argument KEY|INDEX and the option `--string`, which refer to this object from then on. What is
    /// meant without it the help says.
    void add_to(CLI::App& arguments, const std::string& by_default);

    /// `--string` alone, for a command that gives the text by set_text().
    void add_string_option_to(CLI::App& arguments);
    void set_text(std::string text) { text_ = std::move(text); }

    bool given() const { return text_.has_value(); }

    // What follows is for a place that is given.

    const std::string& text() const { return *text_; }

    Any key() const;

    /// As a position; negative counts from the end. Throws Failure(usage) where it is no number.
    std::int64_t index() const;

  private:
    std::optional<std::string> text_;
    bool always_string_ = false;
};

/// Failures of commands that look into containers.
Failure no_such_key(const proto::ObjectInfo& dict, const Place& place);
Failure place_missing(const proto::ObjectInfo& container);
Failure place_refused(const proto::ObjectInfo& value);
Failure only_pushed_and_popped(const proto::ObjectInfo& set);
Failure attribute_missing(const proto::ObjectInfo& attributes);
Failure nothing_to_pop(const proto::ObjectInfo& object);
Failure holds_no_values(const proto::ObjectInfo& object);

}  // namespace steward::cli
