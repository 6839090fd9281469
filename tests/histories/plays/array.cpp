#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

using Element = std::int64_t;

class ArrayPlay : public Play {
  public:
    explicit ArrayPlay(Array<Element> array) : array_(std::move(array)) {}

    void turn(Hand& hand) override {
        const std::int64_t index = hand.pick(array_length);
        switch (hand.pick(9)) {
            case 0: hand.note(Verb::fetch_add, {index, 1}, [&] { return array_.fetch_add(index, 1); }); break;
            case 1: exchange(hand, index); break;
            case 2: fill(hand, hand.fresh()); break;
            case 3: set_slice(hand, hand.pick(array_length - 1)); break;
            case 4: set(hand, index, hand.fresh()); break;
            case 5:
            case 6: get(hand, index); break;
            default: copy(hand);
        }
    }

    void settle(Hand& hand) override { copy(hand); }

  private:
    Element get(Hand& hand, std::int64_t index) {
        return hand.insist(Verb::get, {index}, [&] { return array_.at(index); }).result;
    }
    void set(Hand& hand, std::int64_t index, Element element) {
        hand.note(Verb::set, {index, element}, [&] { array_.set(index, element); });
    }
    void fill(Hand& hand, Element element) {
        hand.note(Verb::fill, {0, element}, [&] { array_.fill(element); });
    }
    void set_slice(Hand& hand, std::int64_t index) {
        const auto first = hand.fresh();
        const auto second = hand.fresh();
        hand.note(Verb::set_slice, {index, first, second}, [&] {
            array_.set_slice({.start = index, .stop = index + 2}, {first, second});
        });
    }
    void exchange(Hand& hand, std::int64_t index) {
        const auto expected = hand.one_in(4) ? hand.fresh() : get(hand, index);
        const auto desired = hand.fresh();
        hand.note(Verb::compare_exchange, {index, expected, desired}, [&](Call& call) {
            auto found = expected;
            const bool exchanged = array_.compare_exchange(index, found, desired);
            call.keep({&found, 1});
            call.result = exchanged;
        });
    }
    void copy(Hand& hand) {
        hand.note(Verb::copy, {}, [&](Call& call) { call.keep(array_.copy()); });
    }

    Array<Element> array_;
};

}  // namespace

std::unique_ptr<Play> play_array(const Manager& manager, const std::string& name) {
    return std::make_unique<ArrayPlay>(manager.array<std::int64_t>(name, array_length));
}

}  // namespace steward::tests::histories
