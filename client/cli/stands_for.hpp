#pragma once

#include <CLI/App.hpp>

#include "client/cli/objects.hpp"

namespace steward::cli {

// What an option or argument stands for, said where it is declared, as in `option->check(names_object({...}))`. Nothing
// is refused by it: it is for the completion of command lines, which reads it from the option. What can be one of a few
// words says so by CLI::IsMember, which the completion reads too.

/// The name of an object of one of these types, or of any.
CLI::Validator names_object(Types types = {});

/// A path.
CLI::Validator names_file();

}  // namespace steward::cli
