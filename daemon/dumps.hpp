#pragma once

#include <cstdint>
#include <unordered_map>

#include "daemon/dump.hpp"
#include "daemon/restore.hpp"
#include "proto/dump.hpp"

namespace steward::daemon {

class Daemon;
struct Call;

/// The dumps that sessions read and restore, one each way. They end with the session.
class Dumps {
  public:
    void begin(Daemon&, Session&);
    void begin_restore(Daemon&, Session&, Restore::Existing);

    /// Throw Refusal (invalid_argument) where the session has begun none.
    Dump& of(const Session&);
    Restore& restore_of(const Session&);

    void end(const Session&);
    void end_restore(const Session&);
    void forget(const Session&);

  private:
    std::unordered_map<std::uint32_t, Dump> dumps_;        ///< by session
    std::unordered_map<std::uint32_t, Restore> restores_;  ///< by session
};

proto::dump::Begin::Result handle(Call&, const proto::dump::Begin&);
proto::dump::Read::Result handle(Call&, const proto::dump::Read&);
proto::restore::Begin::Result handle(Call&, const proto::restore::Begin&);
proto::restore::Add::Result handle(Call&, const proto::restore::Add&);
proto::restore::Finish::Result handle(Call&, const proto::restore::Finish&);

}  // namespace steward::daemon
