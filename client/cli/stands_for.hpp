#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "client/cli/objects.hpp"

namespace steward::cli {

// What an option or argument stands for, said where it is declared, as in `option->check(names_object({...}))`. It is
// for the completion of command lines, which reads it from the option; refused is only an empty name. What can be one
// of a few words says so by CLI::IsMember, which the completion reads too.

/// The name of an object of one of these types, or of any.
CLI::Validator names_object(Types types = {});

/// Several of them, separated by commas.
CLI::Validator names_objects(Types types);

/// The parts of such a list.
std::vector<std::string> parts_of(const std::string& list);

/// The name of an object that is to be made.
CLI::Validator names_new_object();

/// What names begin with, perhaps a whole one, or nothing.
CLI::Validator begins_names();

/// A path.
CLI::Validator names_file();

}  // namespace steward::cli
