#include "client/cli/run/claim.hpp"

#include <algorithm>

#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/rwlock.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/several.hpp"

namespace steward::cli {
namespace {

constexpr std::string_view where = "steward run";

[[noreturn]] void time_out(Daemon& daemon, const std::string& title, const std::string& name, Patience patience) {
    const auto object = try_find_object(daemon, name);
    throw Failure(ExitStatus::timed_out, title + " could not be taken within " + patience_text(patience) +
                                             (object ? ": " + holders_text(*object) : "") + "; see `steward show " +
                                             name + '`');
}

/// A lock of any options, which count only where it is made.
std::uint64_t open_lock(Daemon& daemon, const std::string& name) {
    try {
        return daemon.call(proto::lock::Open{{.name = name}})->object;
    } catch (const Error& error) {
        if (error.code() != errc::wrong_options)
            throw;
        return find_object(daemon, name).object;
    }
}

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

class LockClaim final : public Claim {
  public:
    LockClaim(Daemon& daemon, const std::string& name, Patience patience)
        : Claim("lock '" + name + '\''), daemon_(daemon), lock_name_(name), lock_(open_lock(daemon, name)) {
        const auto answer = daemon.call(proto::lock::Acquire{lock_, main_thread, to_wire(patience), where});
        if (!answer->acquired)
            time_out(daemon, this->name(), name, patience);
        token_ = answer->token;
    }

    bool held() override { return daemon_.call(proto::lock::Holding{lock_, main_thread})->token == token_; }

    void release(int) override { daemon_.call(proto::lock::Release{lock_, main_thread}); }

    std::map<std::string, std::string> environment() const override {
        return {{"STEWARD_LOCK_NAME", lock_name_}, {"STEWARD_LOCK_TOKEN", std::to_string(token_)}};
    }

  private:
    Daemon& daemon_;
    std::string lock_name_;
    std::uint64_t lock_;
    std::uint64_t token_ = 0;
};

class SharedClaim final : public Claim {
  public:
    SharedClaim(Daemon& daemon, const std::string& name, Patience patience)
        : Claim("rwlock '" + name + '\''),
          daemon_(daemon),
          lock_(daemon.call(proto::rwlock::Open{{.name = name}})->object) {
        if (!daemon.call(proto::rwlock::AcquireShared{lock_, main_thread, to_wire(patience), where})->acquired)
            time_out(daemon, this->name(), name, patience);
    }

    bool held() override { return daemon_.call(proto::rwlock::Holding{lock_, main_thread})->shared; }

    void release(int) override { daemon_.call(proto::rwlock::ReleaseShared{lock_, main_thread}); }

  private:
    Daemon& daemon_;
    std::uint64_t lock_;
};

class PermitClaim final : public Claim {
  public:
    PermitClaim(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience)
        : Claim("semaphore '" + name + '\''), daemon_(daemon), semaphore_(open_semaphore(daemon, name, permits)) {
        if (!daemon.call(proto::semaphore::Acquire{semaphore_, main_thread, to_wire(patience), where})->acquired)
            time_out(daemon, this->name(), name, patience);
    }

    bool held() override { return is_held_by_this_session(daemon_, semaphore_); }

    void release(int) override { daemon_.call(proto::semaphore::Release{semaphore_, main_thread}); }

  private:
    Daemon& daemon_;
    std::uint64_t semaphore_;
};

/// The object that a name of `--all` means.
std::uint64_t open_any(Daemon& daemon, const std::string& name) {
    const auto object = try_find_object(daemon, name);
    if (object && object->name != name)
        return object->object;
    if (!object || object->type == proto::ObjectType::lock)
        return open_lock(daemon, name);
    if (object->type == proto::ObjectType::semaphore)
        return open_semaphore(daemon, name, 1);
    return object->object;
}

/// "'a', 'b'", or where they are not quoted "a,b".
std::string joined(const std::vector<std::string>& words, std::string_view separator, std::string_view quote = "") {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : separator).append(quote).append(word).append(quote);
    return text;
}

class AllClaim final : public Claim {
  public:
    AllClaim(Daemon& daemon, const std::vector<std::string>& names, Patience patience)
        : Claim("the hold of " + joined(names, ", ", "'")), daemon_(daemon), names_(names) {
        for (const auto& name : names)
            parts_.push_back({.object = open_any(daemon, name)});
        const auto answer = daemon.call(proto::object::AcquireAll{parts_, main_thread, to_wire(patience), where});
        if (!answer->acquired)
            tell_holders(patience);
        for (const auto& grant : answer->grants)
            tokens_.push_back(std::to_string(grant.token));
    }

    bool held() override {
        return std::ranges::all_of(parts_,
                                   [this](const auto& part) { return is_held_by_this_session(daemon_, part.object); });
    }

    void release(int) override { daemon_.call(proto::object::ReleaseAll{parts_, main_thread}); }

    std::map<std::string, std::string> environment() const override {
        return {{"STEWARD_LOCK_NAME", joined(names_, ",")}, {"STEWARD_LOCK_TOKEN", joined(tokens_, ",")}};
    }

  private:
    [[noreturn]] void tell_holders(Patience patience) {
        auto sentence = joined(names_, ", ", "'") + " could not be taken together within " + patience_text(patience);
        for (const auto& name : names_)
            if (const auto object = try_find_object(daemon_, name); object && !object->holders.empty())
                sentence += "; " + title(*object) + ' ' + holders_text(*object);
        throw Failure(ExitStatus::timed_out, sentence + "; see `steward waits`");
    }

    Daemon& daemon_;
    std::vector<std::string> names_;
    std::vector<proto::object::Part> parts_;
    std::vector<std::string> tokens_;
};

}  // namespace

bool is_held_by_this_session(Daemon& daemon, std::uint64_t object) {
    const auto info = daemon.call(proto::object::Info{object});
    return std::ranges::any_of(info->holders, [&](const auto& holder) { return holder.session == daemon.session(); });
}

std::unique_ptr<Claim> claim_lock(Daemon& daemon, const std::string& name, Patience patience) {
    return std::make_unique<LockClaim>(daemon, name, patience);
}

std::unique_ptr<Claim> claim_shared(Daemon& daemon, const std::string& name, Patience patience) {
    return std::make_unique<SharedClaim>(daemon, name, patience);
}

std::unique_ptr<Claim> claim_permit(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience) {
    return std::make_unique<PermitClaim>(daemon, name, permits, patience);
}

std::unique_ptr<Claim> claim_all(Daemon& daemon, const std::vector<std::string>& names, Patience patience) {
    return std::make_unique<AllClaim>(daemon, names, patience);
}

}  // namespace steward::cli
