#include <tuple>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::every_type_test {
namespace {

using proto::OpenMode;

/// The messages that open an object by its name: of every type but processes, which have none.
using OpenMessages = std::tuple<proto::lock::Open, proto::semaphore::Open, proto::event::Open, proto::list::Open,
                                proto::dict::Open, proto::value::Open, proto::rlock::Open, proto::rwlock::Open,
                                proto::bounded_semaphore::Open, proto::condition::Open, proto::barrier::Open,
                                proto::queue::Open, proto::name_space::Open, proto::array::Open, proto::set::Open>;
static_assert(std::tuple_size_v<OpenMessages> + 1 == proto::object_types.size(), "a type is missing here");

/// What holds for objects of each type.
class AnObjectOfAnyType : public Conformance {
  protected:
    /// For each type: `use(open)`, where `open(client, how)` opens one.
    template <class Use>
    static void for_each_type(Use use) {
        std::apply(
            [&](auto... messages) {
                const auto use_one = [&]<class M>(M message) {
                    const testing::ScopedTrace trace(__FILE__, __LINE__, std::string(M::method));
                    use([message](Client& client, const proto::Open& how) mutable {
                        message.open = how;
                        return client.call(message);
                    });
                };
                (use_one(messages), ...);
            },
            OpenMessages{});
    }

    template <class Open>
    static std::optional<Errc> refusal_to(Open& open, Client& client, const proto::Open& how) {
        try {
            open(client, how);
            return std::nullopt;
        } catch (const proto::Refusal& refusal) {
            return refusal.code();
        }
    }

    Client first_ = client();
    Client second_ = client();
};

INSTANTIATE_TEST_SUITE_P(, AnObjectOfAnyType, every_way(), name_of_way);

TEST_P(AnObjectOfAnyType, IsMadeOnceAndOpenedFromThenOn) {
    for_each_type([&](auto open) {
        const auto made = open(first_, named("thing"));
        EXPECT_TRUE(made.created);
        const auto opened = open(second_, named("thing"));
        EXPECT_FALSE(opened.created);
        EXPECT_EQ(opened.object, made.object);
        remove("thing");
        EXPECT_TRUE(open(second_, named("thing")).created);
        remove("thing");
    });
}

TEST_P(AnObjectOfAnyType, IsMadeOnlyOrOpenedOnlyWhereToldSo) {
    for_each_type([&](auto open) {
        const proto::Open open_only{.name = "thing", .open_mode = OpenMode::open_only};
        const proto::Open create_only{.name = "thing", .open_mode = OpenMode::create_only};
        EXPECT_EQ(refusal_to(open, first_, open_only), Errc::no_such_object);
        EXPECT_EQ(refusal_to(open, first_, create_only), std::nullopt);
        EXPECT_EQ(refusal_to(open, second_, create_only), Errc::object_exists);
        EXPECT_EQ(refusal_to(open, second_, open_only), std::nullopt);
        remove("thing");
    });
}

TEST_P(AnObjectOfAnyType, IsOfOneType) {
    first_.call(proto::lock::Open{.open = named("lock")});
    first_.call(proto::value::Open{.open = named("value")});
    for_each_type([&](auto open) {
        const auto as_lock = refusal_to(open, second_, named("lock"));
        const auto as_value = refusal_to(open, second_, named("value"));
        EXPECT_TRUE(as_lock == Errc::wrong_type || as_value == Errc::wrong_type);
    });
}

TEST_P(AnObjectOfAnyType, HasAProperName) {
    const std::string too_long(256, 'n');
    for_each_type([&](auto open) {
        for (const std::string_view name : {std::string_view(too_long), std::string_view("a\nb"),
                                            std::string_view("\xff"), std::string_view("\0", 1)})
            EXPECT_EQ(refusal_to(open, first_, named(name)), Errc::invalid_name);
        EXPECT_EQ(refusal_to(open, first_, named(std::string_view(too_long).substr(1))), std::nullopt);
        remove(std::string_view(too_long).substr(1));
    });
}

TEST_P(AnObjectOfAnyType, IsAnotherOneEachTimeWithoutAName) {
    for_each_type([&](auto open) {
        const auto one = open(first_, named(""));
        const auto another = open(first_, named(""));
        EXPECT_TRUE(another.created);
        EXPECT_NE(one.object, another.object);
    });
}

TEST_P(AnObjectOfAnyType, GoesWithTheLastSessionThatUsesItWhereItIsEphemeral) {
    for_each_type([&](auto open) {
        auto user = client();
        open(user, {.name = "thing", .ephemeral = true});
        open(second_, {.name = "kept"});
        user.close();
        const auto is_gone = [&] {
            return first_.refusal(proto::object::Find{.name = "thing"}) == Errc::no_such_object;
        };
        EXPECT_TRUE(eventually(is_gone));
        EXPECT_EQ(first_.refusal(proto::object::Find{.name = "kept"}), std::nullopt);
        remove("kept");
    });
}

TEST_P(AnObjectOfAnyType, IsNotOpenedByWhoMayNeitherReadNorWrite) {
    for_each_type([&](auto open) {
        open(first_, named("mine"));
        expect_of_stranger({Errc::no_permission, Errc::no_permission}, [&](Client& stranger) {
            return Path::Refusals{refusal_to(open, stranger, named("mine")),
                                  stranger.refusal(proto::object::Find{.name = "mine"})};
        });
        remove("mine");
    });
}

}  // namespace
}  // namespace steward::tests::conformance::every_type_test
