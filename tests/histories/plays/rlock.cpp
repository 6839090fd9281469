#include <utility>

#include "tests/histories/play.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests::histories {
namespace {

void give_acquired(Call& call, const std::optional<RLockAcquired>& acquired) {
    give_if(call, acquired.has_value());
    if (acquired) {
        call.result = static_cast<std::int64_t>(acquired->count);
        call.token = acquired->token;
        call.told = acquired->abandoned.has_value();
    }
}

class RLockPlay : public Play {
  public:
    explicit RLockPlay(RLock lock) : lock_(std::move(lock)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(12)) {
            case 0: release_all(hand); break;  // of what is not held
            case 1: hand.note(Verb::locked, {}, [&] { return lock_.locked(); }); break;
            case 2: hand.note(Verb::token, {}, [&](Call& call) { call.token = lock_.token(); }); break;
            default:
                if (acquire(hand))
                    hold(hand);
        }
    }

    void settle(Hand& hand) override {
        hand.note(Verb::acquire, {}, [&](Call& call) { give_acquired(call, lock_.acquire_for(watchdog)); });
        release_all(hand);
        hand.note(Verb::locked, {}, [&] { return lock_.locked(); });
    }

  private:
    std::int64_t count(Hand& hand) {
        return hand.insist(Verb::count, {}, [&] { return lock_.count(); }).result;
    }

    bool acquire(Hand& hand) {
        const auto& call = hand.note(Verb::acquire, {}, [&](Call& called) {
            give_acquired(called, hand.one_in(3) ? lock_.acquire_for(hand.patience()) : lock_.acquire());
        });
        return call.outcome == Outcome::done || (call.outcome == Outcome::lost && count(hand) > 0);
    }

    void hold(Hand& hand) {
        while (hand.one_in(2) && count(hand) < 4)
            acquire(hand);
        if (hand.one_in(3))
            hand.insist(Verb::token, {}, [&](Call& call) { call.token = lock_.token(); });
        hand.dawdle();
        release_all(hand);
    }

    void release_all(Hand& hand) {
        for (;;) {
            const auto& call = hand.note(Verb::release, {}, [&] { return lock_.release(); });
            const auto left = call.outcome == Outcome::lost ? count(hand) : call.result;
            if (left == 0)
                return;
        }
    }

    RLock lock_;
};

}  // namespace

std::unique_ptr<Play> play_rlock(const Manager& manager, const std::string& name) {
    return std::make_unique<RLockPlay>(manager.rlock(name));
}

}  // namespace steward::tests::histories
