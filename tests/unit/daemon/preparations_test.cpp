#include "daemon/preparations.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {
namespace {

namespace list = proto::list;
namespace dict = proto::dict;
using proto::Errc;
using Integers = std::vector<std::int64_t>;

/// A list that is too long for one piece, in no order.
class ALongList : public DaemonTest {
  protected:
    static constexpr std::int64_t length = 20'000;

    ALongList() {
        std::vector<std::string> packed;
        for (const auto integer : scattered())
            packed.push_back(pack(integer));
        std::vector<proto::Packed> values(packed.begin(), packed.end());
        client_.call(list::Extend{.object = list_, .values = values});
    }

    static Integers scattered() {
        Integers integers;
        for (std::int64_t i = 0; i < length; ++i)
            integers.push_back(i * 7919 % length);
        return integers;
    }

    Integers items() { return integers_of(client_.call(list::Copy{.object = list_}).values); }

    /// A piece of each object's work.
    void go_on(int pieces = 1) {
        for (int i = 0; i < pieces; ++i)
            Dispatcher(daemon()).go_on();
    }

    void change_by_transaction(Client& by) {
        std::string params;
        proto::Writer writer(params);
        proto::encode(writer, list::Append{.object = list_, .value = {packed_zero_}});
        ASSERT_TRUE(
            by.call(proto::transaction::Commit{.operations = {{.method = list::Append::method, .params = {params}}}})
                .applied);
    }

    Client client_ = client();
    Client other_ = client();
    std::uint64_t list_ = client_.call(list::Open{.open = named("long")}).object;
    std::string packed_zero_ = pack(0);
};

TEST_F(ALongList, IsSortedInPiecesBetweenWhichOthersAreAnswered) {
    const auto elsewhere = other_.call(list::Open{.open = named("elsewhere")}).object;
    const auto sort = client_.begin(list::Sort{.object = list_});
    int pieces = 0;
    while (client_.waits(sort)) {
        go_on();
        ++pieces;
        const auto append = other_.begin(list::Append{.object = elsewhere, .value = {packed_zero_}});
        EXPECT_FALSE(other_.waits(append));
    }
    EXPECT_GT(pieces, 50);
    EXPECT_TRUE(daemon().preparations.empty());
    auto expected = scattered();
    std::ranges::sort(expected);
    EXPECT_EQ(items(), expected);
    client_.call(list::Sort{.object = list_, .reverse = true});
    std::ranges::reverse(expected);
    EXPECT_EQ(items(), expected);
}

TEST_F(ALongList, IsCopiedSearchedAndCountedInPieces) {
    EXPECT_EQ(items(), scattered());
    const auto last = pack(scattered().back());
    EXPECT_EQ(client_.call(list::Index{.object = list_, .value = {last}}).index, length - 1U);
    EXPECT_EQ(client_.call(list::Count{.object = list_, .value = {last}}).count, 1U);
    EXPECT_TRUE(client_.call(list::Contains{.object = list_, .value = {last}}).contains);
    const auto absent = pack(-1);
    EXPECT_FALSE(client_.call(list::Contains{.object = list_, .value = {absent}}).contains);
    EXPECT_EQ(client_.refusal(list::Index{.object = list_, .value = {absent}}), Errc::no_such_value);
    client_.call(list::Remove{.object = list_, .value = {last}});
    EXPECT_EQ(client_.call(list::Count{.object = list_, .value = {last}}).count, 0U);
}

TEST_F(ALongList, IsRefusedAnOrderThatItsLastItemHasNot) {
    const auto text = pack("text");
    client_.call(list::Append{.object = list_, .value = {text}});
    EXPECT_EQ(client_.refusal(list::Sort{.object = list_}), Errc::type_mismatch);
    EXPECT_TRUE(daemon().preparations.empty());
    EXPECT_EQ(client_.call(list::Len{.object = list_}).len, length + 1U);
}

TEST_F(ALongList, LetsRequestsWaitUntilItIsSortedAndKeepsTheirOrder) {
    const auto sort = client_.begin(list::Sort{.object = list_});
    const auto append = client_.begin(list::Append{.object = list_, .value = {packed_zero_}});
    const auto length_then = other_.begin(list::Len{.object = list_});
    EXPECT_TRUE(client_.waits(append));
    EXPECT_TRUE(other_.waits(length_then));
    Client::prepare(daemon());
    EXPECT_FALSE(client_.waits(sort));
    EXPECT_EQ(other_.result_of<list::Len>(length_then)->len, length + 1U);
    EXPECT_EQ(integer_of(client_.call(list::Get{.object = list_, .index = -1}).value), 0);
}

TEST_F(ALongList, LetsATransactionWaitUntilItIsSorted) {
    client_.begin(list::Sort{.object = list_});
    change_by_transaction(other_);
    EXPECT_EQ(integer_of(client_.call(list::Get{.object = list_, .index = -1}).value), 0);
}

TEST_F(ALongList, IsSortedAnewWhereItHasChangedMeanwhile) {
    const auto sort = client_.begin(list::Sort{.object = list_});
    go_on(10);
    const auto object = daemon().registry.find(list_).value();
    for (int times = 0; times < 5 && client_.waits(sort); ++times) {
        {
            shared::Mutation mutation(object.heap());
            object.begin_change(mutation);
        }
        go_on(2);
    }
    EXPECT_FALSE(client_.waits(sort)) << "it is done in one go after some beginnings";
    auto expected = scattered();
    std::ranges::sort(expected);
    EXPECT_EQ(items(), expected);
}

TEST_F(ALongList, ThatIsRemovedMeanwhileIsNotSorted) {
    const auto sort = client_.begin(list::Sort{.object = list_});
    go_on(3);
    ASSERT_EQ(other_.refusal(proto::object::Remove{.name = "long"}), std::nullopt);
    Client::prepare(daemon());
    EXPECT_EQ(client_.refusal_of(sort), Errc::no_such_object);
    EXPECT_TRUE(daemon().preparations.empty());
}

TEST_F(ALongList, IsNotSortedForWhoeverHasGone) {
    client_.begin(list::Sort{.object = list_});
    const auto length_then = other_.begin(list::Len{.object = list_});
    go_on(3);
    kill(client_);
    Client::prepare(daemon());
    EXPECT_EQ(other_.result_of<list::Len>(length_then)->len, static_cast<std::uint64_t>(length));
    EXPECT_NE(integers_of(other_.call(list::Copy{.object = list_}).values).front(), 1);
    EXPECT_TRUE(daemon().preparations.empty());
}

TEST_F(ALongList, IsASessionsOnlyConcernOnceThereAreEnough) {
    for (int requests = 0; !daemon().preparations.has_enough_of(client_.session()); ++requests) {
        ASSERT_LT(requests, 100);
        client_.begin(list::Sort{.object = list_});
    }
    EXPECT_FALSE(daemon().preparations.has_enough_of(other_.session()));
    Client::prepare(daemon());
    EXPECT_FALSE(daemon().preparations.has_enough_of(client_.session()));
}

TEST_F(DaemonTest, ALongDictIsCopiedInPieces) {
    auto by = client();
    const auto object = by.call(dict::Open{.open = named("dict")}).object;
    constexpr std::int64_t size = 10'000;
    for (std::int64_t key = 0; key < size; ++key)
        by.call(dict::Set{.object = object, .key = {pack(key)}, .value = {pack(-key)}});
    const auto asked = by.begin(dict::Items{.object = object});
    EXPECT_TRUE(by.waits(asked));
    Client::prepare(daemon());
    const auto items = by.result_of<dict::Items>(asked)->items;
    ASSERT_EQ(items.size(), static_cast<std::size_t>(size));
    for (std::int64_t key = 0; key < size; ++key) {
        ASSERT_EQ(integer_of(items[static_cast<std::size_t>(key)].first), key);
        ASSERT_EQ(integer_of(items[static_cast<std::size_t>(key)].second), -key);
    }
    const auto keys = by.call(dict::Keys{.object = object}).keys;
    const auto values = by.call(dict::Values{.object = object}).values;
    EXPECT_EQ(integer_of(keys.back()), size - 1);
    EXPECT_EQ(integer_of(values.back()), 1 - size);
}

}  // namespace
}  // namespace steward::daemon
