#include "client/cli/run/claim.hpp"

#include <algorithm>
#include <string_view>

#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "proto/objects/bounded_semaphore.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/rlock.hpp"
#include "proto/objects/rwlock.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/several.hpp"

namespace steward::cli {
namespace {

using proto::ObjectType;

constexpr std::string_view place_of_run = "steward run";

[[noreturn]] void time_out(Daemon& daemon, const std::string& title, const std::string& name, Patience patience) {
    const auto object = try_find_object(daemon, name);
    throw Failure(ExitStatus::timed_out, title + " could not be taken within " + patience_text(patience) +
                                             (object ? ": " + holders_text(*object) : "") + "; see `steward show " +
                                             name + '`');
}

/// "lock 'deploy'".
std::string typed_name(ObjectType type, const std::string& name) {
    return std::string(proto::to_string(type)) + " '" + name + '\'';
}

void check_recovers(Daemon& daemon, const OpenedObject& semaphore, const std::string& name) {
    const bool recovers = semaphore.type == ObjectType::semaphore
                              ? daemon.call(proto::semaphore::Value{semaphore.object})->recover
                              : daemon.call(proto::bounded_semaphore::Value{semaphore.object})->recover;
    if (!recovers)
        throw Failure(ExitStatus::refused, typed_name(semaphore.type, name) +
                                               " was made without `recover`: the permit of a run that is killed would "
                                               "be lost; remove it, or take another name");
}

/// A lock, an rlock, or an rwlock for a writer.
template <proto::Message Acquire, proto::Message Release, proto::Message Holding>
class LockClaim final : public Claim {
  public:
    LockClaim(Daemon& daemon, const OpenedObject& lock, const std::string& name, Patience patience)
        : Claim(typed_name(lock.type, name)), daemon_(daemon), lock_name_(name), lock_(lock.object) {
        const auto answer = daemon.call(Acquire{lock_, main_thread, to_wire(patience), place_of_run});
        if (!answer->acquired)
            time_out(daemon, this->name(), name, patience);
        token_ = answer->token;
    }

    bool held() override { return daemon_.call(Holding{lock_, main_thread})->token == token_; }

    void release(int) override { daemon_.call(Release{lock_, main_thread}); }

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
        : Claim(typed_name(ObjectType::rwlock, name)),
          daemon_(daemon),
          lock_(open_or_find(daemon, proto::rwlock::Open{{.name = name}}, {ObjectType::rwlock}).object) {
        if (!daemon.call(proto::rwlock::AcquireShared{lock_, main_thread, to_wire(patience), place_of_run})->acquired)
            time_out(daemon, this->name(), name, patience);
    }

    bool held() override { return daemon_.call(proto::rwlock::Holding{lock_, main_thread})->shared; }

    void release(int) override { daemon_.call(proto::rwlock::ReleaseShared{lock_, main_thread}); }

  private:
    Daemon& daemon_;
    std::uint64_t lock_;
};

template <proto::Message Acquire, proto::Message Release>
class PermitClaim final : public Claim {
  public:
    PermitClaim(Daemon& daemon, const OpenedObject& semaphore, const std::string& name, Patience patience)
        : Claim(typed_name(semaphore.type, name)), daemon_(daemon), semaphore_(semaphore.object) {
        if (!daemon.call(Acquire{semaphore_, main_thread, to_wire(patience), place_of_run})->acquired)
            time_out(daemon, this->name(), name, patience);
    }

    bool held() override { return is_held_by_this_session(daemon_, semaphore_); }

    void release(int) override { daemon_.call(Release{semaphore_, main_thread}); }

  private:
    Daemon& daemon_;
    std::uint64_t semaphore_;
};

bool is_semaphore(ObjectType type) {
    return type == ObjectType::semaphore || type == ObjectType::bounded_semaphore;
}

/// The object that a name of `--all` means.
std::uint64_t open_any(Daemon& daemon, const std::string& name) {
    const auto found = try_find_object(daemon, name);
    if (!found)
        return daemon.call(proto::lock::Open{{.name = name}})->object;
    if (is_semaphore(found->type))
        check_recovers(daemon, {.object = found->object, .type = found->type}, name);
    return found->object;
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
        const auto answer =
            daemon.call(proto::object::AcquireAll{parts_, main_thread, to_wire(patience), place_of_run});
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
    using MutexClaim = LockClaim<proto::lock::Acquire, proto::lock::Release, proto::lock::Holding>;
    using RecursiveClaim = LockClaim<proto::rlock::Acquire, proto::rlock::Release, proto::rlock::Holding>;
    using WriterClaim = LockClaim<proto::rwlock::Acquire, proto::rwlock::Release, proto::rwlock::Holding>;

    const auto lock = open_or_find(daemon, proto::lock::Open{{.name = name}},
                                   {ObjectType::lock, ObjectType::rlock, ObjectType::rwlock});
    if (lock.type == ObjectType::rlock)
        return std::make_unique<RecursiveClaim>(daemon, lock, name, patience);
    if (lock.type == ObjectType::rwlock)
        return std::make_unique<WriterClaim>(daemon, lock, name, patience);
    return std::make_unique<MutexClaim>(daemon, lock, name, patience);
}

std::unique_ptr<Claim> claim_shared(Daemon& daemon, const std::string& name, Patience patience) {
    return std::make_unique<SharedClaim>(daemon, name, patience);
}

std::unique_ptr<Claim> claim_permit(Daemon& daemon, const std::string& name, std::int64_t permits, Patience patience) {
    using AnyPermitClaim = PermitClaim<proto::semaphore::Acquire, proto::semaphore::Release>;
    using BoundedPermitClaim = PermitClaim<proto::bounded_semaphore::Acquire, proto::bounded_semaphore::Release>;

    const auto semaphore = open_or_find(daemon, proto::semaphore::Open{{.name = name}, permits, true},
                                        {ObjectType::semaphore, ObjectType::bounded_semaphore});
    check_recovers(daemon, semaphore, name);
    if (semaphore.type == ObjectType::bounded_semaphore)
        return std::make_unique<BoundedPermitClaim>(daemon, semaphore, name, patience);
    return std::make_unique<AnyPermitClaim>(daemon, semaphore, name, patience);
}

std::unique_ptr<Claim> claim_all(Daemon& daemon, const std::vector<std::string>& names, Patience patience) {
    return std::make_unique<AllClaim>(daemon, names, patience);
}

}  // namespace steward::cli
