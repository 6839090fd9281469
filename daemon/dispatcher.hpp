#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/daemon.hpp"
#include "daemon/preparations.hpp"
#include "proto/envelope.hpp"

namespace steward::daemon {

struct Call;

/// Decodes requests, has them handled, and writes what comes of them to the session's outbox: a result, a refusal, or
/// nothing yet, where the request waits. The table of methods is made from proto's list of messages; one without a
/// handler does not compile.
class Dispatcher {
  public:
    using Handler = void (*)(Call&, proto::Packed params);

    explicit Dispatcher(Daemon& daemon) : daemon_(daemon) {}

    /// Throws proto::Malformed where the frame is no request and no notification; whatever is wrong with a request
    /// itself is answered.
    void dispatch(Session&, std::string_view frame);

    /// Does a piece of what takes long (Preparations), and carries out what is prepared then. Of whom; nothing: there
    /// is more of it.
    std::optional<std::uint32_t> go_on();

  private:
    void carry_out(Session&, std::string_view frame, PostponedRequest&&);
    void handle(Session&, const proto::Request&, Call&);
    bool is_answered_already(Call&);
    void withdraw(Call&, Handler, proto::Packed params);
    void take_note(Session&, const proto::Notification&);
    void refuse(Session&, std::uint64_t request, std::size_t outbox_size, proto::Errc, std::string_view detail,
                std::string_view data = {});

    Daemon& daemon_;
};

}  // namespace steward::daemon
