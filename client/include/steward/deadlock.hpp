#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <steward/error.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>

namespace steward {

/// A thread that waits in a deadlock, and for what. That is held by the thread of the next step.
struct DeadlockStep {
    std::uint32_t session = 0;           ///< number of its session
    std::uint32_t thread = 0;            ///< number within the session, counted from 1
    std::int32_t pid = 0;                ///< of its process
    std::string command;                 ///< command line of its process
    std::uint64_t object = 0;            ///< number of the object that it wants; see Object::id()
    ObjectType type = ObjectType::lock;  ///< of the object
    std::string name;                    ///< of the object; empty: it has none
    std::string where;                   ///< "file:line" that wants it; may be empty
};

/// What a blocking operation throws instead of waiting for ever, and before it waits: this thread wants what another
/// holds, that one wants what a third one holds, and so on round to this thread.
///
///     try {
///         second.acquire();
///     } catch (const steward::DeadlockError& deadlock) {
///         for (const auto& step : deadlock.cycle())
///             std::cerr << step.pid << " wants " << step.name << " at " << step.where << '\n';
///         first.release();                   // so that the others can go on
///     }
///
/// Only waits without a time-out make a deadlock: one that has a time-out ends by itself. The wait that would close the
/// circle is refused, nothing else changes, and what() tells the whole circle in a sentence. The form of an operation
/// that takes a std::error_code gives errc::deadlock.
class STEWARD_API DeadlockError : public Error {
  public:
    /// What the daemon says, as a sentence and as data.
    DeadlockError(std::string_view detail, std::vector<DeadlockStep> cycle);

    /// Who waits for whom, beginning with the caller; the last one waits for the caller. One step where a thread waits
    /// for what it holds itself. Empty where the daemon does not say.
    const std::vector<DeadlockStep>& cycle() const noexcept { return *cycle_; }

  private:
    std::shared_ptr<const std::vector<DeadlockStep>> cycle_;  ///< shared: copying an exception must not throw
};

}  // namespace steward
