#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

using Number = std::int64_t;

std::string attribute(Number key) {
    return "a" + std::to_string(key);
}

class NamespacePlay : public Play {
  public:
    NamespacePlay(Namespace name_space, bool key_by_key)
        : attributes_(std::move(name_space)), key_by_key_(key_by_key) {}

    void turn(Hand& hand) override {
        const Number key = hand.pick(number_of_keys);
        if (!key_by_key_ && hand.one_in(3)) {
            copy(hand);
            return;
        }
        switch (hand.pick(8)) {
            case 0:
            case 1: set(hand, key, hand.fresh()); break;
            case 2: hand.note(Verb::erase, {key}, [&] { attributes_.erase(attribute(key)); }); break;
            case 3: exchange(hand, key); break;
            case 4: hand.note(Verb::contains, {key}, [&] { return attributes_.contains(attribute(key)); }); break;
            default: get(hand, key);
        }
    }

    void settle(Hand& hand) override {
        for (Number key = 0; key < number_of_keys; ++key)
            get(hand, key);
    }

  private:
    Number get(Hand& hand, Number key) {
        return hand.note(Verb::get, {key}, [&] { return attributes_.get<Number>(attribute(key)); }).result;
    }
    void set(Hand& hand, Number key, Number number) {
        hand.note(Verb::set, {key, number}, [&] { attributes_.set(attribute(key), number); });
    }
    void exchange(Hand& hand, Number key) {
        const auto expected = get(hand, key);
        const auto desired = hand.fresh();
        hand.note(Verb::compare_exchange, {key, expected, desired}, [&](Call& call) {
            auto found = expected;
            const bool exchanged = attributes_.compare_exchange(attribute(key), found, desired);
            call.keep({&found, 1});
            call.result = exchanged;
        });
    }
    void copy(Hand& hand) {
        hand.note(Verb::copy, {}, [&](Call& call) {
            std::vector<Number> flat;
            for (const auto& [name, value] : attributes_.copy())
                flat.insert(flat.end(), {std::stoll(name.substr(1)), value.integer()});
            call.keep(flat);
        });
    }

    Namespace attributes_;
    bool key_by_key_;
};

}  // namespace

std::unique_ptr<Play> play_namespace(const Manager& manager, const std::string& name) {
    return std::make_unique<NamespacePlay>(manager.name_space(name), false);
}

std::unique_ptr<Play> play_keys_of_namespace(const Manager& manager, const std::string& name) {
    return std::make_unique<NamespacePlay>(manager.name_space(name), true);
}

}  // namespace steward::tests::histories
