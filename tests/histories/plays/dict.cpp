#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

using Number = std::int64_t;

class DictPlay : public Play {
  public:
    DictPlay(Dict<Number, Number> dict, bool key_by_key) : dict_(std::move(dict)), key_by_key_(key_by_key) {}

    void turn(Hand& hand) override {
        const Number key = hand.pick(number_of_keys);
        if (!key_by_key_ && hand.one_in(2)) {
            turn_with_all(hand, key);
            return;
        }
        switch (hand.pick(9)) {
            case 0: set(hand, key, hand.fresh()); break;
            case 1: hand.note(Verb::erase, {key}, [&] { return dict_.erase(key); }); break;
            case 2: hand.note(Verb::pop, {key}, [&] { return dict_.pop(key); }); break;
            case 3: set_default(hand, key, hand.fresh()); break;
            case 4: hand.note(Verb::increment, {key, 1}, [&] { return dict_.increment(key, 1); }); break;
            case 5: exchange(hand, key); break;
            case 6: hand.note(Verb::contains, {key}, [&] { return dict_.contains(key); }); break;
            default: get(hand, key);
        }
    }

    void settle(Hand& hand) override {
        for (Number key = 0; key < number_of_keys; ++key)
            get(hand, key);
    }

  private:
    void turn_with_all(Hand& hand, Number key) {
        switch (hand.pick(6)) {
            case 0: update(hand, key % (number_of_keys - 1)); break;
            case 1: pop_item(hand); break;
            case 2:
                if (hand.one_in(4))
                    hand.note(Verb::clear, {}, [&] { dict_.clear(); });
                break;
            case 3: hand.note(Verb::size, {}, [&] { return dict_.size(); }); break;
            default: copy(hand);
        }
    }

    Number get(Hand& hand, Number key) {
        return hand.note(Verb::get, {key}, [&] { return dict_.get(key); }).result;
    }
    void set(Hand& hand, Number key, Number number) {
        hand.note(Verb::set, {key, number}, [&] { dict_.set(key, number); });
    }
    void set_default(Hand& hand, Number key, Number number) {
        hand.note(Verb::set_default, {key, number}, [&] { return dict_.set_default(key, number); });
    }
    void exchange(Hand& hand, Number key) {
        const auto expected = get(hand, key);
        const auto desired = hand.fresh();
        hand.note(Verb::compare_exchange, {key, expected, desired},
                  [&] { return dict_.compare_exchange(key, expected, desired); });
    }
    void update(Hand& hand, Number key) {
        const auto first = hand.fresh();
        const auto second = hand.fresh();
        hand.note(Verb::update, {key, first, second}, [&] { dict_.update({{key, first}, {key + 1, second}}); });
    }
    void pop_item(Hand& hand) {
        hand.note(Verb::pop_item, {}, [&](Call& call) {
            const auto item = dict_.pop_item();
            give_if(call, item.has_value());
            if (item)
                call.keep({&item->second, 1});
            call.result = item ? item->first : 0;
        });
    }
    void copy(Hand& hand) {
        hand.note(Verb::copy, {}, [&](Call& call) {
            std::vector<Number> flat;
            for (const auto& [key, value] : dict_.items())
                flat.insert(flat.end(), {key, value});
            call.keep(flat);
        });
    }

    Dict<Number, Number> dict_;
    bool key_by_key_;
};

std::unique_ptr<Play> play(const Manager& manager, const std::string& name, bool key_by_key) {
    return std::make_unique<DictPlay>(manager.dict<Number, Number>(name), key_by_key);
}

}  // namespace

std::unique_ptr<Play> play_dict(const Manager& manager, const std::string& name) {
    return play(manager, name, false);
}

std::unique_ptr<Play> play_keys_of_dict(const Manager& manager, const std::string& name) {
    return play(manager, name, true);
}

}  // namespace steward::tests::histories
