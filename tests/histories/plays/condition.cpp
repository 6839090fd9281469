#include <utility>

#include "tests/histories/play.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests::histories {
namespace {

class ConditionPlay : public Play {
  public:
    explicit ConditionPlay(Condition condition) : condition_(std::move(condition)) {}

    void turn(Hand& hand) override {
        if (hand.one_in(20))
            notify(hand);  // without the lock
        else if (acquire(hand))
            hold(hand);
    }

    void settle(Hand& hand) override {
        hand.note(Verb::acquire, {}, [&](Call& call) { give_if(call, condition_.acquire_for(watchdog).has_value()); });
        notify(hand);
        release(hand);
    }

  private:
    bool is_mine(Hand& hand) {
        return hand.insist(Verb::held_by_me, {}, [&] { return condition_.held_by_me(); }).result != 0;
    }
    bool has_it_after(Hand& hand, const Call& call) {
        return call.outcome == Outcome::lost ? is_mine(hand) : call.outcome != Outcome::refused;
    }

    bool acquire(Hand& hand) {
        const auto& call = hand.note(Verb::acquire, {}, [&](Call& called) {
            if (hand.one_in(3))
                give_if(called, condition_.acquire_for(hand.patience()).has_value());
            else
                condition_.acquire();
        });
        return call.outcome != Outcome::nothing && has_it_after(hand, call);
    }

    void hold(Hand& hand) {
        for (unsigned times = hand.pick(3); times > 0; --times) {
            hand.dawdle();
            if (hand.one_in(2))
                notify(hand);
            else if (!wait(hand))
                return;
        }
        release(hand);
    }

    bool wait(Hand& hand) {
        return has_it_after(
            hand, hand.note(Verb::wait, {}, [&](Call& call) { give_if(call, condition_.wait_for(hand.patience(6))); }));
    }

    void notify(Hand& hand) {
        const auto count = 1 + hand.pick(2);
        hand.note(Verb::notify, {count}, [&] { return condition_.notify(count); });
    }

    void release(Hand& hand) {
        while (hand.note(Verb::release, {}, [&] { condition_.release(); }).outcome == Outcome::lost && is_mine(hand)) {
        }
    }

    Condition condition_;
};

}  // namespace

std::unique_ptr<Play> play_condition(const Manager& manager, const std::string& name) {
    return std::make_unique<ConditionPlay>(manager.condition(name));
}

}  // namespace steward::tests::histories
