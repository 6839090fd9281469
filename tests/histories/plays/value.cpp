#include <utility>

#include "tests/histories/play.hpp"

namespace steward::tests::histories {
namespace {

using Number = std::int64_t;

class ValuePlay : public Play {
  public:
    explicit ValuePlay(Value<Number> value) : value_(std::move(value)) {}

    void turn(Hand& hand) override {
        switch (hand.pick(6)) {
            case 0: set(hand, hand.fresh()); break;
            case 1: fetch_add(hand); break;
            case 2: {
                const auto expected = hand.one_in(4) ? hand.fresh() : get(hand);
                exchange(hand, expected, hand.fresh());
                break;
            }
            default: get(hand);
        }
    }

    void settle(Hand& hand) override {
        get(hand);
        fetch_add(hand);
        get(hand);
    }

  private:
    Number get(Hand& hand) {
        return hand.insist(Verb::get, {}, [&] { return value_.get(); }).result;
    }
    void set(Hand& hand, Number number) {
        hand.note(Verb::set, {number}, [&] { value_.set(number); });
    }
    void fetch_add(Hand& hand) {
        hand.note(Verb::fetch_add, {1}, [&] { return value_.fetch_add(1); });
    }
    void exchange(Hand& hand, Number expected, Number desired) {
        hand.note(Verb::compare_exchange, {expected, desired}, [&](Call& call) {
            auto found = expected;
            const bool exchanged = value_.compare_exchange(found, desired);
            call.keep({&found, 1});
            call.result = exchanged;
        });
    }

    Value<Number> value_;
};

}  // namespace

std::unique_ptr<Play> play_value(const Manager& manager, const std::string& name) {
    return std::make_unique<ValuePlay>(manager.value<std::int64_t>(name, 0));
}

}  // namespace steward::tests::histories
