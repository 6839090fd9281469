#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tests/faults/stress/exercise.hpp"

// What is counted: permits, parties, flags, and the values of containers.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// Permits that return with the death of who has them: never more are out than there are, and in the end all are back.
template <class S>
class PermitExercise : public Exercise {
  public:
    PermitExercise(std::string name, S semaphore) : Exercise(std::move(name)), semaphore_(std::move(semaphore)) {}

    static constexpr unsigned permits = 3;

    void turn(Worker& worker) override {
        switch (worker.pick(4)) {
            case 0:
                if (semaphore_.try_acquire())
                    use_one(worker);
                break;
            case 1:
                if (semaphore_.try_acquire_for(patience))
                    use_one(worker);
                break;
            case 2: use_two(worker); break;
            default: semaphore_.acquire(); use_one(worker);
        }
    }

    void settle(Worker& settler) override {
        expect(settler, semaphore_.value() == permits, std::to_string(semaphore_.value()) + " permits in the end");
        for (unsigned i = 0; i < permits; ++i)
            expect(settler, semaphore_.try_acquire(), "a permit that is there is not given");
        expect(settler, !semaphore_.try_acquire(), "one permit too many");
        semaphore_.release(permits);
    }

  private:
    void use_one(Worker& worker) {
        const auto place = come_in(worker);
        worker.dawdle();
        places_->go_out(worker, place);
        semaphore_.release();
    }

    void use_two(Worker& worker) {
        auto both = worker.manager.acquire_all({{semaphore_, 2}});
        const auto first = come_in(worker);
        const auto second = come_in(worker);
        worker.dawdle();
        places_->go_out(worker, first);
        places_->go_out(worker, second);
        both.release();
    }

    unsigned come_in(const Worker& worker) {
        const auto place = places_->come_in(worker, permits);
        expect(worker, place != Places::most, "more are inside than there are permits");
        return place;
    }

    SharedMemory<Places> places_;
    S semaphore_;
};

/// Permits that belong to nobody, as signals. The object counts its acquisitions, and what is left of its permits tells
/// of the releases. So it is known exactly how many of those that were open when their worker was killed took place: no
/// fewer than none, and no more than there were such. An acquisition whose time was over may have been granted unheard:
/// then it was given back, which is a release.
class SignalExercise : public Exercise {
  public:
    SignalExercise(std::string name, Semaphore semaphore)
        : Exercise(std::move(name)), semaphore_(std::move(semaphore)), before_(acquired()) {}

    static constexpr std::ptrdiff_t permits = 5;

    void turn(Worker& worker) override {
        if (worker.pick(2) == 0) {
            notes_->releases.begin();
            semaphore_.release();
            notes_->releases.done();
        } else {
            const auto begin = std::chrono::steady_clock::now();
            notes_->acquisitions.begin();
            const bool acquired = semaphore_.try_acquire_for(patience);
            notes_->acquisitions.end_after(std::chrono::steady_clock::now() - begin, patience, acquired);
        }
    }

    void settle(Worker& settler) override {
        const auto& [acquisitions, releases] = *notes_;
        const auto gained = semaphore_.value() - permits + acquisitions.number_done() - releases.number_done();
        const auto unseen_acquisitions = acquired() - before_ - acquisitions.number_done();
        const auto unseen_releases = gained + unseen_acquisitions;
        const auto fewest_given_back =
            std::max<std::int64_t>({0, unseen_acquisitions - acquisitions.open(), unseen_releases - releases.open()});
        const auto most_given_back =
            std::min({acquisitions.number_undone_at_most(), unseen_acquisitions, unseen_releases});
        const bool right = fewest_given_back <= most_given_back;
        expect(settler, right,
               std::to_string(unseen_acquisitions) + " acquisitions and " + std::to_string(unseen_releases) +
                   " releases were not noted, " + std::to_string(acquisitions.open()) + " and " +
                   std::to_string(releases.open()) + " were open");
    }

  private:
    struct Notes {
        Tally acquisitions;
        Tally releases;
    };

    std::int64_t acquired() const { return static_cast<std::int64_t>(semaphore_.statistics().acquisitions); }

    SharedMemory<Notes> notes_;
    Semaphore semaphore_;
    std::int64_t before_;
};

/// Each time that all parties meet, each number is given once. So all numbers were given equally often, but for those
/// that went to workers who were killed before they noted it.
class BarrierExercise : public Exercise {
  public:
    BarrierExercise(std::string name, Barrier barrier) : Exercise(std::move(name)), barrier_(std::move(barrier)) {}

    static constexpr std::size_t parties = 3;

    void turn(Worker& worker) override {
        notes_->waits.begin();
        std::error_code ec;
        const auto number = barrier_.wait_for(patience, ec);
        if (!ec && number)
            ++notes_->passed.at(*number);
        notes_->waits.done();
        if (ec == errc::broken_barrier)
            barrier_.reset();
        else
            expect(worker, !ec, ec.message());
    }

    void settle(Worker& settler) override {
        std::int64_t most = 0;
        std::int64_t sum = 0;
        for (const auto& passed : notes_->passed) {
            most = std::max(most, passed.load());
            sum += passed;
        }
        const auto missing = most * static_cast<std::int64_t>(parties) - sum;
        expect(settler, missing <= notes_->waits.open(),
               std::to_string(missing) + " parties are missing, " + std::to_string(notes_->waits.open()) + " died");
        expect(settler, barrier_.n_waiting() == 0, "somebody waits in the end");
    }

  private:
    struct Notes {
        std::array<std::atomic<std::int64_t>, parties> passed{};
        Tally waits;
    };

    SharedMemory<Notes> notes_;
    Barrier barrier_;
};

/// One goes on per set() at most. (Fewer may: set twice is set once.)
class EventExercise : public Exercise {
  public:
    EventExercise(std::string name, Event event) : Exercise(std::move(name)), event_(std::move(event)) {}

    void turn(Worker& worker) override {
        if (worker.pick(2) == 0) {
            notes_->sets.begin();
            event_.set();
            notes_->sets.done();
        } else {
            notes_->waits.begin();
            notes_->waits.end(event_.wait_for(patience));
        }
    }

    void settle(Worker& settler) override {
        const auto went_on = notes_->waits.number_done() + (event_.is_set() ? 1 : 0);
        const auto sets = notes_->sets.number_done() + notes_->sets.open();
        expect(settler, went_on <= sets, std::to_string(went_on) + " went on, set " + std::to_string(sets));
    }

  private:
    struct Notes {
        Tally sets;
        Tally waits;
    };

    SharedMemory<Notes> notes_;
    Event event_;
};

/// Each fetch_add gives another number and is one operation of the object; none is missing that was answered.
class ValueExercise : public Exercise {
  public:
    ValueExercise(std::string name, Value<std::int64_t> value)
        : Exercise(std::move(name)), value_(std::move(value)), before_(operations()) {}

    void turn(Worker& worker) override {
        notes_->additions.begin();
        const auto number = static_cast<std::size_t>(value_.fetch_add(1));
        if (number < notes_->seen.size())
            expect(worker, !notes_->seen.at(number).exchange(true), std::to_string(number) + " was given twice");
        notes_->additions.done();
    }

    void settle(Worker& settler) override {
        const auto value = value_.get();
        const auto answered = notes_->additions.number_done();
        const auto open = notes_->additions.open();
        expect(settler, value == operations() - before_, "it is not the sum of the operations");
        expect(settler, answered <= value && value <= answered + open,
               std::to_string(value) + " of " + std::to_string(answered) + " and " + std::to_string(open) + " open");
    }

  private:
    struct Notes {
        Tally additions;
        std::array<std::atomic<bool>, 1U << 20> seen{};
    };

    std::int64_t operations() const { return static_cast<std::int64_t>(value_.info().operations); }

    SharedMemory<Notes> notes_;
    Value<std::int64_t> value_;
    std::int64_t before_;
};

/// Each worker appends numbers of its own. None is there twice or was not appended, and of a worker's that were
/// answered none is missing.
class ListExercise : public Exercise {
  public:
    ListExercise(std::string name, List<std::int64_t> list) : Exercise(std::move(name)), list_(std::move(list)) {}

    void turn(Worker&) override {
        const auto number = notes_->last.fetch_add(1);
        if (number >= notes_->state.size())
            return;
        notes_->state.at(number) = begun;
        list_.append(static_cast<std::int64_t>(number));
        notes_->state.at(number) = answered;
    }

    void settle(Worker& settler) override {
        std::vector<int> times(notes_->state.size());
        for (const auto number : list_.copy())
            ++times.at(static_cast<std::size_t>(number));
        for (std::size_t number = 0; number < times.size(); ++number) {
            const auto state = notes_->state.at(number).load();
            const bool right = state == begun ? times[number] <= 1 : times[number] == (state == answered ? 1 : 0);
            expect(settler, right, std::to_string(number) + " is there " + std::to_string(times[number]) + " times");
        }
    }

  private:
    enum State : std::uint8_t { unused, begun, answered };

    struct Notes {
        std::atomic<std::size_t> last = 0;
        std::array<std::atomic<std::uint8_t>, 1U << 18> state{};
    };

    SharedMemory<Notes> notes_;
    List<std::int64_t> list_;
};

/// Each worker counts under a key of its own.
class DictExercise : public Exercise {
  public:
    DictExercise(std::string name, Dict<std::int64_t, std::int64_t> dict)
        : Exercise(std::move(name)), dict_(std::move(dict)) {}

    void turn(Worker& worker) override {
        auto& tally = notes_->tallies.at(worker.index);
        tally.begin();
        dict_.increment(static_cast<std::int64_t>(worker.index), 1);
        tally.done();
    }

    void settle(Worker& settler) override {
        for (std::size_t i = 0; i < notes_->tallies.size(); ++i) {
            const auto& tally = notes_->tallies.at(i);
            const auto count = dict_.get(static_cast<std::int64_t>(i)).value_or(0);
            expect(settler, tally.number_done() <= count && count <= tally.number_done() + tally.open(),
                   "worker " + std::to_string(i) + " counted to " + std::to_string(tally.number_done()) +
                       " and the dict to " + std::to_string(count));
            if (tally.number_done() + tally.open() == 0)
                break;
        }
    }

  private:
    struct Notes {
        std::array<Tally, most_workers> tallies{};
    };

    SharedMemory<Notes> notes_;
    Dict<std::int64_t, std::int64_t> dict_;
};

}  // namespace

void add_count_exercises(Exercises& exercises, const Manager& manager) {
    const auto times = [](int count, const std::string& type, auto add) {
        for (int i = 0; i < count; ++i)
            add(type + "/" + std::to_string(i));
    };
    times(4, "bounded", [&](const std::string& name) {
        using OfBounded = PermitExercise<BoundedSemaphore>;
        exercises.push_back(std::make_unique<OfBounded>(name, manager.bounded_semaphore(name, OfBounded::permits)));
    });
    times(4, "semaphore", [&](const std::string& name) {
        using OfRecovering = PermitExercise<Semaphore>;
        exercises.push_back(
            std::make_unique<OfRecovering>(name, manager.semaphore(name, OfRecovering::permits, {.recover = true})));
    });
    times(3, "signal", [&](const std::string& name) {
        exercises.push_back(std::make_unique<SignalExercise>(name, manager.semaphore(name, SignalExercise::permits)));
    });
    times(4, "barrier", [&](const std::string& name) {
        exercises.push_back(std::make_unique<BarrierExercise>(name, manager.barrier(name, BarrierExercise::parties)));
    });
    times(3, "event", [&](const std::string& name) {
        exercises.push_back(std::make_unique<EventExercise>(name, manager.event(name, {.auto_reset = true})));
    });
    times(2, "value", [&](const std::string& name) {
        exercises.push_back(std::make_unique<ValueExercise>(name, manager.value<std::int64_t>(name)));
    });
    times(1, "list", [&](const std::string& name) {
        exercises.push_back(std::make_unique<ListExercise>(name, manager.list<std::int64_t>(name)));
    });
    times(1, "dict", [&](const std::string& name) {
        exercises.push_back(std::make_unique<DictExercise>(name, manager.dict<std::int64_t, std::int64_t>(name)));
    });
}

}  // namespace steward::tests
