#include <utility>

#include "tests/histories/play.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests::histories {
namespace {

template <class Acquisition>
void give_acquired(Call& call, const std::optional<Acquisition>& acquired) {
    give_if(call, acquired.has_value());
    if (!acquired)
        return;
    call.told = acquired->abandoned.has_value();
    if constexpr (requires { acquired->token; })
        call.token = acquired->token;
}

class RWLockPlay : public Play {
  public:
    explicit RWLockPlay(RWLock lock) : lock_(std::move(lock)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(16)) {
            case 0: release(hand); break;  // of what is not held
            case 1: release_shared(hand); break;
            case 2: hand.note(Verb::locked, {}, [&] { return lock_.locked(); }); break;
            case 3: hand.note(Verb::readers, {}, [&] { return lock_.readers(); }); break;
            case 4:
            case 5:
            case 6:
            case 7: write(hand); break;
            default: read(hand);
        }
    }

    void settle(Hand& hand) override {
        hand.note(Verb::acquire, {}, [&](Call& call) { give_acquired(call, lock_.acquire_for(watchdog)); });
        release(hand);
        hand.note(Verb::readers, {}, [&] { return lock_.readers(); });
    }

  private:
    bool is_mine(Hand& hand) {
        return hand.insist(Verb::held_by_me, {}, [&] { return lock_.held_by_me(); }).result != 0;
    }
    bool is_shared_by_me(Hand& hand) {
        return hand.insist(Verb::shared_by_me, {}, [&] { return lock_.shared_by_me(); }).result != 0;
    }

    void write(Hand& hand) {
        const auto& call = hand.note(Verb::acquire, {}, [&](Call& called) {
            give_acquired(called, hand.one_in(2) ? lock_.acquire_for(hand.patience()) : lock_.acquire());
        });
        if (call.outcome != Outcome::done && !(call.outcome == Outcome::lost && is_mine(hand)))
            return;
        if (hand.one_in(3))
            hand.insist(Verb::token, {}, [&](Call& called) { called.token = lock_.token(); });
        hand.dawdle();
        release(hand);
    }

    void read(Hand& hand) {
        const auto& call = hand.note(Verb::acquire_shared, {}, [&](Call& called) {
            give_acquired(called, hand.one_in(2) ? lock_.acquire_shared_for(hand.patience()) : lock_.acquire_shared());
        });
        if (call.outcome != Outcome::done && !(call.outcome == Outcome::lost && is_shared_by_me(hand)))
            return;
        hand.dawdle();
        release_shared(hand);
    }

    void release(Hand& hand) {
        while (hand.note(Verb::release, {}, [&] { lock_.release(); }).outcome == Outcome::lost && is_mine(hand)) {
        }
    }
    void release_shared(Hand& hand) {
        while (hand.note(Verb::release_shared, {}, [&] { lock_.release_shared(); }).outcome == Outcome::lost &&
               is_shared_by_me(hand)) {
        }
    }

    RWLock lock_;
};

}  // namespace

std::unique_ptr<Play> play_rwlock(const Manager& manager, const std::string& name) {
    return std::make_unique<RWLockPlay>(manager.rwlock(name));
}

}  // namespace steward::tests::histories
