#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/domain.hpp"
#include "shared/mutation.hpp"

namespace steward::daemon {

class Daemon;
struct Session;

/// What came of requests that changed something, recorded with the change, so that one that is made again is not
/// carried out again: neither after a restart nor after a lost connection. Only of requests that ask for it, by saying
/// which replies their session has.
///
/// A record is the whole reply; or, where that could not be known when the change was made, a number that the handler
/// answers from (Call::happened).
class Results {
  public:
    explicit Results(Daemon& daemon) : daemon_(daemon) {}

    /// Makes room for what comes of requests in this domain, before the Mutation that changes something there: of all
    /// that it answers at once. Throws NoMemory.
    static void prepare(Session&, shared::Domain&, std::span<const std::uint64_t> requests);
    static void prepare(Session& session, shared::Domain& domain, std::uint64_t request) {
        prepare(session, domain, {&request, 1});
    }

    /// In that Mutation; the request has been prepared.
    static void record(shared::Mutation&, Session&, shared::Domain&, std::uint64_t request, std::string_view result);
    static void note(shared::Mutation&, Session&, shared::Domain&, std::uint64_t request, std::uint64_t number);

    /// What was recorded, if the request is one that is made again; and the number, where it is one.
    static std::optional<std::string> find(const Session&, std::uint64_t request);
    static std::optional<std::uint64_t> number_in(std::string_view record);

    /// Those of sessions that a former daemon had: of those that live on they are kept, the others go.
    void take_up(shared::Domain&);

    /// The session has ended.
    static void forget(Session&);

  private:
    Daemon& daemon_;
};

}  // namespace steward::daemon
