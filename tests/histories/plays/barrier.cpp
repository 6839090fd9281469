#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

class BarrierPlay : public Play {
  public:
    explicit BarrierPlay(Barrier barrier) : barrier_(std::move(barrier)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(12)) {
            case 0: hand.note(Verb::n_waiting, {}, [&] { return barrier_.n_waiting(); }); break;
            case 1:
                if (hand.one_in(4))
                    hand.note(Verb::abort, {}, [&] { barrier_.abort(); });
                break;
            default:
                if (wait(hand).refusal == errc::broken_barrier || is_broken(hand))
                    reset(hand);
        }
    }

    void settle(Hand& hand) override {
        is_broken(hand);
        reset(hand);
        is_broken(hand);
        hand.note(Verb::n_waiting, {}, [&] { return barrier_.n_waiting(); });
    }

  private:
    /// Long enough for others to come, most often.
    const Call& wait(Hand& hand) {
        const auto patience = hand.one_in(20) ? hand.patience() : std::chrono::microseconds(15'000);
        return hand.note(Verb::wait, {}, [&]() -> std::optional<std::int64_t> { return barrier_.wait_for(patience); });
    }

    bool is_broken(Hand& hand) {
        return hand.insist(Verb::broken, {}, [&] { return barrier_.broken(); }).result != 0;
    }
    void reset(Hand& hand) {
        hand.note(Verb::reset, {}, [&] { barrier_.reset(); });
    }

    Barrier barrier_;
};

}  // namespace

std::unique_ptr<Play> play_barrier(const Manager& manager, const std::string& name) {
    return std::make_unique<BarrierPlay>(manager.barrier(name, barrier_parties));
}

}  // namespace steward::tests::histories
