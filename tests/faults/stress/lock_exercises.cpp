#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/stress/books.hpp"
#include "tests/faults/stress/exercise.hpp"

// What one holds alone protects books; see there.
namespace steward::tests {
namespace {

template <class Result>
std::optional<Acquired> as_acquired(const std::optional<Result>& result) {
    return result ? std::optional(Acquired{result->token, result->abandoned}) : std::nullopt;
}

template <class L>
class LockExercise : public Exercise {
  public:
    LockExercise(std::string name, L lock, Event never)
        : Exercise(std::move(name)), lock_(std::move(lock)), never_(std::move(never)) {}

    void turn(Worker& worker) override {
        const auto acquired = acquire(worker);
        if (!acquired)
            return;
        use(worker, *acquired);
        lock_.release();
    }

    void settle(Worker& settler) override {
        use(settler, *as_acquired(std::optional(lock_.acquire())));
        lock_.release();
        const auto again = lock_.acquire();
        expect(settler, !again.abandoned, "a death is told twice");
        use(settler, {again.token, again.abandoned});
        lock_.release();
    }

    void use(Worker& worker, const Acquired& acquired) {
        books_->come_in(worker, name(), acquired.abandoned, acquired.token);
        while_inside(worker);
        books_->go_out(worker, name());
    }

    L& lock() { return lock_; }

  protected:
    virtual void while_inside(Worker& worker) { worker.dawdle(); }

    Books& books() { return *books_; }

  private:
    std::optional<Acquired> acquire(Worker& worker) {
        switch (worker.pick(4)) {
            case 0: return as_acquired(lock_.try_acquire());
            case 1: return as_acquired(lock_.acquire_for(patience));
            case 2: return as_acquired(std::optional(worker.manager.wait_any({never_, lock_})));
            default: return as_acquired(std::optional(lock_.acquire()));
        }
    }

    SharedMemory<Books> books_;
    L lock_;
    Event never_;
};

/// Held twice by its holder from time to time.
class RLockExercise : public LockExercise<RLock> {
    using LockExercise::LockExercise;

    void while_inside(Worker& worker) override {
        if (worker.pick(2) == 0)
            return;
        const auto again = lock().acquire();
        expect(worker, again.count == 2 && !again.abandoned, "held again it is not held twice");
        worker.dawdle();
        expect(worker, lock().release() == 1, "released once it is not held once");
    }
};

/// Three read for one who writes.
class RWLockExercise : public LockExercise<RWLock> {
  public:
    using LockExercise::LockExercise;

    void turn(Worker& worker) override {
        if (worker.pick(4) == 0) {
            LockExercise::turn(worker);
            return;
        }
        const auto acquired = acquire_shared(worker);
        if (!acquired)
            return;
        const auto seen = books().look(worker, name(), acquired->abandoned);
        worker.dawdle();
        books().look_again(worker, name(), seen);
        lock().release_shared();
    }

  private:
    std::optional<SharedAcquired> acquire_shared(Worker& worker) {
        switch (worker.pick(3)) {
            case 0: return lock().try_acquire_shared();
            case 1: return lock().acquire_shared_for(patience);
            default: return lock().acquire_shared();
        }
    }
};

/// Who is inside waits or notifies. A notification is used by one who waits, passed on where he dies before he has the
/// lock back, and lost only where nobody else waits. So in the end there are never more who were notified than were
/// woken, and as many were woken and not notified at most as died waiting.
class ConditionExercise : public LockExercise<Lock> {
  public:
    ConditionExercise(const std::string& name, const Lock& lock, Event never, Condition condition)
        : LockExercise(name, lock, std::move(never)), condition_(std::move(condition)) {}

    void settle(Worker& settler) override {
        LockExercise::settle(settler);
        const auto [woken, notified] = std::pair(notes_->woken.load(), notes_->notified.load());
        const auto woken_at_most = woken + most_woken * notes_->notifies.open();
        expect(settler, notified <= woken_at_most,
               "notified " + std::to_string(notified) + ", woken " + std::to_string(woken_at_most));
        expect(settler, woken - notified <= notes_->waits.open(),
               "woken " + std::to_string(woken) + ", notified " + std::to_string(notified) + ", died waiting " +
                   std::to_string(notes_->waits.open()));
    }

  private:
    static constexpr std::int64_t most_woken = 2;

    struct Notes {
        std::atomic<std::int64_t> woken = 0;
        std::atomic<std::int64_t> notified = 0;
        Tally notifies;
        Tally waits;
    };

    void while_inside(Worker& worker) override {
        if (worker.pick(2) == 0)
            notify(1 + worker.pick(most_woken));
        else
            wait(worker);
    }

    void notify(std::size_t count) {
        notes_->notifies.begin();
        notes_->woken += static_cast<std::int64_t>(condition_.notify(count));
        notes_->notifies.done();
    }

    void wait(Worker& worker) {
        books().go_out(worker, name());
        notes_->waits.begin();
        if (condition_.wait_for(patience))
            ++notes_->notified;
        notes_->waits.done();
        books().come_in(worker, name(), condition_.abandoned(), condition_.token());
    }

    SharedMemory<Notes> notes_;
    Condition condition_;
};

/// Two locks at once, which others take alone.
class PairExercise : public Exercise {
  public:
    PairExercise(std::string name, LockExercise<Lock>& first, RLockExercise& second)
        : Exercise(std::move(name)), first_(first), second_(second) {}

    void turn(Worker& worker) override {
        auto both = acquire(worker);
        if (!both)
            return;
        first_.use(worker, both->acquired()[0]);
        second_.use(worker, both->acquired()[1]);
        both->release();
    }

    void settle(Worker&) override {}  // its parts are settled by themselves

  private:
    std::optional<AllAcquired> acquire(Worker& worker) {
        const std::vector<Part> parts{first_.lock(), second_.lock()};
        switch (worker.pick(3)) {
            case 0: return worker.manager.try_acquire_all(parts);
            case 1: return worker.manager.acquire_all_for(parts, patience);
            default: return worker.manager.acquire_all(parts);
        }
    }

    LockExercise<Lock>& first_;
    RLockExercise& second_;
};

}  // namespace

void add_lock_exercises(Exercises& exercises, const Manager& manager) {
    const auto never = manager.event("never");
    const auto add = [&]<class E>(std::unique_ptr<E> exercise) -> E& {
        auto& added = *exercise;
        exercises.push_back(std::move(exercise));
        return added;
    };
    for (const auto& [kind, options] :
         {std::pair("plain", LockOptions{}), {"fair", {.fair = true}}, {"transferable", {.transferable = true}}}) {
        const std::string name = std::string("lock/") + kind;
        auto& lock = add(std::make_unique<LockExercise<Lock>>(name, manager.lock(name, options), never));
        const std::string rname = std::string("rlock/") + kind;
        auto& rlock = add(std::make_unique<RLockExercise>(rname, manager.rlock(rname), never));
        add(std::make_unique<PairExercise>(std::string("both/") + kind, lock, rlock));
    }
    for (int i = 0; i < 6; ++i) {
        const auto name = "rwlock/" + std::to_string(i);
        add(std::make_unique<RWLockExercise>(name, manager.rwlock(name), never));
    }
    for (int i = 0; i < 5; ++i) {
        const auto name = "condition/" + std::to_string(i);
        const auto lock = manager.lock(name + "/lock");
        add(std::make_unique<ConditionExercise>(name, lock, never, manager.condition(name, lock)));
    }
}

}  // namespace steward::tests
