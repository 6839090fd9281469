#include <utility>

#include "tests/histories/play.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

using Member = std::int64_t;

class SetPlay : public Play {
  public:
    SetPlay(Set<Member> set, bool key_by_key) : set_(std::move(set)), key_by_key_(key_by_key) {}

    void turn(Hand& hand) override {
        const Member member = hand.pick(number_of_keys);
        if (!key_by_key_ && hand.one_in(2)) {
            turn_with_all(hand, member);
            return;
        }
        switch (hand.pick(6)) {
            case 0:
            case 1: hand.note(Verb::append, {member}, [&] { return set_.add(member); }); break;
            case 2: hand.note(Verb::erase, {member}, [&] { return set_.discard(member); }); break;
            case 3: hand.note(Verb::remove_value, {member}, [&] { set_.remove_value(member); }); break;
            default: contains(hand, member);
        }
    }

    void settle(Hand& hand) override {
        for (Member member = 0; member < number_of_keys; ++member)
            contains(hand, member);
    }

  private:
    void turn_with_all(Hand& hand, Member member) {
        switch (hand.pick(6)) {
            case 0: update(hand, member % (number_of_keys - 1)); break;
            case 1: hand.note(Verb::pop_item, {}, [&] { return set_.try_pop(); }); break;
            case 2:
                if (hand.one_in(4))
                    hand.note(Verb::clear, {}, [&] { set_.clear(); });
                break;
            case 3: hand.note(Verb::size, {}, [&] { return set_.size(); }); break;
            default: hand.note(Verb::copy, {}, [&](Call& call) { call.keep(set_.copy()); });
        }
    }

    void contains(Hand& hand, Member member) {
        hand.note(Verb::contains, {member}, [&] { return set_.contains(member); });
    }
    void update(Hand& hand, Member member) {
        hand.note(Verb::update, {member}, [&] { set_.update({member, member + 1}); });
    }

    Set<Member> set_;
    bool key_by_key_;
};

}  // namespace

std::unique_ptr<Play> play_set(const Manager& manager, const std::string& name) {
    return std::make_unique<SetPlay>(manager.set<std::int64_t>(name), false);
}

std::unique_ptr<Play> play_keys_of_set(const Manager& manager, const std::string& name) {
    return std::make_unique<SetPlay>(manager.set<std::int64_t>(name), true);
}

}  // namespace steward::tests::histories
