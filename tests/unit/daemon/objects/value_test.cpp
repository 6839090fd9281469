#include "daemon/objects/value.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::value_test {
namespace {

using proto::Errc;
using proto::value::CompareExchange;
using proto::value::FetchAdd;
using proto::value::Get;
using proto::value::Open;
using proto::value::Set;

class AValue : public DaemonTest {
  protected:
    std::string get() { return std::string(client_.call(Get{.object = value_}).value.bytes); }
    void set(const std::string& packed) { client_.call(Set{.object = value_, .value = {packed}}); }

    Client client_ = client();
    std::uint64_t value_ = client_.call(Open{.open = named("value", 0604)}).object;
};

TEST_F(AValue, HoldsAnyValueAsItWasGiven) {
    for (const auto& packed : {pack(true), pack(-1), pack(2.5), pack("text"), pack_array({pack(1), pack_array({})}),
                               pack_map({pack("k"), pack(nullptr)}), std::string("\xd4\x05\x01", 3),
                               pack(std::string(100'000, 'x')), pack(nullptr)}) {
        set(packed);
        EXPECT_EQ(get(), packed);
    }
}

TEST_F(AValue, SurvivesARestart) {
    set(pack("kept"));
    restart();
    client_ = client();
    EXPECT_EQ(get(), pack("kept"));
}

TEST_F(AValue, IsDescribedByTheKindOfWhatItHolds) {
    EXPECT_EQ(client_.call(proto::object::Find{.name = "value"}).state, "nil");
    set(pack_map({}));
    EXPECT_EQ(client_.call(proto::object::Find{.name = "value"}).state, "map");
}

TEST_F(AValue, CountsTheChanges) {
    const auto before = client_.call(proto::object::Find{.name = "value"}).operations;
    set(pack(1));
    set(pack(2));
    EXPECT_EQ(client_.call(proto::object::Find{.name = "value"}).operations, before + 2);
}

TEST_F(AValue, IsReadByReadersAndChangedByWriters) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(Get{.object = value_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(Set{.object = value_, .value = {pack(1)}}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(FetchAdd{.object = value_, .by = {pack(1)}}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(CompareExchange{.object = value_}), Errc::no_permission);
    auto colleague = client(bob, 100);
    EXPECT_EQ(colleague.refusal(Get{.object = value_}), Errc::no_permission);
}

TEST_F(AValue, RefusesObjectsThatAreNoValue) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(client_.refusal(Get{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(Set{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(CompareExchange{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(FetchAdd{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(Get{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::value_test
