#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace steward::cli {

/// The hidden command that shells ask, with the words behind `steward` up to the one that is being typed, which may be
/// empty.
inline constexpr std::string_view completion_command = "__complete";

/// Prints what may stand for the last of the words, a line each: the word, a tab, what it is. A line that begins with a
/// tab asks the shell for what it knows better: "\tfiles", "\tcommand N" (the N words before the last belong to a
/// command of its own). Objects come from the daemon; without one, or one that does not answer within a second, there
/// are none, and it says nothing.
void complete(std::span<const std::string> words, std::ostream& out);

// How an option says what it stands for; see stands_for.hpp.
inline constexpr std::string_view object_mark = "OBJECT{";
inline constexpr std::string_view list_mark = "LIST,";  ///< before another mark: several of that
inline constexpr char list_delimiter = ',';
inline constexpr std::string_view file_mark = "FILE{}";

}  // namespace steward::cli
