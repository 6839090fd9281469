#pragma once

#include <string>
#include <string_view>

#include "shared/unique_fd.hpp"
#include "tests/bench/child_process.hpp"

namespace steward::bench {

/// The least that a request and its reply can cost: another process sends back what it gets over a Unix stream socket.
/// Both sides block in send and recv and do nothing else.
class Echo {
  public:
    Echo() : Echo(Ends::make()) {}

    void round_trip(std::string_view bytes);

  private:
    struct Ends {
        shared::UniqueFd ours;
        shared::UniqueFd theirs;

        static Ends make();
    };

    explicit Echo(Ends ends);

    shared::UniqueFd socket_;
    std::string received_;
    ChildProcess process_;
};

}  // namespace steward::bench
