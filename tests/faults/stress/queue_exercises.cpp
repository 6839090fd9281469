#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "tests/faults/stress/exercise.hpp"

// Items are numbered and each number is put once, so it can be said of each where it has come to.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::ptrdiff_t max_size = 20;

/// What its putter knows of an item.
enum PutState : std::uint8_t { never = 0, begun, put, not_put };

struct Item {
    std::atomic<std::uint8_t> state = never;
    std::atomic<bool> got = false;            ///< somebody has it for good
    std::atomic<bool> done_begun = false;     ///< somebody said that it is done, and may have been killed over it
    std::atomic<std::uint16_t> taken_by = 0;  ///< life
    bool may_be_there() const { return state == put || state == begun; }
};

struct Notes {
    std::atomic<std::size_t> numbers = 0;
    Tally puts;
    Tally gets;   ///< that end with having the item for good
    Tally dones;  ///< of items that were taken
    std::array<Item, 1U << 17> items{};

    std::size_t number_of_items() const { return std::min(numbers.load(), items.size()); }
};

class QueueExercise : public Exercise {
  public:
    QueueExercise(const std::string& name, Queue<std::int64_t> queue) : Exercise(name), queue_(std::move(queue)) {}

  protected:
    void put_one(Worker& worker) {
        const auto number = notes_->numbers.fetch_add(1);
        if (number >= notes_->items.size())
            return;
        auto& state = notes_->items.at(number).state;
        const auto value = static_cast<std::int64_t>(number);
        notes_->puts.begin();
        state = begun;
        bool is_put = true;
        switch (worker.pick(4)) {
            case 0: is_put = queue_.try_put(value); break;
            default: is_put = queue_.put_for(value, patience); break;
        }
        state = is_put ? put : not_put;
        notes_->puts.end(is_put);
    }

    /// The item of that number, which came out of the queue.
    Item* item_of(const Worker& worker, std::int64_t number) {
        auto& items = notes_->items;
        const auto index = static_cast<std::size_t>(number);
        if (index < items.size() && items.at(index).may_be_there() && !items.at(index).got)
            return &items.at(index);
        worker.complain(name(), "item " + std::to_string(number) + " was not put, or was got before");
        return nullptr;
    }

    Queue<std::int64_t>& queue() { return queue_; }
    Notes& notes() { return *notes_; }

  private:
    SharedMemory<Notes> notes_;
    Queue<std::int64_t> queue_;
};

/// Items are taken, given back, and taken until they are done. Whoever has one must have it alone, and one that was
/// done must not come again. In the end each that was put is either in the queue or done; what a dead worker began to
/// say done may be the one or the other.
class JobsExercise : public QueueExercise {
  public:
    using QueueExercise::QueueExercise;

    void turn(Worker& worker) override {
        if (worker.pick(2) == 0)
            put_one(worker);
        else if (auto taken = take(worker))
            work_on(worker, std::move(*taken));
    }

    void settle(Worker& settler) override {
        while (auto taken = queue().try_take())
            finish(settler, std::move(*taken));
        expect(settler, queue().join_for(0s), "something was put and is neither done nor there");
        std::int64_t unknown = 0;
        for (std::size_t number = 0; number < notes().number_of_items(); ++number) {
            const auto& item = notes().items.at(number);
            const bool was_seen = item.got || item.taken_by != 0;
            expect(settler, !was_seen || item.may_be_there(), std::to_string(number) + " was there and never put");
            if (item.got || (item.state != put && item.taken_by == 0))
                continue;
            expect(settler, item.done_begun, std::to_string(number) + " was put, is not done, and is lost");
            ++unknown;
        }
        expect(settler, unknown <= notes().dones.open(),
               std::to_string(unknown) + " are gone, and " + std::to_string(notes().dones.open()) + " died over them");
    }

  private:
    std::optional<Taken<std::int64_t>> take(Worker& worker) {
        return worker.pick(4) == 0 ? queue().try_take() : queue().take_for(patience);
    }

    /// False: it is not right. Two have it where another had it before who is not doomed: he writes down that he has it
    /// no more before he says so to the daemon.
    bool comes_to(const Worker& worker, Item* item) const {
        if (item == nullptr)
            return false;
        const auto before = item->taken_by.exchange(worker.life);
        expect(worker, before == 0 || worker.ledger.is_doomed(before), "two have taken the same item");
        return true;
    }

    void work_on(Worker& worker, Taken<std::int64_t> taken) {
        if (worker.pick(3) != 0) {
            finish(worker, std::move(taken));
            return;
        }
        auto* item = item_of(worker, *taken);
        if (!comes_to(worker, item))
            return;
        worker.dawdle();
        item->taken_by = 0;
        taken.give_back();
    }

    void finish(Worker& worker, Taken<std::int64_t> taken) {
        auto* item = item_of(worker, *taken);
        if (!comes_to(worker, item)) {
            taken.done();  // or it would come again for ever
            return;
        }
        worker.dawdle();
        notes().dones.begin();
        item->done_begun = true;
        taken.done();
        item->got = true;
        notes().dones.done();
    }
};

/// Items are got. One that was given to a worker who was killed before he noted it is lost, as it is said of get(). How
/// many those are is known from its puts, none of which is ever done: exactly as many are missing. The operations of
/// the object are its puts and gets, and those gets whose time was over before they were heard of, and were given back.
class MailExercise : public QueueExercise {
  public:
    MailExercise(const std::string& name, const Queue<std::int64_t>& queue)
        : QueueExercise(name, queue), before_(operations()) {}

    void turn(Worker& worker) override {
        if (worker.pick(2) == 0) {
            put_one(worker);
            return;
        }
        const auto begin = std::chrono::steady_clock::now();
        notes().gets.begin();
        const auto number = worker.pick(4) == 0 ? queue().try_get() : queue().get_for(patience);
        const auto lasted = std::chrono::steady_clock::now() - begin;
        if (number)
            note(worker, *number);
        notes().gets.end_after(lasted, patience, number.has_value());
    }

    void settle(Worker& settler) override {
        const auto operations_done = operations() - before_;
        const auto rest = drain(settler);
        const auto puts = count_unfinished();
        const auto gets = puts - rest;
        const auto given_back = operations_done - puts - gets;
        expect(settler, given_back >= 0 && given_back <= notes().gets.number_undone_at_most(),
               std::to_string(operations_done) + " operations, and " + std::to_string(puts) + " puts and " +
                   std::to_string(gets) + " gets");
        std::int64_t seen = 0;
        std::int64_t lost = 0;
        for (std::size_t number = 0; number < notes().number_of_items(); ++number) {
            const auto& item = notes().items.at(number);
            seen += item.got ? 1 : 0;
            lost += !item.got && item.state == put ? 1 : 0;
        }
        const auto unnoted_gets = puts - seen;
        const auto unseen_puts = unnoted_gets - lost;  // begun, carried out, and lost at once
        const bool right =
            unseen_puts >= 0 && unnoted_gets <= notes().gets.open() && unseen_puts <= notes().puts.open();
        expect(settler, right,
               std::to_string(puts) + " puts, " + std::to_string(gets) + " gets, " + std::to_string(rest) +
                   " in the end; seen " + std::to_string(seen) + ", lost " + std::to_string(lost) + "; open gets " +
                   std::to_string(notes().gets.open()) + ", open puts " + std::to_string(notes().puts.open()));
    }

  private:
    std::int64_t operations() { return static_cast<std::int64_t>(queue().info().operations); }

    void note(const Worker& worker, std::int64_t number) {
        if (auto* item = item_of(worker, number))
            expect(worker, !item->got.exchange(true), "one item was given to two");
    }

    std::int64_t drain(const Worker& settler) {
        std::int64_t rest = 0;
        for (; const auto number = queue().try_get(); ++rest)
            note(settler, *number);
        return rest;
    }

    /// All that were put: the queue takes as many words that one is done, and no more.
    std::int64_t count_unfinished() {
        std::error_code ec;
        for (std::int64_t unfinished = 0;; ++unfinished) {
            queue().task_done(ec);
            if (ec)
                return unfinished;
        }
    }

    std::int64_t before_;
};

}  // namespace

void add_queue_exercises(Exercises& exercises, const Manager& manager) {
    for (int i = 0; i < 3; ++i) {
        const auto jobs = "jobs/" + std::to_string(i);
        exercises.push_back(std::make_unique<JobsExercise>(jobs, manager.queue<std::int64_t>(jobs, max_size)));
        const auto mail = "mail/" + std::to_string(i);
        exercises.push_back(std::make_unique<MailExercise>(mail, manager.queue<std::int64_t>(mail, max_size)));
    }
}

}  // namespace steward::tests
