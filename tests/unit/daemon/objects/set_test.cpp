#include "daemon/objects/set.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::set_test {
namespace {

using proto::Errc;
namespace set = proto::set;

using Values = std::vector<std::string>;

class ASet : public DaemonTest {
  protected:
    bool add(const std::string& value) { return client_.call(set::Add{.object = set_, .value = {value}}).added; }
    Values values() {
        Values values;
        for (const auto value : client_.call(set::Copy{.object = set_}).values)
            values.emplace_back(value.bytes);
        return values;
    }
    bool contains(const std::string& value) {
        return client_.call(set::Contains{.object = set_, .value = {value}}).contains;
    }
    std::uint64_t length() { return client_.call(set::Len{.object = set_}).len; }

    Client client_ = client();
    std::uint64_t set_ = client_.call(set::Open{.open = named("set", 0604), .initial = {}}).object;
};

TEST_F(ASet, RefusesValuesThatCanBeNone) {
    for (const auto& value : {pack_map({}), pack_array({pack(1), pack_map({})}), std::string("\xd4\x05\x01", 3)}) {
        EXPECT_EQ(client_.refusal(set::Add{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Discard{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Remove{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Contains{.object = set_, .value = {value}}), Errc::type_mismatch);
        EXPECT_EQ(client_.refusal(set::Update{.object = set_, .values = {{value}}}), Errc::type_mismatch);
    }
    EXPECT_EQ(length(), 0U);
}

TEST_F(ASet, SaysThatItHasNoSuchValueToWhoRemovesIt) {
    EXPECT_EQ(client_.complaint(set::Remove{.object = set_, .value = {pack(1)}}), "set 'set' has no such value");
}

TEST_F(ASet, SurvivesARestart) {
    for (int i = 0; i < 1'000; ++i)
        add(pack(i));
    restart();
    client_ = client();
    EXPECT_EQ(length(), 1'000U);
    EXPECT_TRUE(contains(pack(777)));
    EXPECT_EQ(values().front(), pack(0));
}

TEST_F(ASet, IsDescribedByItsLength) {
    add(pack("a"));
    const auto info = client_.call(proto::object::Find{.name = "set"});
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.state, "1 values");
}

TEST_F(ASet, IsReadByReadersAndChangedByWriters) {
    add(pack("a"));
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(set::Copy{.object = set_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(set::Contains{.object = set_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(set::Len{.object = set_}), std::nullopt);
    for (const auto refusal :
         {stranger.refusal(set::Add{.object = set_}), stranger.refusal(set::Discard{.object = set_}),
          stranger.refusal(set::Remove{.object = set_}), stranger.refusal(set::Pop{.object = set_}),
          stranger.refusal(set::Update{.object = set_}), stranger.refusal(set::Clear{.object = set_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(length(), 1U);
}

TEST_F(ASet, RefusesObjectsThatAreNoSet) {
    const auto dict = client_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    EXPECT_EQ(client_.refusal(set::Add{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(set::Copy{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(set::Clear{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(set::Pop{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::set_test
