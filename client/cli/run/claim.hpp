#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

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

    virtual void release() = 0;

    /// What the command is told in its environment.
    virtual std::map<std::string, std::string> environment() const { return {}; }

  private:
    std::string name_;
};

/// Takes the lock, made where it does not exist. Throws Failure(timed_out), which names the holder.
std::unique_ptr<Claim> claim_lock(Daemon& daemon, const std::string& name, Patience patience);

/// Takes a permit of the semaphore, made with `permits` where it does not exist; its permits return when their holder
/// dies
/// (`recover`). Throws Failure: timed_out, which names the holders; refused for a semaphore without `recover`, whose
/// permit would be lost with a `run` that is killed.
std::unique_ptr<Claim> claim_permit(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience);

}  // namespace steward::cli
