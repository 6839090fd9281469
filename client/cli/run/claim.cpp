#include "client/cli/run/claim.hpp"

#include <algorithm>

#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/semaphore.hpp"

namespace steward::cli {
namespace {

constexpr std::string_view where = "steward run";

[[noreturn]] void time_out(Daemon& daemon, const std::string& title, const std::string& name, Patience patience) {
    const auto object = try_find_object(daemon, name);
    throw Failure(ExitStatus::timed_out, title + " could not be taken within " + patience_text(patience) +
                                             (object ? ": " + holders_text(*object) : "") + "; see `steward show " +
                                             name + '`');
}

class LockClaim final : public Claim {
  public:
    LockClaim(Daemon& daemon, const std::string& name, Patience patience)
        : Claim("lock '" + name + '\''),
          daemon_(daemon),
          lock_name_(name),
          lock_(daemon.call(proto::lock::Open{{.name = name}})->object) {
        const auto answer = daemon.call(proto::lock::Acquire{lock_, main_thread, to_wire(patience), where});
        if (!answer->acquired)
            time_out(daemon, this->name(), name, patience);
        token_ = answer->token;
    }

    bool held() override { return daemon_.call(proto::lock::Holding{lock_, main_thread})->token == token_; }

    void release() override { daemon_.call(proto::lock::Release{lock_, main_thread}); }

    std::map<std::string, std::string> environment() const override {
        return {{"STEWARD_LOCK_NAME", lock_name_}, {"STEWARD_LOCK_TOKEN", std::to_string(token_)}};
    }

  private:
    Daemon& daemon_;
    std::string lock_name_;
    std::uint64_t lock_;
    std::uint64_t token_ = 0;
};

std::uint64_t open_semaphore(Daemon& daemon, const std::string& name, std::int64_t permits) {
    try {
        return daemon.call(proto::semaphore::Open{{.name = name}, permits, true})->object;
    } catch (const Error& error) {
        if (error.code() != errc::wrong_options)
            throw;
        throw Failure(ExitStatus::refused,
                      "semaphore '" + name +
                          "' was made without `recover`: the permit of a run that is killed would be "
                          "lost; remove it, or take another name");
    }
}

class PermitClaim final : public Claim {
  public:
    PermitClaim(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience)
        : Claim("semaphore '" + name + '\''), daemon_(daemon), semaphore_(open_semaphore(daemon, name, permits)) {
        if (!daemon.call(proto::semaphore::Acquire{semaphore_, main_thread, to_wire(patience), where})->acquired)
            time_out(daemon, this->name(), name, patience);
    }

    bool held() override {
        const auto object = daemon_.call(proto::object::Info{semaphore_});
        return std::ranges::any_of(object->holders,
                                   [this](const auto& holder) { return holder.session == daemon_.session(); });
    }

    void release() override { daemon_.call(proto::semaphore::Release{semaphore_, main_thread}); }

  private:
    Daemon& daemon_;
    std::uint64_t semaphore_;
};

}  // namespace

std::unique_ptr<Claim> claim_lock(Daemon& daemon, const std::string& name, Patience patience) {
    return std::make_unique<LockClaim>(daemon, name, patience);
}

std::unique_ptr<Claim> claim_permit(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience) {
    return std::make_unique<PermitClaim>(daemon, name, permits, patience);
}

}  // namespace steward::cli
