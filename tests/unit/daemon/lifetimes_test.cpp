#include "daemon/lifetimes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon::lifetimes_test {
namespace {

using proto::Errc;
using proto::ObjectType;
using proto::Packed;

std::string reference_to(std::uint64_t object, ObjectType type = ObjectType::list) {
    std::string bytes;
    proto::Writer(bytes).reference({.type = type, .object = object});
    return bytes;
}

class Lifetime : public DaemonTest {
  protected:
    std::uint64_t nameless_list(Client& of) { return of.call(proto::list::Open{}).object; }
    std::uint64_t list(Client& of, std::string_view name) {
        return of.call(proto::list::Open{.open = named(name), .initial = {}}).object;
    }
    void append(Client& by, std::uint64_t to, const std::string& value) {
        by.call(proto::list::Append{.object = to, .value = {value}});
    }
    void drop(Client& by, std::uint64_t object, std::uint64_t receipts = 1) {
        by.call(proto::object::Drop{.object = object, .receipts = receipts});
    }

    bool lives(std::uint64_t object) {
        tidy();
        return daemon().registry.find(object).has_value();
    }

    /// Time enough for a search for circles.
    void sweep() {
        tidy();
        daemon().now_ns += 10'000'000'000;
        tidy();
    }

    std::uint64_t used_bytes() {
        sweep();
        std::uint64_t used = 0;
        for (const auto& domain : daemon().domains.all())
            used += domain->heap().usage().obtained_bytes - domain->heap().usage().free_bytes;
        return used;
    }

    /// What the scenario makes is gone at its end: objects, and memory the second time, when tables have grown.
    void leaves_nothing(const std::function<void()>& scenario) {
        const auto objects = daemon().registry.size();
        scenario();
        const auto bytes = used_bytes();
        scenario();
        EXPECT_EQ(used_bytes(), bytes);
        EXPECT_EQ(daemon().registry.size(), objects);
    }

    Client alice_ = client(alice);
};

/// Of each type.
class ANamelessObject : public Lifetime, public testing::WithParamInterface<proto::ObjectTypeName> {
  protected:
    std::uint64_t open(Client& by) { return open_object(by, GetParam().type, {}).object; }
};

INSTANTIATE_TEST_SUITE_P(, ANamelessObject, testing::ValuesIn(named_types()),
                         [](const auto& type) { return std::string(type.param.name); });

TEST_P(ANamelessObject, IsAnotherOneEachTime) {
    EXPECT_NE(open(alice_), open(alice_));
}

TEST_P(ANamelessObject, IsNotFoundByAName) {
    EXPECT_EQ(open_refusal(alice_, GetParam().type, {.name = {}, .open_mode = proto::OpenMode::open_only}),
              Errc::invalid_name);
}

TEST_P(ANamelessObject, GoesWithItsReceipts) {
    leaves_nothing([&] {
        const auto object = open(alice_);
        EXPECT_TRUE(lives(object));
        drop(alice_, object);
        EXPECT_FALSE(lives(object));
    });
}

TEST_P(ANamelessObject, GoesWithItsLastSession) {
    auto first = client(alice);
    auto second = client(alice);
    const auto object = open(first);
    EXPECT_EQ(second.call(proto::object::Use{.object = object}).type, GetParam().type);
    kill(first);
    EXPECT_TRUE(lives(object));
    close(second);
    EXPECT_FALSE(lives(object));
}

TEST_P(ANamelessObject, LivesWhileAnObjectRefersToIt) {
    leaves_nothing([&] {
        auto maker = client(alice);
        const auto object = open(maker);
        const auto holder = list(alice_, "holder");
        append(maker, holder, reference_to(object, GetParam().type));
        kill(maker);
        EXPECT_TRUE(lives(object));
        alice_.call(proto::list::Pop{.object = holder});
        EXPECT_TRUE(lives(object)) << "what was popped is the reader's now";
        drop(alice_, object);
        EXPECT_FALSE(lives(object));
        alice_.call(proto::object::Remove{.name = "holder"});
    });
}

TEST_P(ANamelessObject, IsRemovedByItsId) {
    const auto object = open(alice_);
    EXPECT_EQ(client(bob).refusal(proto::object::Remove{.name = {}, .id = object}), Errc::no_permission);
    EXPECT_TRUE(alice_.call(proto::object::Remove{.name = {}, .id = object}).removed);
    EXPECT_FALSE(lives(object));
    EXPECT_FALSE(alice_.call(proto::object::Remove{.name = {}, .id = object}).removed);
}

TEST_P(ANamelessObject, IsListedOnlyWhereAskedFor) {
    const auto object = open(alice_);
    EXPECT_TRUE(alice_.call(proto::object::List{}).objects.empty());
    const auto listed =
        alice_.call(proto::object::List{.prefix = {}, .type = GetParam().type, .nameless = true}).objects;
    ASSERT_FALSE(listed.empty());
    EXPECT_EQ(listed.front().object, object);
    EXPECT_EQ(listed.front().users, 1U);
}

TEST_F(Lifetime, OfAnEphemeralObjectIsThatOfItsReferencesToo) {
    auto maker = client(alice);
    const auto object = maker.call(proto::list::Open{.open = {.name = "e", .ephemeral = true}, .initial = {}}).object;
    const auto holder = list(alice_, "holder");
    append(maker, holder, reference_to(object));
    kill(maker);
    EXPECT_TRUE(lives(object));
    alice_.call(proto::list::Clear{.object = holder});
    EXPECT_FALSE(lives(object));
}

TEST_F(Lifetime, OfANamedObjectEndsByItsRemovalAlone) {
    const auto object = list(alice_, "named");
    const auto holder = list(alice_, "holder");
    append(alice_, holder, reference_to(object));
    drop(alice_, object);
    alice_.call(proto::list::Clear{.object = holder});
    EXPECT_TRUE(lives(object));
    append(alice_, holder, reference_to(object));
    alice_.call(proto::object::Remove{.name = "named"});
    EXPECT_FALSE(lives(object)) << "though it is referred to";
    EXPECT_EQ(alice_.refusal(proto::list::Len{.object = object}), Errc::no_such_object);
    alice_.call(proto::list::Clear{.object = holder});
}

TEST_F(Lifetime, IsCountedInReceiptsSoThatADropUndoesNoReply) {
    const auto object = nameless_list(alice_);
    const auto holder = list(alice_, "holder");
    append(alice_, holder, reference_to(object));
    alice_.call(proto::list::Copy{.object = holder});
    drop(alice_, object, 1);  // sent before that copy was read
    alice_.call(proto::list::Clear{.object = holder});
    EXPECT_TRUE(lives(object));
    drop(alice_, object, 1);
    EXPECT_FALSE(lives(object));
}

TEST_F(Lifetime, SurvivesDropsOfWhatOneDoesNotHave) {
    const auto object = nameless_list(alice_);
    auto other = client(alice);
    drop(other, object, 1000);
    drop(other, 12345);
    EXPECT_TRUE(lives(object));
    drop(alice_, object, 1000);
    EXPECT_FALSE(lives(object));
}

TEST_F(Lifetime, OfReferencesInTheFirstContents) {
    const auto inner = nameless_list(alice_);
    const auto bytes = reference_to(inner);
    const auto outer = alice_.call(proto::list::Open{.open = {}, .initial = {{bytes}}}).object;
    drop(alice_, inner);
    EXPECT_TRUE(lives(inner));
    drop(alice_, outer);
    EXPECT_FALSE(lives(outer));
    EXPECT_FALSE(lives(inner)) << "at once, with all that it kept";
}

TEST_F(Lifetime, OfAChainEndsWithItsBegin) {
    leaves_nothing([&] {
        auto last = nameless_list(alice_);
        for (int length = 0; length < 1000; ++length) {
            const auto before = nameless_list(alice_);
            append(alice_, before, reference_to(last));
            drop(alice_, last);
            last = before;
        }
        EXPECT_EQ(daemon().registry.size(), 1001U);
        drop(alice_, last);
        tidy();
    });
}

TEST_F(Lifetime, IsTheSameInEveryContainer) {
    const auto key = pack("key");
    const std::vector<std::function<std::uint64_t(Packed)>> containers{
        [&](Packed value) {
            const auto object = alice_.call(proto::value::Open{}).object;
            alice_.call(proto::value::Set{.object = object, .value = value});
            return object;
        },
        [&](Packed value) {
            const auto object = alice_.call(proto::dict::Open{}).object;
            alice_.call(proto::dict::Set{.object = object, .key = {key}, .value = value});
            return object;
        },
        [&](Packed value) {
            const auto object = alice_.call(proto::dict::Open{}).object;
            alice_.call(proto::dict::Set{.object = object, .key = value, .value = {key}});
            return object;
        },
        [&](Packed value) {
            const auto object = alice_.call(proto::name_space::Open{}).object;
            alice_.call(proto::name_space::Set{.object = object, .attribute = "a", .value = value});
            return object;
        },
        [&](Packed value) {
            const auto object = alice_.call(proto::set::Open{}).object;
            alice_.call(proto::set::Add{.object = object, .value = value});
            return object;
        },
        [&](Packed value) {
            const auto object = alice_.call(proto::queue::Open{}).object;
            alice_.call(proto::queue::Put{.object = object, .value = value});
            return object;
        },
        [&](Packed value) {
            const auto object = alice_.call(proto::queue::Open{}).object;
            alice_.call(proto::queue::Put{.object = object, .value = value});
            alice_.call(proto::queue::Take{.object = object});
            return object;
        },
    };
    leaves_nothing([&] {
        for (const auto& container : containers) {
            const auto inner = nameless_list(alice_);
            const auto bytes = reference_to(inner);
            const auto outer = container({bytes});
            drop(alice_, inner, 9);
            EXPECT_TRUE(lives(inner));
            EXPECT_EQ(daemon().registry.find(inner)->header->traits.load().references, 1U);
            drop(alice_, outer);
            EXPECT_FALSE(lives(inner));
        }
    });
}

TEST_F(Lifetime, IsKeptByWhatWaitsToBePut) {
    const auto queue = alice_.call(proto::queue::Open{.open = {}, .max_size = 1}).object;
    alice_.call(proto::queue::Put{.object = queue, .value = proto::packed_nil});
    auto putter = client(alice);
    const auto inner = nameless_list(putter);
    const auto bytes = reference_to(inner);
    const auto put = putter.request(proto::queue::Put{.object = queue, .value = {bytes}});
    ASSERT_TRUE(putter.waits(put));
    drop(putter, inner);
    EXPECT_TRUE(lives(inner));
    kill(putter);
    EXPECT_FALSE(lives(inner));
}

TEST_F(Lifetime, OfALockIsThatOfItsConditionToo) {
    const auto lock = alice_.call(proto::lock::Open{}).object;
    const auto condition = alice_.call(proto::condition::Open{.open = {}, .lock = lock}).object;
    drop(alice_, lock);
    EXPECT_TRUE(lives(lock));
    drop(alice_, condition);
    EXPECT_FALSE(lives(lock));
}

TEST_F(Lifetime, OfWhatATransactionStored) {
    const auto inner = nameless_list(alice_);
    const auto outer = list(alice_, "outer");
    std::string params;
    proto::Writer writer(params);
    proto::encode(writer, proto::list::Append{.object = outer, .value = {reference_to(inner)}});
    const auto bytes = reference_to(inner);
    params.clear();
    proto::encode(writer, proto::list::Append{.object = outer, .value = {bytes}});
    std::string copy;
    proto::Writer copy_writer(copy);
    proto::encode(copy_writer, proto::list::Copy{.object = outer});
    alice_.call(proto::transaction::Commit{
        .conditions = {}, .operations = {{.method = "list.append", .params = {params}}, {"list.copy", {copy}}}});
    drop(alice_, inner);  // the receipt of having made it; the copy in the reply was another
    alice_.call(proto::list::Clear{.object = outer});
    EXPECT_TRUE(lives(inner));
    drop(alice_, inner);
    EXPECT_FALSE(lives(inner));
}

TEST_F(Lifetime, OfManyReferencedObjectsEndsWithTheirContainer) {
    leaves_nothing([&] {
        const auto outer = nameless_list(alice_);
        for (int i = 0; i < 500; ++i) {
            const auto inner = nameless_list(alice_);
            append(alice_, outer, reference_to(inner));
            drop(alice_, inner);
        }
        EXPECT_EQ(daemon().registry.size(), 501U);
        drop(alice_, outer);
        tidy();
        EXPECT_EQ(daemon().registry.size(), 0U);
    });
}

TEST_F(Lifetime, GoesOnOverARestartWhereItIsReferredTo) {
    const auto kept = nameless_list(alice_);
    const auto alone = nameless_list(alice_);
    append(alice_, list(alice_, "holder"), reference_to(kept));
    append(alice_, alone, reference_to(alone));
    restart();
    sweep();
    EXPECT_TRUE(lives(kept));
    EXPECT_FALSE(lives(alone));
}

class AReference : public Lifetime {};

TEST_F(AReference, ToWhatIsGoneIsLookedForByValue) {
    const auto gone = reference_to(list(alice_, "gone"));
    const Packed packed{gone};
    const auto holder = list(alice_, "holder");
    append(alice_, holder, gone);
    const auto tags = alice_.call(proto::set::Open{.open = named("tags"), .initial = {packed, Packed{"\x01"}}}).object;
    const auto dict = alice_.call(proto::dict::Open{.open = named("dict"), .initial = {{packed, packed}}}).object;
    alice_.call(proto::object::Remove{.name = "gone"});

    EXPECT_TRUE(alice_.call(proto::list::Contains{.object = holder, .value = packed}).contains);
    EXPECT_EQ(alice_.call(proto::list::Index{.object = holder, .value = packed}).index, 0U);
    EXPECT_EQ(alice_.call(proto::list::Count{.object = holder, .value = packed}).count, 1U);
    EXPECT_TRUE(
        alice_.call(proto::list::CompareExchange{.object = holder, .expected = packed, .desired = Packed{"\x01"}})
            .exchanged);
    EXPECT_EQ(alice_.refusal(proto::list::Remove{.object = holder, .value = packed}), Errc::no_such_value);
    EXPECT_TRUE(alice_.call(proto::set::Contains{.object = tags, .value = packed}).contains);
    EXPECT_TRUE(alice_.call(proto::set::Discard{.object = tags, .value = packed}).discarded);
    EXPECT_EQ(alice_.refusal(proto::set::Remove{.object = tags, .value = packed}), Errc::no_such_key);
    EXPECT_TRUE(alice_.call(proto::dict::Contains{.object = dict, .key = packed}).contains);
    EXPECT_TRUE(alice_.call(proto::dict::Get{.object = dict, .key = packed}).found);
    EXPECT_TRUE(alice_
                    .call(proto::dict::CompareExchange{
                        .object = dict, .key = packed, .expected = packed, .desired = Packed{"\x01"}})
                    .exchanged);
    EXPECT_TRUE(alice_.call(proto::dict::Erase{.object = dict, .key = packed}).erased);
}

TEST_F(AReference, ToWhatIsGoneIsNotStoredBesideOneThatIsLookedFor) {
    const auto gone = reference_to(list(alice_, "gone"));
    const Packed packed{gone};
    const auto holder = list(alice_, "holder");
    const auto dict = alice_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    append(alice_, holder, gone);
    alice_.call(proto::object::Remove{.name = "gone"});
    EXPECT_EQ(alice_.refusal(proto::list::CompareExchange{.object = holder, .expected = packed, .desired = packed}),
              Errc::no_such_object);
    EXPECT_EQ(alice_.refusal(proto::list::Set{.object = holder, .index = 0, .value = packed}), Errc::no_such_object);
    EXPECT_EQ(alice_.refusal(proto::dict::Increment{.object = dict, .key = packed, .by = Packed{"\x01"}}),
              Errc::no_such_object);
    EXPECT_EQ(alice_.refusal(proto::list::Open{.open = named("other"), .initial = {packed}}), Errc::no_such_object);
    EXPECT_FALSE(daemon().registry.find("other"));
}

TEST_F(AReference, ToWhatIsGoneIsLookedForInATransaction) {
    const auto gone = reference_to(list(alice_, "gone"));
    const auto holder = list(alice_, "holder");
    append(alice_, holder, gone);
    alice_.call(proto::object::Remove{.name = "gone"});
    std::string params;
    const auto commit = [&](const auto& message) {
        params.clear();
        proto::Writer writer(params);
        proto::encode(writer, message);
        return proto::transaction::Commit{.conditions = {},
                                          .operations = {{.method = message.method, .params = {params}}}};
    };
    EXPECT_EQ(alice_.refusal(commit(proto::list::Append{.object = holder, .value = {gone}})), Errc::no_such_object);
    EXPECT_TRUE(alice_.call(commit(proto::list::Remove{.object = holder, .value = {gone}})).applied);
    EXPECT_EQ(alice_.call(proto::list::Len{.object = holder}).len, 0U);
}

TEST_F(AReference, IsRefusedToWhatDoesNotExist) {
    const auto holder = list(alice_, "holder");
    const auto bytes = reference_to(4711);
    EXPECT_EQ(alice_.refusal(proto::list::Append{.object = holder, .value = {bytes}}), Errc::no_such_object);
    EXPECT_EQ(alice_.call(proto::list::Len{.object = holder}).len, 0U);
}

TEST_F(AReference, IsRefusedAsAnotherType) {
    const auto holder = list(alice_, "holder");
    const auto bytes = pack_array({reference_to(holder, ObjectType::dict)});
    EXPECT_EQ(alice_.refusal(proto::list::Append{.object = holder, .value = {bytes}}), Errc::wrong_type);
}

TEST_F(AReference, IsRefusedToWhatIsOfAnotherDomain) {
    auto other = client(bob);
    const auto theirs = list(other, "theirs");
    other.call(proto::list::Open{.open = named("open", 0666), .initial = {}});
    const auto open = alice_.call(proto::list::Open{.open = named("open"), .initial = {}}).object;
    const auto mine = list(alice_, "mine");
    const auto to_theirs = reference_to(theirs);
    const auto to_open = reference_to(open);
    const auto to_mine = reference_to(mine);
    EXPECT_EQ(alice_.refusal(proto::list::Append{.object = mine, .value = {to_theirs}}), Errc::no_permission);
    EXPECT_EQ(alice_.refusal(proto::list::Append{.object = mine, .value = {to_open}}), Errc::other_domain);
    EXPECT_EQ(alice_.refusal(proto::list::Append{.object = open, .value = {to_mine}}), Errc::other_domain);
    EXPECT_EQ(alice_.refusal(proto::list::Open{.open = {}, .initial = {{to_open}}}), Errc::other_domain);
}

TEST_F(AReference, IsFoundByItsObject) {
    const auto inner = nameless_list(alice_);
    const auto holder = list(alice_, "holder");
    const auto bytes = reference_to(inner);
    append(alice_, holder, pack(1));
    append(alice_, holder, bytes);
    EXPECT_EQ(alice_.call(proto::list::Index{.object = holder, .value = {bytes}}).index, 1U);
}

class ACircle : public Lifetime {
  protected:
    /// Lists that refer each to the next, and the last to the first; the session uses none of them any more.
    std::vector<std::uint64_t> circle(std::size_t size) {
        std::vector<std::uint64_t> lists;
        for (std::size_t i = 0; i < size; ++i)
            lists.push_back(nameless_list(alice_));
        for (std::size_t i = 0; i < size; ++i)
            append(alice_, lists[i], reference_to(lists[(i + 1) % size]));
        for (const auto object : lists)
            drop(alice_, object);
        return lists;
    }
};

TEST_F(ACircle, IsFreedThoughItRefersToItself) {
    for (const std::size_t size : {1U, 2U, 3U, 500U})
        leaves_nothing([&] { circle(size); });
}

TEST_F(ACircle, GoesWithAllThatItRefersTo) {
    leaves_nothing([&] {
        const auto tail = nameless_list(alice_);
        const auto first = nameless_list(alice_);
        append(alice_, first, reference_to(first));
        append(alice_, first, pack_array({pack_map({pack("deep"), reference_to(tail)})}));
        drop(alice_, tail);
        drop(alice_, first);
    });
}

TEST_F(ACircle, LivesWhileASessionUsesAnyOfIt) {
    const auto lists = circle(3);
    alice_.call(proto::object::Use{.object = lists[1]});
    sweep();
    EXPECT_TRUE(lives(lists[0]));
    drop(alice_, lists[1]);
    sweep();
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_F(ACircle, LivesWhileANamedObjectLeadsToIt) {
    const auto lists = circle(3);
    const auto holder = list(alice_, "holder");
    append(alice_, holder, reference_to(lists[2]));
    sweep();
    EXPECT_EQ(daemon().registry.size(), 4U);
    alice_.call(proto::list::Clear{.object = holder});
    sweep();
    EXPECT_EQ(daemon().registry.size(), 1U);
}

TEST_F(ACircle, LivesWhileANamelessObjectThatIsUsedLeadsToIt) {
    const auto holder = nameless_list(alice_);
    const auto lists = circle(2);
    append(alice_, holder, reference_to(lists[0]));
    sweep();
    EXPECT_EQ(daemon().registry.size(), 3U);
    drop(alice_, holder);
    sweep();
    EXPECT_EQ(daemon().registry.size(), 0U);
}

/// At every point of the sweep somebody takes hold of a member and lets everything else of it go.
TEST_F(ACircle, IsNotFreedUnderSomebodyWhoComesBackToIt) {
    for (int turn = 0;; ++turn) {
        daemon().now_ns += 10'000'000'000;
        const auto lists = circle(40);
        for (int turns = 0; turns < turn && daemon().tidy(); ++turns) {
        }
        if (daemon().registry.size() < lists.size()) {  // it has been found out, and nobody could come back
            ASSERT_GT(turn, 3);
            return;
        }
        const auto holder = list(alice_, "holder");
        append(alice_, holder, reference_to(lists[7]));
        sweep();
        ASSERT_EQ(daemon().registry.size(), 41U) << "after " << turn << " turns of the sweep";
        alice_.call(proto::object::Remove{.name = "holder"});
        sweep();
        ASSERT_EQ(daemon().registry.size(), 0U);
    }
}

TEST_F(ACircle, IsSweptInSlices) {
    circle(2000);
    daemon().now_ns += 10'000'000'000;
    int turns = 0;
    while (daemon().tidy())
        ++turns;
    EXPECT_GT(turns, 2000 / 16);
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_F(ACircle, IsSearchedForWhenItsTimeHasCome) {
    EXPECT_EQ(daemon().next_deadline_ns(), std::nullopt);
    circle(2);
    tidy();
    circle(2);
    const auto due = daemon().next_deadline_ns();
    ASSERT_TRUE(due.has_value());
    tidy();
    EXPECT_EQ(daemon().registry.size(), 2U) << "not yet";
    daemon().now_ns = *due;
    tidy();
    EXPECT_EQ(daemon().registry.size(), 0U);
    EXPECT_EQ(daemon().next_deadline_ns(), std::nullopt);
}

}  // namespace
}  // namespace steward::daemon::lifetimes_test
