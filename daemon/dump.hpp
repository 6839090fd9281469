#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "daemon/object.hpp"
#include "daemon/object_class.hpp"

namespace steward::daemon {

class Daemon;

/// Reads all objects with names, and those without that they refer to, into the records of a dump (proto/DUMP.md).
///
/// In steps, between which objects may change. Each object comes as it was at one moment: one that has changed while it
/// was read is begun again, and after a few times it is read in one go.
class Dump {
  public:
    using Sink = std::function<void(std::string record)>;

    /// Of what the session may read; of everything where there is none. The session must outlive it.
    Dump(Daemon& daemon, const Session* reader) : daemon_(daemon), reader_(reader) {}

    /// Goes on for a bounded time. False: that was the last of it.
    bool step(const Sink&);

    static constexpr unsigned most_beginnings = 3;  ///< of one object; then it is read in one go

  private:
    /// The object that is being read.
    struct Current {
        std::uint64_t id = 0;
        std::uint64_t version = 0;
        unsigned beginnings = 1;
        ValueCursor cursor = {};
        std::uint64_t values = 0;  ///< that have been read
    };

    std::optional<std::uint64_t> next_id();
    bool may_read(const Object&) const;
    void visit(std::uint64_t id, const Sink&);
    void begin(const Object&, unsigned beginnings, const Sink&);
    void go_on(const Sink&);
    void read_values(const Object&, const Sink&);
    void note_references(std::string_view values);

    Daemon& daemon_;
    const Session* reader_;
    std::uint64_t cursor_ = 0;                 ///< of the objects with names
    bool at_end_ = false;                      ///< it has been past all of them
    std::vector<std::uint64_t> pending_;       ///< to be looked at before the cursor goes on
    std::unordered_set<std::uint64_t> known_;  ///< objects that have been looked at
    std::optional<Current> current_;
};

}  // namespace steward::daemon
