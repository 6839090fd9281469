#include <gtest/gtest.h>

#include <string>

#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::ObjectType;
using proto::OpenMode;

/// What holds for objects of each type of the list.
class EveryType : public DaemonTest, public testing::WithParamInterface<proto::ObjectTypeName> {
  protected:
    ObjectType type() const { return GetParam().type; }

    proto::Opened open(Client& client, const proto::Open& how) { return open_object(client, type(), how); }
    std::optional<Errc> refusal(Client& client, const proto::Open& how) { return open_refusal(client, type(), how); }

    ObjectType another_type() const { return type() == ObjectType::lock ? ObjectType::value : ObjectType::lock; }

    Client owner_ = client(alice);
};

INSTANTIATE_TEST_SUITE_P(, EveryType, testing::ValuesIn(named_types()),
                         [](const auto& type) { return std::string(type.param.name); });

TEST_P(EveryType, IsMadeOnceAndOpenedFromThenOn) {
    const auto made = open(owner_, named("thing"));
    EXPECT_TRUE(made.created);
    auto other = client(alice);
    const auto opened = open(other, named("thing"));
    EXPECT_FALSE(opened.created);
    EXPECT_EQ(opened.object, made.object);
}

TEST_P(EveryType, IsMadeOnlyOrOpenedOnlyWhereToldSo) {
    EXPECT_EQ(refusal(owner_, {.name = "thing", .open_mode = OpenMode::open_only}), Errc::no_such_object);
    EXPECT_TRUE(open(owner_, {.name = "thing", .open_mode = OpenMode::create_only}).created);
    EXPECT_EQ(refusal(owner_, {.name = "thing", .open_mode = OpenMode::create_only}), Errc::object_exists);
    EXPECT_FALSE(open(owner_, {.name = "thing", .open_mode = OpenMode::open_only}).created);
}

TEST_P(EveryType, IsNotOpenedAsAnotherType) {
    open(owner_, named("thing"));
    EXPECT_EQ(open_refusal(owner_, another_type(), named("thing")), Errc::wrong_type);
}

TEST_P(EveryType, RefusesImpossibleNames) {
    for (const auto& name : {std::string(256, 'x'), std::string("a\nb"), std::string("\xff"), std::string("a\0b", 3),
                             std::string("\xc2\x85")})
        EXPECT_EQ(refusal(owner_, named(name)), Errc::invalid_name) << testing::PrintToString(name);
    EXPECT_EQ(daemon().registry.size(), 0U) << "nothing changed";
    EXPECT_TRUE(open(owner_, named(std::string(255, 'x'))).created);
}

TEST_P(EveryType, RefusesImpossibleWaysToOpen) {
    EXPECT_EQ(refusal(owner_, {.name = "thing", .open_mode = static_cast<OpenMode>(3)}), Errc::invalid_argument);
    EXPECT_EQ(refusal(owner_, {.name = "thing", .mode = 01777}), Errc::invalid_argument);
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_P(EveryType, SharesItsNameWithNoOtherUser) {
    open(owner_, named("thing"));
    auto stranger = client(bob);
    EXPECT_EQ(refusal(stranger, named("thing")), Errc::no_permission);
    EXPECT_EQ(refusal(stranger, {.name = "thing", .open_mode = OpenMode::create_only}), Errc::object_exists);
}

TEST_P(EveryType, IsOpenedByWhomTheModeAllows) {
    auto stranger = client(bob, 200);
    auto colleague = client(bob, 200, {100});
    auto root = client(0, 0);
    open(owner_, named("for all", 0604));
    open(owner_, named("for the group", 0660));
    open(owner_, named("mine", 0600));
    EXPECT_EQ(refusal(stranger, named("for all")), std::nullopt);
    EXPECT_EQ(refusal(stranger, named("for the group")), Errc::no_permission);
    EXPECT_EQ(refusal(colleague, named("for the group")), std::nullopt) << "a supplementary group counts";
    EXPECT_EQ(refusal(colleague, named("for all")), Errc::no_permission) << "the group's bits come first, as of a file";
    EXPECT_EQ(refusal(root, named("mine")), std::nullopt);
}

TEST_P(EveryType, IsDescribed) {
    const auto made = open(owner_, named("thing", 0640));
    const auto info = owner_.call(proto::object::Find{.name = "thing"});
    EXPECT_EQ(info.object, made.object);
    EXPECT_EQ(info.name, "thing");
    EXPECT_EQ(info.type, type());
    EXPECT_EQ(info.owner, alice);
    EXPECT_EQ(info.group, 100U);
    EXPECT_EQ(info.mode, 0640);
    EXPECT_FALSE(info.ephemeral);
    EXPECT_FALSE(info.state.empty());
    EXPECT_TRUE(info.holders.empty());
    EXPECT_TRUE(info.waiters.empty());
    EXPECT_EQ(owner_.call(proto::object::Info{.object = made.object}).name, "thing");
}

TEST_P(EveryType, IsGoneOnceRemovedAndItsIdIsNeverUsedAgain) {
    const auto first = open(owner_, named("thing"));
    EXPECT_TRUE(owner_.call(proto::object::Remove{.name = "thing"}).removed);
    EXPECT_EQ(owner_.refusal(proto::object::Find{.name = "thing"}), Errc::no_such_object);
    EXPECT_EQ(owner_.refusal(proto::object::Info{.object = first.object}), Errc::no_such_object);
    const auto second = open(owner_, named("thing"));
    EXPECT_TRUE(second.created);
    EXPECT_NE(second.object, first.object);
    EXPECT_EQ(owner_.refusal(proto::object::Info{.object = first.object}), Errc::no_such_object);
}

TEST_P(EveryType, IsRemovedByItsOwnerAndRootOnly) {
    open(owner_, named("thing", 0666));
    auto stranger = client(bob);
    EXPECT_EQ(stranger.refusal(proto::object::Remove{.name = "thing"}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(proto::object::Break{.name = "thing"}), Errc::no_permission);
    auto root = client(0, 0);
    EXPECT_TRUE(root.call(proto::object::Remove{.name = "thing"}).removed);
}

TEST_P(EveryType, GoesWithTheLastSessionThatOpenedItWhereItIsEphemeral) {
    auto other = client(alice);
    open(owner_, {.name = "thing", .ephemeral = true});
    open(other, named("thing"));
    open(other, named("thing"));
    EXPECT_TRUE(other.call(proto::object::Find{.name = "thing"}).ephemeral);
    kill(owner_);
    EXPECT_EQ(other.refusal(proto::object::Find{.name = "thing"}), std::nullopt);
    close(other);
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_P(EveryType, OutlivesItsSessionsWhereItIsNotEphemeral) {
    open(owner_, named("thing"));
    kill(owner_);
    auto other = client(alice);
    EXPECT_FALSE(open(other, named("thing")).created);
}

TEST_P(EveryType, SurvivesARestartWithItsIdAndItsMode) {
    const auto made = open(owner_, named("thing", 0640));
    restart();
    auto after = client(alice);
    const auto info = after.call(proto::object::Find{.name = "thing"});
    EXPECT_EQ(info.object, made.object);
    EXPECT_EQ(info.type, type());
    EXPECT_EQ(info.mode, 0640);
}

TEST_P(EveryType, DoesNotSurviveARestartWhereItIsEphemeral) {
    open(owner_, {.name = "thing", .ephemeral = true});
    restart();
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_P(EveryType, GivesAllItsMemoryBackWhenItIsRemoved) {
    const auto used = [&] {
        tidy();
        return owner_.call(proto::daemon::Status{}).memory_used_bytes;
    };
    const auto round = [&] {
        open(owner_, named("a name that is long enough to need memory of its own"));
        owner_.call(proto::object::Remove{.name = "a name that is long enough to need memory of its own"});
    };
    round();  // slots and lines of words are kept for the next object
    const auto before = used();
    for (int i = 0; i < 100; ++i)
        round();
    EXPECT_EQ(used(), before);
}

}  // namespace
}  // namespace steward::daemon
