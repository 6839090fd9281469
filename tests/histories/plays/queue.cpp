#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

using Item = std::int64_t;

class QueuePlay : public Play {
  public:
    explicit QueuePlay(Queue<Item> queue) : queue_(std::move(queue)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(10)) {
            case 0: size(hand); break;
            case 1:
                hand.note(Verb::join, {}, [&](Call& call) { give_if(call, queue_.join_for(hand.patience())); });
                break;
            case 2:
            case 3:
                if (get(hand, hand.patience()).outcome == Outcome::done)
                    task_done(hand);
                break;
            case 4:
            case 5:
            case 6: take(hand); break;
            default: put(hand, hand.fresh());
        }
    }

    /// What was taken is back, and all of it comes out in its order.
    void settle(Hand& hand) override {
        size(hand);
        while (get(hand, {}).outcome == Outcome::done) {
        }
        task_done(hand);
    }

  private:
    void size(Hand& hand) {
        hand.note(Verb::size, {}, [&] { return queue_.size(); });
    }

    void put(Hand& hand, Item item) {
        hand.note(Verb::put, {item}, [&](Call& call) { give_if(call, queue_.put_for(item, hand.patience())); });
    }

    const Call& get(Hand& hand, std::chrono::microseconds patience) {
        return hand.note(Verb::get, {}, [&] { return queue_.get_for(patience); });
    }

    void task_done(Hand& hand) {
        hand.note(Verb::task_done, {}, [&] { queue_.task_done(); });
    }

    void take(Hand& hand) {
        std::optional<Taken<Item>> taken;
        hand.note(Verb::take, {}, [&]() -> std::optional<Item> {
            taken = queue_.take_for(hand.patience());
            return taken ? std::optional(taken->value()) : std::nullopt;
        });
        if (!taken)
            return;
        hand.dawdle();
        const Item item = taken->value();
        // Where both are refused its destructor is, too; else it holds nothing any more.
        if (hand.one_in(3) || hand.note(Verb::done, {item}, [&] { taken->done(); }).outcome == Outcome::lost)
            hand.insist(Verb::give_back, {item}, [&] { taken->give_back(); });
    }

    Queue<Item> queue_;
};

}  // namespace

std::unique_ptr<Play> play_queue(const Manager& manager, const std::string& name) {
    return std::make_unique<QueuePlay>(manager.queue<Item>(name, queue_size));
}

}  // namespace steward::tests::histories
