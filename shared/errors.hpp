#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace steward::shared {

/// There is no room for this change: the memory limit, /dev/shm, the cgroup or the undo log is full (what() says
/// which). Thrown inside a Mutation it rolls everything back; the heap is as it was before.
class NoMemory : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A word that a Mutation was to change is no longer as it was when the change was planned. Thrown by the end of the
/// Mutation; everything is rolled back, and the caller looks at the word again.
class WordChanged : public std::exception {
  public:
    const char* what() const noexcept override { return "a word was changed by a client meanwhile"; }
};

/// Why files that were found again cannot be used.
enum class DomainFault {
    missing,                 ///< no such file
    not_ours,                ///< owner, mode, link count or type of the file is not what we made
    not_a_heap,              ///< magic number or size is wrong
    other_layout,            ///< made by a version with another layout
    superseded,              ///< a recovery has put another heap in its place
    damaged,                 ///< what stands in it cannot be
    allocation_interrupted,  ///< the allocator was at work: it has to be copied
};

class DomainError : public std::runtime_error {
  public:
    DomainError(DomainFault fault, const std::string& what) : std::runtime_error(what), fault_(fault) {}
    DomainFault fault() const noexcept { return fault_; }

  private:
    DomainFault fault_;
};

}  // namespace steward::shared
