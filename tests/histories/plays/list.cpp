#include <utility>

#include "tests/histories/play.hpp"

namespace steward::tests::histories {
namespace {

using Item = std::int64_t;

class ListPlay : public Play {
  public:
    explicit ListPlay(List<Item> list) : list_(std::move(list)) {}

    /// As much goes as comes, so that it stays short.
    void turn(Hand& hand) override {
        switch (hand.pick(16)) {
            case 0:
            case 1: append(hand, hand.fresh()); break;
            case 2:
            case 3: insert(hand, hand.pick(3), hand.fresh()); break;
            case 4: pop(hand, 0); break;
            case 5:
            case 6: pop(hand, -1); break;
            case 7: remove_some(hand); break;
            case 8: hand.note(Verb::reverse, {}, [&] { list_.reverse(); }); break;
            case 9: hand.note(Verb::sort, {}, [&] { list_.sort(); }); break;
            case 10: exchange(hand, hand.pick(3)); break;
            case 11: set(hand, hand.pick(3), hand.fresh()); break;
            case 12: hand.note(Verb::size, {}, [&] { return list_.size(); }); break;
            case 13: get(hand, hand.pick(3)); break;
            case 14:
                if (hand.one_in(4))
                    hand.note(Verb::clear, {}, [&] { list_.clear(); });
                break;
            default: copy(hand);
        }
    }

    void settle(Hand& hand) override { copy(hand); }

  private:
    void append(Hand& hand, Item item) {
        hand.note(Verb::append, {item}, [&] { list_.append(item); });
    }
    void insert(Hand& hand, std::int64_t index, Item item) {
        hand.note(Verb::insert, {index, item}, [&] { list_.insert(index, item); });
    }
    void pop(Hand& hand, std::int64_t index) {
        hand.note(Verb::pop, {index}, [&] { return list_.pop(index); });
    }
    Item get(Hand& hand, std::int64_t index) {
        return hand.note(Verb::get, {index}, [&] { return list_.at(index); }).result;
    }
    void set(Hand& hand, std::int64_t index, Item item) {
        hand.note(Verb::set, {index, item}, [&] { list_.set(index, item); });
    }
    void remove_some(Hand& hand) {
        const auto item = get(hand, hand.pick(3));
        hand.note(Verb::remove_value, {item}, [&] { list_.remove_value(item); });
        hand.note(Verb::count, {item}, [&] { return list_.count(item); });
    }
    void exchange(Hand& hand, std::int64_t index) {
        const auto expected = get(hand, index);
        const auto desired = hand.fresh();
        hand.note(Verb::compare_exchange, {index, expected, desired}, [&](Call& call) {
            auto found = expected;
            const bool exchanged = list_.compare_exchange(index, found, desired);
            call.keep({&found, 1});
            call.result = exchanged;
        });
    }
    void copy(Hand& hand) {
        hand.note(Verb::copy, {}, [&](Call& call) { call.keep(list_.copy()); });
    }

    List<Item> list_;
};

}  // namespace

std::unique_ptr<Play> play_list(const Manager& manager, const std::string& name) {
    return std::make_unique<ListPlay>(manager.list<std::int64_t>(name));
}

}  // namespace steward::tests::histories
