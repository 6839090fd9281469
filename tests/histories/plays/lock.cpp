#include <utility>

#include "tests/histories/play.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests::histories {
namespace {

void give_acquired(Call& call, const std::optional<Acquired>& acquired) {
    give_if(call, acquired.has_value());
    if (acquired) {
        call.token = acquired->token;
        call.told = acquired->abandoned.has_value();
    }
}

class LockPlay : public Play {
  public:
    explicit LockPlay(Lock lock) : lock_(std::move(lock)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(12)) {
            case 0: release(hand); break;  // of what is not held
            case 1: hand.note(Verb::locked, {}, [&] { return lock_.locked(); }); break;
            case 2: hand.note(Verb::token, {}, [&](Call& call) { call.token = lock_.token(); }); break;
            default:
                if (acquire(hand))
                    hold(hand);
        }
    }

    void settle(Hand& hand) override {
        hand.note(Verb::acquire, {}, [&](Call& call) { give_acquired(call, lock_.acquire_for(watchdog)); });
        release(hand);
        hand.note(Verb::locked, {}, [&] { return lock_.locked(); });
    }

  private:
    bool is_mine(Hand& hand) {
        return hand.insist(Verb::held_by_me, {}, [&] { return lock_.held_by_me(); }).result != 0;
    }

    bool acquire(Hand& hand) {
        const auto& call = hand.note(Verb::acquire, {}, [&](Call& called) { acquire_somehow(hand, called); });
        return call.outcome == Outcome::done || (call.outcome == Outcome::lost && is_mine(hand));
    }

    void acquire_somehow(Hand& hand, Call& call) {
        switch (hand.pick(4)) {
            case 0: give_acquired(call, lock_.acquire()); break;
            case 1:
            case 2:
                lock_.lock();
                call.told = lock_.abandoned().has_value();
                break;
            default: give_acquired(call, lock_.acquire_for(hand.patience()));
        }
    }

    void hold(Hand& hand) {
        if (hand.one_in(3))
            hand.insist(Verb::token, {}, [&](Call& call) { call.token = lock_.token(); });
        if (hand.one_in(20))  // would never end
            hand.note(Verb::acquire, {}, [&](Call& call) { give_acquired(call, lock_.acquire()); });
        hand.dawdle();
        release(hand);
    }

    void release(Hand& hand) {
        while (hand.note(Verb::release, {}, [&] { lock_.release(); }).outcome == Outcome::lost && is_mine(hand)) {
        }
    }

    Lock lock_;
};

}  // namespace

std::unique_ptr<Play> play_lock(const Manager& manager, const std::string& name) {
    return std::make_unique<LockPlay>(manager.lock(name));
}

std::unique_ptr<Play> play_fair_lock(const Manager& manager, const std::string& name) {
    return std::make_unique<LockPlay>(manager.lock(name, {.fair = true}));
}

}  // namespace steward::tests::histories
