#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

template <class S>
class SemaphorePlay : public Play {
  public:
    explicit SemaphorePlay(S semaphore) : semaphore_(std::move(semaphore)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(8)) {
            case 0: value(hand); break;
            case 1: replace_lost(hand); break;
            default:
                if (acquire(hand)) {
                    hand.dawdle();
                    release(hand, 1);
                }
        }
    }

    void settle(Hand& hand) override {
        value(hand);
        release(hand, 1);
        value(hand);
    }

  private:
    std::int64_t value(Hand& hand) {
        return hand.insist(Verb::value, {}, [&] { return semaphore_.value(); }).result;
    }

    /// Who dies takes his permit along unless permits return.
    void replace_lost(Hand& hand) {
        if (value(hand) == 0 || hand.one_in(10))
            release(hand, 1 + hand.pick(2));
    }

    /// Never without a time: permits are lost with replies.
    bool acquire(Hand& hand) {
        const auto& call = hand.note(Verb::acquire, {}, [&](Call& called) {
            give_if(called, hand.one_in(3) ? semaphore_.try_acquire() : semaphore_.try_acquire_for(hand.patience()));
        });
        return call.outcome == Outcome::done;
    }

    void release(Hand& hand, std::int64_t permits) {
        hand.note(Verb::release, {permits}, [&] { semaphore_.release(permits); });
    }

    S semaphore_;
};

}  // namespace

std::unique_ptr<Play> play_semaphore(const Manager& manager, const std::string& name) {
    return std::make_unique<SemaphorePlay<Semaphore>>(manager.semaphore(name, semaphore_permits));
}

std::unique_ptr<Play> play_recovering_semaphore(const Manager& manager, const std::string& name) {
    return std::make_unique<SemaphorePlay<Semaphore>>(manager.semaphore(name, semaphore_permits, {.recover = true}));
}

std::unique_ptr<Play> play_bounded_semaphore(const Manager& manager, const std::string& name) {
    return std::make_unique<SemaphorePlay<BoundedSemaphore>>(manager.bounded_semaphore(name, semaphore_permits));
}

std::unique_ptr<Play> play_bounded_signal(const Manager& manager, const std::string& name) {
    return std::make_unique<SemaphorePlay<BoundedSemaphore>>(
        manager.bounded_semaphore(name, semaphore_permits, {.recover = false}));
}

}  // namespace steward::tests::histories
