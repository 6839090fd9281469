#include "daemon/transactions.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::transactions_test {
namespace {

using proto::Errc;
namespace words = proto::transaction;
using words::Commit;
using words::Operation;
using words::Requirement;

class ATransaction : public DaemonTest {
  protected:
    /// The bytes live as long as the test.
    template <class T>
    proto::Packed keep(const T& value) {
        return {kept_.emplace_back(pack(value))};
    }
    template <proto::Message M>
    Operation operation(const M& message) {
        auto& params = kept_.emplace_back();
        proto::Writer writer(params);
        proto::encode(writer, message);
        return {.method = M::method, .params = {params}};
    }
    Operation set(const char* key, int value) {
        return operation(proto::dict::Set{.object = dict_, .key = keep(key), .value = keep(value)});
    }
    Operation append(int value) { return operation(proto::list::Append{.object = list_, .value = keep(value)}); }
    words::Condition of_key(const char* key, Requirement requirement, std::uint64_t version = 0) {
        return {.object = dict_, .requirement = requirement, .version = version, .of_key = true, .key = keep(key)};
    }
    Commit::Result commit(std::vector<words::Condition> conditions, std::vector<Operation> operations) {
        return client_.call(Commit{.conditions = std::move(conditions), .operations = std::move(operations)});
    }
    std::optional<Errc> refusal(std::vector<words::Condition> conditions, std::vector<Operation> operations) {
        return client_.refusal(Commit{.conditions = std::move(conditions), .operations = std::move(operations)});
    }
    std::uint64_t dict_size() { return client_.call(proto::dict::Len{.object = dict_}).len; }
    std::uint64_t list_size() { return client_.call(proto::list::Len{.object = list_}).len; }

    std::deque<std::string> kept_;
    Client client_ = client();
    std::uint64_t dict_ = client_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    std::uint64_t list_ = client_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
};

TEST_F(ATransaction, AppliesAllOfItInOrder) {
    const auto result =
        commit({}, {set("a", 1), operation(proto::dict::Increment{.object = dict_, .key = keep("a"), .by = keep(5)}),
                    append(7), operation(proto::list::Pop{.object = list_})});
    EXPECT_TRUE(result.applied);
    EXPECT_EQ(result.failed, std::nullopt);
    ASSERT_EQ(result.results.size(), 4U);
    EXPECT_EQ(integer_of(proto::decode_params<proto::dict::Increment::Result>(result.results[1]).value), 6);
    EXPECT_EQ(integer_of(proto::decode_params<proto::list::Pop::Result>(result.results[3]).value), 7);
    EXPECT_EQ(dict_size(), 1U);
}

TEST_F(ATransaction, ChangesNothingWhereOneOperationIsRefused) {
    commit({}, {set("a", 1), append(1)});
    const auto before = client_.call(proto::object::Info{.object = dict_}).version;
    EXPECT_EQ(
        refusal({}, {set("a", 2), set("b", 2), append(2), operation(proto::list::Get{.object = list_, .index = 9})}),
        Errc::index_out_of_range);
    EXPECT_EQ(dict_size(), 1U);
    EXPECT_EQ(list_size(), 1U);
    EXPECT_EQ(integer_of(client_.call(proto::dict::Get{.object = dict_, .key = keep("a")}).value), 1);
    EXPECT_GT(client_.call(proto::object::Info{.object = dict_}).version, before) << "a version never goes back";
}

TEST_F(ATransaction, SaysWhichOperationWasRefused) {
    EXPECT_EQ(
        client_.complaint(Commit{.conditions = {},
                                 .operations = {append(1), operation(proto::list::Pop{.object = list_, .index = 5})}}),
        "operation 1 of the transaction (list.pop): index 5 lies outside of list 'list', which has 1 items");
}

TEST_F(ATransaction, TellsTheFirstConditionThatDoesNotHold) {
    commit({}, {set("a", 1)});
    const auto version = client_.call(proto::dict::Get{.object = dict_, .key = keep("a")}).version;
    const auto applied = commit({of_key("a", Requirement::exists), of_key("b", Requirement::absent),
                                 of_key("a", Requirement::version, version), of_key("b", Requirement::version, 0)},
                                {set("c", 1)});
    EXPECT_TRUE(applied.applied);
    const auto refused = commit({of_key("a", Requirement::exists), of_key("b", Requirement::exists)}, {set("d", 1)});
    EXPECT_FALSE(refused.applied);
    EXPECT_EQ(refused.failed, 1U);
    EXPECT_TRUE(refused.results.empty());
    EXPECT_EQ(dict_size(), 2U);
    commit({}, {set("a", 2)});
    EXPECT_EQ(commit({of_key("a", Requirement::version, version)}, {set("a", 3)}).failed, 0U);
    EXPECT_EQ(commit({of_key("a", Requirement::absent)}, {set("a", 3)}).failed, 0U);
}

TEST_F(ATransaction, HasConditionsOnObjects) {
    const auto version = client_.call(proto::object::Info{.object = list_}).version;
    EXPECT_TRUE(commit({{.object = list_}, {.object = list_, .requirement = Requirement::version, .version = version}},
                       {append(1)})
                    .applied);
    EXPECT_EQ(commit({{.object = list_, .requirement = Requirement::version, .version = version}}, {append(1)}).failed,
              0U);
    EXPECT_EQ(commit({{.object = list_, .requirement = Requirement::absent}}, {append(1)}).failed, 0U);
    const auto gone = client_.call(proto::value::Open{.open = named("gone")}).object;
    client_.call(proto::object::Remove{.name = "gone"});
    EXPECT_EQ(commit({{.object = gone}}, {append(1)}).failed, 0U);
    EXPECT_TRUE(commit({{.object = gone, .requirement = Requirement::absent}}, {append(1)}).applied);
}

TEST_F(ATransaction, IsOverContainersOfEveryType) {
    const auto value = client_.call(proto::value::Open{.open = named("value"), .initial = keep(1)}).object;
    const auto set = client_.call(proto::set::Open{.open = named("set"), .initial = {}}).object;
    const auto name_space = client_.call(proto::name_space::Open{.open = named("namespace"), .initial = {}}).object;
    const auto array =
        client_.call(proto::array::Open{.open = named("array"), .length = 2, .typecode = "i", .initial = {}}).object;
    EXPECT_TRUE(
        commit({}, {operation(proto::value::FetchAdd{.object = value, .by = keep(1)}),
                    operation(proto::set::Add{.object = set, .value = keep(1)}),
                    operation(proto::name_space::Set{.object = name_space, .attribute = "attribute", .value = keep(1)}),
                    operation(proto::array::Set{.object = array, .index = 1, .value = keep(1)})})
            .applied);
}

TEST_F(ATransaction, RefusesWhatCannotBeAPartOfIt) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(refusal({}, {}), Errc::invalid_argument);
    EXPECT_EQ(refusal({}, {operation(proto::lock::Acquire{.object = lock, .where = {}})}), Errc::invalid_argument);
    EXPECT_EQ(refusal({}, {operation(proto::list::Open{.open = named("new"), .initial = {}})}), Errc::invalid_argument);
    EXPECT_EQ(refusal({}, {operation(proto::list::Append{.object = dict_})}), Errc::wrong_type);
    EXPECT_EQ(refusal({}, {operation(proto::list::Append{.object = 99})}), Errc::no_such_object);
    EXPECT_EQ(refusal({}, std::vector<Operation>(1025, append(1))), Errc::invalid_argument);
    EXPECT_EQ(refusal(std::vector<words::Condition>(1025, words::Condition{.object = list_}), {append(1)}),
              Errc::invalid_argument);
    EXPECT_EQ(refusal({{.object = list_, .of_key = true, .key = keep("a")}}, {append(1)}), Errc::wrong_type);
    EXPECT_EQ(refusal({of_key("a", static_cast<Requirement>(3))}, {append(1)}), Errc::invalid_argument);
    auto stranger = client(bob);
    const auto others = stranger.call(proto::list::Open{.open = named("others", 0666), .initial = {}}).object;
    EXPECT_EQ(refusal({}, {append(1), operation(proto::list::Append{.object = others, .value = keep(1)})}),
              Errc::other_domain);
    EXPECT_EQ(stranger.refusal(Commit{.conditions = {}, .operations = {append(1)}}), Errc::no_permission);
    EXPECT_EQ(list_size(), 0U);
}

TEST_F(ATransaction, IsAsAWholeAfterARestart) {
    commit({}, {set("a", 1), append(1)});
    restart();
    client_ = client();
    EXPECT_EQ(dict_size(), 1U);
    EXPECT_EQ(list_size(), 1U);
}

}  // namespace
}  // namespace steward::daemon::transactions_test
