#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "shared/unique_fd.hpp"
#include "tests/bench/child_process.hpp"

namespace steward::bench {

/// Python's multiprocessing.Manager, as manager_peer.py runs and measures it.
class PythonManager {
  public:
    PythonManager() : PythonManager(Pipe::make(), Pipe::make()) {}

    /// Nanoseconds that one of `count` operations takes: "dict_get"; "lock" for acquire and release; "queue" for an
    /// item that another process puts and this one gets.
    double measure(const std::string& operation, std::size_t count);

  private:
    struct Pipe {
        shared::UniqueFd reading;
        shared::UniqueFd writing;

        static Pipe make();
    };

    PythonManager(Pipe orders, Pipe answers);

    std::string read_line();

    shared::UniqueFd orders_;
    shared::UniqueFd answers_;
    ChildProcess process_;
};

}  // namespace steward::bench
