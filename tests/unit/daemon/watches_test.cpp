#include "daemon/watches.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::watches_test {
namespace {

using proto::Errc;
using Texts = std::vector<std::string>;

class AWatch : public DaemonTest {
  protected:
    std::uint32_t watch(std::uint64_t object) {
        return watcher_.call(proto::watch::Open{.object = object, .prefix = {}}).watch;
    }
    std::uint32_t watch(const char* prefix) { return watcher_.call(proto::watch::Open{.prefix = prefix}).watch; }
    void set(const char* key, int value) {
        const auto packed_key = pack(key);
        const auto packed = pack(value);
        writer_.call(proto::dict::Set{.object = dict_, .key = {packed_key}, .value = {packed}});
    }
    /// What the watcher was told: name and verb.
    Texts told() {
        Texts texts;
        for (const auto& change : watcher_.take_changes())
            texts.push_back(std::string(change.name) + " " + std::string(change.what));
        return texts;
    }

    Client writer_ = client();
    Client watcher_ = client();
    std::uint64_t dict_ = writer_.call(proto::dict::Open{.open = named("jobs/dict", 0604), .initial = {}}).object;
};

TEST_F(AWatch, TellsOfChangesOfAnObjectInTheirOrder) {
    const auto number = watch(dict_);
    set("a", 1);
    const auto key = pack("a");
    writer_.call(proto::dict::Get{.object = dict_, .key = {key}});
    writer_.call(proto::dict::Erase{.object = dict_, .key = {key}});
    const auto changes = watcher_.take_changes();
    ASSERT_EQ(changes.size(), 2U) << "reading changes nothing";
    EXPECT_EQ(changes[0].watch, number);
    EXPECT_EQ(changes[0].object, dict_);
    EXPECT_EQ(changes[0].name, "jobs/dict");
    EXPECT_EQ(changes[0].what, "set");
    EXPECT_EQ(text_of(changes[0].key), "a");
    EXPECT_EQ(changes[0].lost, 0U);
    EXPECT_EQ(changes[1].what, "erase");
    EXPECT_GT(changes[1].version, changes[0].version);
    EXPECT_EQ(changes[1].version, writer_.call(proto::object::Info{.object = dict_}).version);
}

TEST_F(AWatch, TellsOfAllObjectsOfAPrefix) {
    watch("jobs/");
    set("a", 1);
    writer_.call(proto::event::Open{.open = named("other/event")});
    const auto event = writer_.call(proto::event::Open{.open = named("jobs/event")}).object;
    writer_.call(proto::event::Set{.object = event});
    writer_.call(proto::object::Remove{.name = "jobs/event"});
    EXPECT_EQ(told(), (Texts{"jobs/dict set", "jobs/event created", "jobs/event set", "jobs/event removed"}));
}

TEST_F(AWatch, TellsWhoGetsALockAndThatOneDiedHoldingIt) {
    const auto lock = writer_.call(proto::lock::Open{.open = named("lock")}).object;
    watch(lock);
    auto other = client();
    other.call(proto::lock::Acquire{.object = lock, .where = {}});
    writer_.request(proto::lock::Acquire{.object = lock, .where = {}});
    kill(other);
    writer_.call(proto::lock::Release{.object = lock});
    EXPECT_EQ(told(), (Texts{"lock acquire", "lock abandoned", "lock acquire", "lock release"}));
}

TEST_F(AWatch, TellsThatALockWasBroken) {
    const auto lock = writer_.call(proto::lock::Open{.open = named("lock")}).object;
    watch(lock);
    auto other = client();
    other.call(proto::lock::Acquire{.object = lock, .where = {}});
    writer_.request(proto::lock::Acquire{.object = lock, .where = {}});
    writer_.call(proto::object::Break{.name = "lock"});
    EXPECT_EQ(told(), (Texts{"lock acquire", "lock broken", "lock acquire"}));
    writer_.call(proto::lock::Release{.object = lock});
    writer_.call(proto::object::Break{.name = "lock"});
    EXPECT_EQ(told(), (Texts{"lock release"})) << "nobody held it";
}

TEST_F(AWatch, TellsOfWhatGoesThroughAQueue) {
    const auto queue = writer_.call(proto::queue::Open{.open = named("queue")}).object;
    watch(queue);
    auto getter = client();
    getter.request(proto::queue::Get{.object = queue, .where = {}});
    const auto item = pack(1);
    writer_.call(proto::queue::Put{.object = queue, .value = {item}, .where = {}});
    EXPECT_EQ(told(), (Texts{"queue put", "queue get"}));
}

TEST_F(AWatch, TellsOfEachOperationOfATransaction) {
    watch(dict_);
    const auto key = pack("a");
    const auto value = pack(1);
    std::string params;
    proto::Writer writer(params);
    proto::encode(writer, proto::dict::Set{.object = dict_, .key = {key}, .value = {value}});
    const proto::transaction::Operation operation{.method = "dict.set", .params = {params}};
    writer_.call(proto::transaction::Commit{.conditions = {}, .operations = {operation, operation}});
    EXPECT_EQ(told(), (Texts{"jobs/dict set", "jobs/dict set"}));
}

TEST_F(AWatch, TellsNothingOfARefusedRequest) {
    watch(dict_);
    EXPECT_EQ(writer_.refusal(proto::dict::PopItem{.object = dict_}), Errc::empty);
    EXPECT_TRUE(told().empty());
}

TEST_F(AWatch, CountsWhatItsReaderMisses) {
    watcher_.call(proto::watch::Open{.object = dict_, .prefix = {}, .buffer_bytes = 100});
    for (int i = 0; i < 100; ++i)
        set("a", i);
    std::uint64_t seen = 0;
    std::uint64_t lost = 0;
    const auto count = [&] {
        for (const auto& change : watcher_.take_changes()) {
            seen += change.object != 0 ? 1 : 0;
            lost += change.lost;
        }
    };
    count();
    EXPECT_GT(seen, 0U);
    EXPECT_EQ(lost, 0U) << "the losses come after what was kept";
    daemon().watches.catch_up();
    count();
    EXPECT_EQ(seen + lost, 100U);
    set("a", 1);
    count();
    EXPECT_EQ(seen + lost, 101U);
}

TEST_F(AWatch, TellsTheLossesWithTheNextChange) {
    watcher_.call(proto::watch::Open{.object = dict_, .prefix = {}, .buffer_bytes = 0});
    set("a", 1);
    set("a", 2);
    EXPECT_EQ(watcher_.take_changes().size(), 1U);
    set("a", 3);
    const auto changes = watcher_.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].lost, 1U);
    EXPECT_EQ(changes[0].object, dict_);
}

TEST_F(AWatch, EndsWhenItIsClosedAndWithItsSession) {
    const auto number = watch(dict_);
    EXPECT_FALSE(writer_.call(proto::watch::Close{.watch = number}).closed) << "another session's";
    EXPECT_TRUE(watcher_.call(proto::watch::Close{.watch = number}).closed);
    EXPECT_FALSE(watcher_.call(proto::watch::Close{.watch = number}).closed);
    set("a", 1);
    EXPECT_TRUE(told().empty());
    watch(dict_);
    kill(watcher_);
    EXPECT_TRUE(daemon().watches.empty());
    set("a", 1);
}

TEST_F(AWatch, SeesWhatItMayRead) {
    watcher_ = client(bob, 200);
    watch("");
    const auto hidden = writer_.call(proto::event::Open{.open = named("hidden")}).object;
    writer_.call(proto::event::Set{.object = hidden});
    set("a", 1);
    EXPECT_EQ(told(), Texts{"jobs/dict set"});
    EXPECT_EQ(watcher_.refusal(proto::watch::Open{.object = hidden, .prefix = {}}), Errc::no_permission);
    EXPECT_EQ(watcher_.refusal(proto::watch::Open{.object = 99, .prefix = {}}), Errc::no_such_object);
}

TEST_F(AWatch, IsOneOfNotTooMany) {
    for (std::size_t i = 0; i < Watches::most_per_session; ++i)
        watch(dict_);
    EXPECT_EQ(watcher_.refusal(proto::watch::Open{.object = dict_, .prefix = {}}), Errc::busy);
}

}  // namespace
}  // namespace steward::daemon::watches_test
