#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/daemon.hpp"
#include "client/cli/patience.hpp"

namespace steward::cli {

/// What `run` holds while its command runs. The daemon must outlive it.
class Claim {
  public:
    /// `name` for messages: "lock 'deploy'".
    explicit Claim(std::string name) : name_(std::move(name)) {}
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    virtual ~Claim() = default;

    const std::string& name() const { return name_; }

    /// False where somebody took it away. Any thread may ask. Throws where the daemon cannot tell.
    virtual bool held() = 0;

    /// After the command has ended, with this code.
    virtual void release(int exit_code) = 0;

    /// What the command is told in its environment.
    virtual std::map<std::string, std::string> environment() const { return {}; }

  private:
    std::string name_;
};

/// Whether the session of this daemon is among the holders of an object.
bool is_held_by_this_session(Daemon& daemon, std::uint64_t object);

// Each of these takes what it is asked for within the time. Throws Failure(timed_out), which names the holders, and
// Error(deadlock) where waiting would never end.

/// A lock, rlock, or rwlock as a writer; one that does not exist becomes a lock.
std::unique_ptr<Claim> claim_lock(Daemon& daemon, const std::string& name, Patience patience);

/// An rwlock as a reader, made where it does not exist.
std::unique_ptr<Claim> claim_shared(Daemon& daemon, const std::string& name, Patience patience);

/// A permit of the semaphore, bounded or not, made with `permits` where it does not exist; its permits return when
/// their holder dies (`recover`). Throws Failure(refused) for a semaphore without `recover`, whose permit would be lost
/// with a `run` that is killed.
std::unique_ptr<Claim> claim_permit(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience);

/// All of several at once, holding none of them while it waits: locks of any kind, rwlocks alone, and a permit of each
/// semaphore, which is refused as above. A name that does not exist becomes a lock.
std::unique_ptr<Claim> claim_all(Daemon& daemon, const std::vector<std::string>& names, Patience patience);

}  // namespace steward::cli
