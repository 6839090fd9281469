#pragma once

#include <string>
#include <utility>
#include <vector>

#include <steward/any.hpp>

#include "client/cli/command_line.hpp"
#include "client/cli/daemon.hpp"
#include "client/cli/json.hpp"
#include "client/cli/table.hpp"

namespace steward::cli {

/// What a command works with: the daemon, and the way to print.
class Context {
  public:
    Context(GlobalOptions options, std::vector<std::string> program)
        : options_(std::move(options)), program_(std::move(program)), daemon_(options_.socket) {}

    Daemon& daemon() { return daemon_; }
    /// As it was given: empty, where the client library is to look.
    const std::string& socket_option() const { return options_.socket; }
    bool wants_json() const { return options_.json; }
    const std::vector<std::string>& program() const { return program_; }

    /// A listing: lines, or an array.
    void print_listing(const Table& table) const;

    /// The only row of a table: its columns one below the other, or an object.
    void print_record(const Table& table) const;

    /// What stands for itself, where JSON was asked for.
    void print_json(const Json& document) const;

    /// A value of an object, which is JSON whether that was asked for or not.
    void print_value(const Any& value) const;

  private:
    GlobalOptions options_;
    std::vector<std::string> program_;
    Daemon daemon_;
};

}  // namespace steward::cli
