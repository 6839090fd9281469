#include "daemon/objects/namespace.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::namespace_test {
namespace {

using proto::Errc;
namespace name_space = proto::name_space;

using Attributes = std::vector<std::pair<std::string, std::string>>;

class ANamespace : public DaemonTest {
  protected:
    void set(std::string_view attribute, const std::string& value) {
        client_.call(name_space::Set{.object = namespace_, .attribute = attribute, .value = {value}});
    }
    std::string get(std::string_view attribute) {
        return std::string(client_.call(name_space::Get{.object = namespace_, .attribute = attribute}).value.bytes);
    }
    bool contains(std::string_view attribute) {
        return client_.call(name_space::Contains{.object = namespace_, .attribute = attribute}).contains;
    }
    Attributes attributes() {
        Attributes attributes;
        for (const auto& [name, value] : client_.call(name_space::Copy{.object = namespace_}).attributes)
            attributes.emplace_back(name, value.bytes);
        return attributes;
    }

    Client client_ = client();
    std::uint64_t namespace_ = client_.call(name_space::Open{.open = named("namespace", 0604), .initial = {}}).object;
};

TEST_F(ANamespace, NamesTheAttributeThatIsMissing) {
    EXPECT_EQ(client_.refusal(name_space::Get{.object = namespace_, .attribute = "x"}), Errc::no_such_key);
    EXPECT_EQ(client_.complaint(name_space::Get{.object = namespace_, .attribute = "x"}),
              "namespace 'namespace' has no attribute 'x'");
}

TEST_F(ANamespace, RefusesANameThatIsNoString) {
    const auto params = pack_array({pack(namespace_), pack(1), pack(2)});
    client_.dispatch(pack_array({pack(0), pack(1'000), pack("namespace.set"), params}));
    EXPECT_EQ(client_.refusal_of(1'000), Errc::invalid_argument);
    EXPECT_EQ(attributes(), Attributes());
}

TEST_F(ANamespace, ErasesOnlyAnAttributeThatExists) {
    set("x", pack(1));
    client_.call(name_space::Erase{.object = namespace_, .attribute = "x"});
    EXPECT_FALSE(contains("x"));
    EXPECT_EQ(client_.refusal(name_space::Erase{.object = namespace_, .attribute = "x"}), Errc::no_such_key);
}

TEST_F(ANamespace, SurvivesARestart) {
    set("x", pack("kept"));
    restart();
    client_ = client();
    EXPECT_EQ(get("x"), pack("kept"));
}

TEST_F(ANamespace, IsDescribedByItsAttributes) {
    set("x", pack(1));
    const auto info = client_.call(proto::object::Find{.name = "namespace"});
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.state, "1 attributes");
}

TEST_F(ANamespace, IsReadByReadersAndChangedByWriters) {
    set("x", pack(1));
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(name_space::Get{.object = namespace_, .attribute = "x"}), std::nullopt);
    EXPECT_EQ(stranger.refusal(name_space::Contains{.object = namespace_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(name_space::Names{.object = namespace_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(name_space::Copy{.object = namespace_}), std::nullopt);
    for (const auto refusal : {stranger.refusal(name_space::Set{.object = namespace_}),
                               stranger.refusal(name_space::Erase{.object = namespace_}),
                               stranger.refusal(name_space::CompareExchange{.object = namespace_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(get("x"), pack(1));
}

TEST_F(ANamespace, RefusesObjectsThatAreNoNamespace) {
    const auto dict = client_.call(proto::dict::Open{.open = named("dict"), .initial = {}}).object;
    EXPECT_EQ(client_.refusal(name_space::Set{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(name_space::Copy{.object = dict}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(name_space::Get{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::namespace_test
