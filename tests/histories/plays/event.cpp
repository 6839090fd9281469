#include <utility>

#include "tests/histories/play.hpp"

namespace steward::tests::histories {
namespace {

class EventPlay : public Play {
  public:
    explicit EventPlay(Event event) : event_(std::move(event)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(6)) {
            case 0: hand.note(Verb::set, {}, [&] { event_.set(); }); break;
            case 1: hand.note(Verb::clear, {}, [&] { event_.clear(); }); break;
            case 2: is_set(hand); break;
            default: hand.note(Verb::wait, {}, [&](Call& call) { give_if(call, event_.wait_for(hand.patience())); });
        }
    }

    void settle(Hand& hand) override {
        is_set(hand);
        hand.note(Verb::set, {}, [&] { event_.set(); });
        hand.note(Verb::wait, {}, [&](Call& call) { give_if(call, event_.wait_for(std::chrono::seconds(1))); });
        is_set(hand);
    }

  private:
    void is_set(Hand& hand) {
        hand.note(Verb::is_set, {}, [&] { return event_.is_set(); });
    }

    Event event_;
};

}  // namespace

std::unique_ptr<Play> play_event(const Manager& manager, const std::string& name) {
    return std::make_unique<EventPlay>(manager.event(name));
}

std::unique_ptr<Play> play_auto_reset_event(const Manager& manager, const std::string& name) {
    return std::make_unique<EventPlay>(manager.event(name, {.auto_reset = true}));
}

}  // namespace steward::tests::histories
