#include "daemon/dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "proto/dump.hpp"
#include "proto/dumped_state.hpp"
#include "proto/reference.hpp"
#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon::dump_test {
namespace {

namespace dump = proto::dump;
using dump::RecordKind;
using proto::Errc;
using proto::ObjectType;
using proto::restore::Existing;
using testing::ElementsAre;
using testing::IsEmpty;

using Records = std::vector<std::string>;

std::string reference_to(std::uint64_t object, ObjectType type = ObjectType::list) {
    std::string bytes;
    proto::Writer(bytes).reference({.type = type, .object = object});
    return bytes;
}

proto::Reference reference_in(proto::Packed value) {
    proto::Reader reader(value.bytes);
    return proto::reference_from(reader.next()).value();
}

RecordKind kind_of(const std::string& record) {
    return dump::checked_kind(record);
}

/// One of the kind, of what the dump says; their views point into the records.
template <class R>
std::vector<R> all_of(const Records& records) {
    std::vector<R> found;
    for (const auto& record : records)
        if (kind_of(record) == R::kind)
            found.push_back(dump::decode_record<R>(record));
    return found;
}

/// The names of the objects, in the order of the dump; of those without one "".
std::vector<std::string> names_in(const Records& records) {
    std::vector<std::string> names;
    for (const auto& object : all_of<dump::Object>(records))
        names.emplace_back(object.name);
    return names;
}

/// All that a dump says but for the numbers of the objects.
std::map<std::string, Records> contents_of(const Records& records) {
    std::map<std::uint64_t, std::string> names;
    std::map<std::string, Records> contents;
    for (const auto& record : records) {
        if (kind_of(record) == RecordKind::object) {
            auto object = dump::decode_record<dump::Object>(record);
            names[std::exchange(object.id, 0)] = object.name;
            contents[std::string(object.name)].push_back(dump::packed_record(object));
        } else if (kind_of(record) == RecordKind::values) {
            auto values = dump::decode_record<dump::Values>(record);
            const auto& name = names.at(std::exchange(values.object, 0));
            contents[name].push_back(dump::packed_record(values));
        }
    }
    return contents;
}

bool read_on(Client& client, Records& records) {
    const auto page = client.call(dump::Read{});
    for (const auto& record : page.records)
        records.push_back(record.bytes);
    return page.more;
}

Records dump_by(Client& client) {
    Records records;
    client.call(dump::Begin{});
    while (read_on(client, records)) {
    }
    return records;
}

proto::restore::Add adding(const Records& records, RecordKind kind) {
    proto::restore::Add add;
    for (const auto& record : records)
        if (kind_of(record) == kind)
            add.records.push_back({record});
    return add;
}

proto::restore::Finish::Result restore_by(Client& client, const Records& records,
                                          Existing existing = Existing::refuse) {
    client.call(proto::restore::Begin{existing});
    client.call(adding(records, RecordKind::object));
    client.call(adding(records, RecordKind::values));
    return client.call(proto::restore::Finish{});
}

class ADump : public DaemonTest {
  protected:
    /// Another daemon, in which the objects are made again, and a client there.
    struct Elsewhere : InProcessDaemon {
        Client there = client();

        template <proto::Message M>
        std::uint64_t opened(const M& message) {
            return there.call(message).object;
        }
    };

    std::uint64_t list(std::string_view name) {
        return client_.call(proto::list::Open{.open = named(name), .initial = {}}).object;
    }
    void append(std::uint64_t to, const std::string& value) {
        client_.call(proto::list::Append{.object = to, .value = {value}});
    }
    std::uint64_t dict(std::string_view name) {
        return client_.call(proto::dict::Open{.open = named(name), .initial = {}}).object;
    }
    void set(std::uint64_t to, const std::string& key, const std::string& value) {
        client_.call(proto::dict::Set{.object = to, .key = {key}, .value = {value}});
    }
    std::uint64_t lock(std::string_view name) { return client_.call(proto::lock::Open{.open = named(name)}).object; }
    std::uint64_t acquired(std::uint64_t object) {
        return client_.call(proto::lock::Acquire{.object = object, .where = {}}).token;
    }
    void fill(std::uint64_t dict, std::int64_t entries) {
        for (std::int64_t i = 0; i < entries; ++i)
            set(dict, tests::pack(i), tests::pack(std::string(100, 'x')));
    }

    void restore_elsewhere() { restore_by(elsewhere_.there, dump_by(client_)); }

    Client client_ = client();
    Elsewhere elsewhere_;
};

TEST_F(ADump, OfNothingIsEmpty) {
    EXPECT_THAT(dump_by(client_), IsEmpty());
}

TEST_F(ADump, GivesEveryTypeBackAsItWas) {
    for (const auto& type : named_types())
        open_object(client_, type.type, {.name = type.name, .mode = 0640});
    const auto records = dump_by(client_);
    const auto result = restore_by(elsewhere_.there, records);
    EXPECT_EQ(result.restored, named_types().size() + 1) << "and the rlock of the condition";
    auto before = contents_of(records);
    auto after = contents_of(dump_by(elsewhere_.there));
    for (auto* contents : {&before, &after})  // it says the number of its lock
        contents->erase("condition");
    EXPECT_EQ(before, after);
}

TEST_F(ADump, KeepsTheOptionsOfEveryType) {
    auto& c = client_;
    c.call(proto::lock::Open{.open = named("transferable"), .transferable = true});
    c.call(proto::lock::Open{.open = named("fair"), .fair = true});
    c.call(proto::semaphore::Open{.open = named("semaphore"), .permits = 5, .recover = true});
    c.call(proto::bounded_semaphore::Open{.open = named("bounded"), .permits = 3, .recover = false});
    c.call(proto::event::Open{.open = named("auto_reset"), .auto_reset = true});
    c.call(proto::event::Set{c.call(proto::event::Open{.open = named("set")}).object});
    c.call(proto::barrier::Open{.open = named("barrier"), .parties = 7});
    c.call(proto::barrier::Abort{c.call(proto::barrier::Open{.open = named("broken"), .parties = 2}).object});
    c.call(proto::queue::Open{.open = named("queue"), .max_size = 9});
    c.call(proto::array::Open{.open = named("array"), .length = 4, .typecode = "h", .initial = {}});
    c.call(proto::value::Open{.open = {.name = "ephemeral", .ephemeral = true}, .initial = proto::packed_nil});
    const auto records = dump_by(c);
    EXPECT_EQ(records.size(), 13U) << "eleven objects, elements, a value";
    restore_by(elsewhere_.there, records);
    EXPECT_EQ(contents_of(dump_by(elsewhere_.there)), contents_of(records));
    EXPECT_EQ(elsewhere_.there.refusal(proto::lock::Open{.open = named("fair")}), Errc::wrong_options);
    EXPECT_TRUE(elsewhere_.there.call(proto::object::Find{.name = "ephemeral"}).ephemeral);
}

TEST_F(ADump, KeepsValuesInTheirOrder) {
    const auto items = list("list");
    append(items, tests::pack("one"));
    append(items, tests::pack_array({tests::pack(2), tests::pack(nullptr)}));
    const auto entries = dict("dict");
    for (const auto* key : {"z", "a", "m"})
        set(entries, tests::pack(key), tests::pack(1.5));
    const auto set = client_.call(proto::set::Open{.open = named("set"), .initial = {}}).object;
    for (const std::int64_t value : {3, 1, 2})
        client_.call(proto::set::Add{.object = set, .value = {tests::pack(value)}});
    const auto attributes = client_.call(proto::name_space::Open{.open = named("namespace"), .initial = {}}).object;
    client_.call(proto::name_space::Set{.object = attributes, .attribute = "x", .value = {tests::pack(1)}});
    client_.call(proto::array::Open{.open = named("array"),
                                    .length = 3,
                                    .typecode = "d",
                                    .initial = {{tests::pack(1.5)}, {tests::pack(-2.0)}, {tests::pack(0)}}});
    client_.call(proto::value::Open{.open = named("value"), .initial = {tests::pack("content")}});
    const auto records = dump_by(client_);
    restore_by(elsewhere_.there, records);
    EXPECT_EQ(contents_of(dump_by(elsewhere_.there)), contents_of(records));
    const auto restored = elsewhere_.opened(proto::dict::Open{.open = named("dict"), .initial = {}});
    std::vector<std::string> keys;
    for (const auto key : elsewhere_.there.call(proto::dict::Keys{.object = restored}).keys)
        keys.push_back(text_of(key));
    EXPECT_THAT(keys, ElementsAre("z", "a", "m"));
}

TEST_F(ADump, HasLargeObjectsInManyRecords) {
    fill(dict("large"), 5000);
    const auto records = dump_by(client_);
    const auto values = all_of<dump::Values>(records);
    EXPECT_GT(values.size(), 5U);
    std::uint64_t seen = 0;
    for (const auto& some : values) {
        EXPECT_EQ(some.first, seen);
        EXPECT_EQ(some.values.size() % 2, 0U) << "a key and its value stay together";
        seen += some.values.size();
    }
    EXPECT_EQ(seen, 10'000U);
    restore_by(elsewhere_.there, records);
    EXPECT_EQ(contents_of(dump_by(elsewhere_.there)), contents_of(records));
}

TEST_F(ADump, HasALargeValueInARecordOfItsOwn) {
    const auto items = list("list");
    append(items, tests::pack(1));
    append(items, tests::pack(std::string(1'000'000, 'x')));
    append(items, tests::pack(3));
    const auto records = dump_by(client_);
    EXPECT_EQ(all_of<dump::Values>(records).size(), 3U);
    restore_by(elsewhere_.there, records);
    EXPECT_EQ(contents_of(dump_by(elsewhere_.there)), contents_of(records));
}

TEST_F(ADump, GivesLocksBackFreeWithHigherTokens) {
    const auto held = lock("lock");
    acquired(held);
    client_.call(proto::lock::Release{.object = held});
    const auto token = acquired(held);
    restore_elsewhere();
    const auto info = elsewhere_.there.call(proto::object::Find{.name = "lock"});
    EXPECT_EQ(info.state, "free");
    const auto after = elsewhere_.there.call(proto::lock::Acquire{.object = info.object, .where = {}});
    EXPECT_GT(after.token, token);
    EXPECT_FALSE(after.abandoned);
}

TEST_F(ADump, GivesPermitsBackThatRecover) {
    const auto returning =
        client_.call(proto::bounded_semaphore::Open{.open = named("returning"), .permits = 3, .recover = true}).object;
    const auto lost = client_.call(proto::semaphore::Open{.open = named("lost"), .permits = 3}).object;
    client_.call(proto::bounded_semaphore::Acquire{.object = returning, .where = {}});
    client_.call(proto::semaphore::Acquire{.object = lost, .where = {}});
    restore_elsewhere();
    EXPECT_EQ(elsewhere_.there.call(proto::object::Find{.name = "returning"}).count, 3U);
    EXPECT_EQ(elsewhere_.there.call(proto::object::Find{.name = "lost"}).count, 2U);
}

TEST_F(ADump, GivesTakenItemsBackAtTheHead) {
    const auto queue = client_.call(proto::queue::Open{.open = named("queue")}).object;
    for (const std::int64_t item : {1, 2, 3, 4})
        client_.call(proto::queue::Put{.object = queue, .value = {tests::pack(item)}, .where = {}});
    client_.call(proto::queue::Take{.object = queue, .where = {}});
    client_.call(proto::queue::Take{.object = queue, .where = {}});
    restore_elsewhere();
    const auto restored = elsewhere_.opened(proto::queue::Open{.open = named("queue")});
    const auto status = elsewhere_.there.call(proto::queue::Status{.object = restored});
    EXPECT_EQ(status.size, 4U);
    EXPECT_EQ(status.taken, 0U);
    EXPECT_EQ(status.unfinished, 4U);
    for (const std::int64_t item : {1, 2, 3, 4}) {
        const auto got = elsewhere_.there.call(proto::queue::Get{.object = restored, .where = {}});
        EXPECT_EQ(integer_of(got.value), item);
    }
}

TEST_F(ADump, LeavesNobodyAtABarrier) {
    const auto barrier = client_.call(proto::barrier::Open{.open = named("barrier"), .parties = 2}).object;
    client_.request(proto::barrier::Wait{.object = barrier, .where = {}});
    restore_elsewhere();
    const auto restored = elsewhere_.opened(proto::barrier::Open{.open = named("barrier"), .parties = 2});
    EXPECT_EQ(elsewhere_.there.call(proto::barrier::Status{.object = restored}).n_waiting, 0U);
}

TEST_F(ADump, KeepsReferencesToObjectsWithAndWithoutNames) {
    const auto outer = dict("outer");
    const auto inner = client_.call(proto::list::Open{}).object;
    append(inner, tests::pack("inside"));
    set(outer, tests::pack("nameless"), reference_to(inner));
    set(outer, tests::pack("lock"), reference_to(lock("a lock"), ObjectType::lock));
    restore_elsewhere();
    elsewhere_.tidy();
    const auto restored = elsewhere_.opened(proto::dict::Open{.open = named("outer"), .initial = {}});
    const auto at = [&](const char* key) {
        const auto packed = tests::pack(key);
        return reference_in(elsewhere_.there.call(proto::dict::Get{.object = restored, .key = {packed}}).value);
    };
    const auto nameless = at("nameless").object;
    const auto content = elsewhere_.there.call(proto::list::Get{.object = nameless, .index = 0}).value;
    EXPECT_EQ(text_of(content), "inside");
    EXPECT_EQ(at("lock").object, elsewhere_.opened(proto::lock::Open{.open = named("a lock")}));
}

TEST_F(ADump, KeepsCirclesThatANameLeadsTo) {
    const auto named_one = list("named");
    const auto nameless = client_.call(proto::list::Open{}).object;
    append(named_one, reference_to(nameless));
    append(nameless, reference_to(named_one));
    append(nameless, reference_to(nameless));
    restore_elsewhere();
    elsewhere_.tidy();
    const auto restored = elsewhere_.opened(proto::list::Open{.open = named("named"), .initial = {}});
    const auto item = [&](std::uint64_t of, std::int64_t index) {
        return reference_in(elsewhere_.there.call(proto::list::Get{.object = of, .index = index}).value).object;
    };
    const auto other = item(restored, 0);
    EXPECT_EQ(item(other, 0), restored);
    EXPECT_EQ(item(other, 1), other);
}

TEST_F(ADump, HasNothingThatNoNameLeadsTo) {
    client_.call(proto::list::Open{});
    list("named");
    EXPECT_THAT(names_in(dump_by(client_)), ElementsAre("named"));
}

TEST_F(ADump, MakesReferencesLeadNowhereWhereWhatTheyMeanIsGone) {
    const auto gone = list("gone");
    append(list("list"), reference_to(gone));
    client_.call(proto::object::Remove{.name = "gone"});
    elsewhere_.opened(proto::list::Open{.open = named("another"), .initial = {}});
    restore_elsewhere();
    const auto restored = elsewhere_.opened(proto::list::Open{.open = named("list"), .initial = {}});
    const auto item = elsewhere_.there.call(proto::list::Get{.object = restored, .index = 0}).value;
    EXPECT_EQ(reference_in(item).object, 0U);
}

TEST_F(ADump, KeepsTheLockOfACondition) {
    client_.call(proto::condition::Open{.open = named("a condition"), .lock = lock("its lock")});
    client_.call(proto::condition::Open{.open = named("with its own")});
    restore_elsewhere();
    auto& there = elsewhere_.there;
    const auto given = there.call(proto::condition::Status{elsewhere_.opened(
        proto::condition::Open{.open = {.name = "a condition", .open_mode = proto::OpenMode::open_only},
                               .lock = elsewhere_.opened(proto::lock::Open{.open = named("its lock")})})});
    EXPECT_FALSE(given.own);
    const auto own = there.call(proto::condition::Open{.open = named("with its own")});
    EXPECT_FALSE(own.created);
    EXPECT_TRUE(there.call(proto::condition::Status{own.object}).own);
    there.call(proto::rlock::Acquire{.object = own.lock, .where = {}});
    EXPECT_EQ(there.call(proto::condition::Notify{.object = own.object}).woken, 0U);
    there.call(proto::object::Remove{.name = "with its own"});
    EXPECT_FALSE(elsewhere_.daemon().registry.find(own.lock)) << "it goes with the condition";
}

TEST_F(ADump, BeginsAnObjectAgainThatHasChanged) {
    const auto large = dict("large");
    fill(large, 3000);
    Records records;
    client_.call(dump::Begin{});
    ASSERT_TRUE(read_on(client_, records));
    set(large, tests::pack("late"), tests::pack(1));
    while (read_on(client_, records)) {
    }
    const auto forget = std::ranges::find(records, RecordKind::forget, kind_of);
    ASSERT_NE(forget, records.end());
    records.erase(records.begin(), forget + 1);
    restore_by(elsewhere_.there, records);
    EXPECT_EQ(elsewhere_.there.call(proto::object::Find{.name = "large"}).count, 3001U);
}

TEST_F(ADump, ReadsAnObjectInOneGoThatChangesAllTheTime) {
    const auto large = dict("large");
    fill(large, 3000);
    Records records;
    client_.call(dump::Begin{});
    std::int64_t changes = 0;
    while (read_on(client_, records))
        set(large, tests::pack("changing"), tests::pack(++changes));
    EXPECT_EQ(std::ranges::count(records, RecordKind::forget, kind_of), Dump::most_beginnings - 1);
    const auto last = std::ranges::find(records.rbegin(), records.rend(), RecordKind::forget, kind_of).base();
    EXPECT_EQ(all_of<dump::Object>({last, records.end()}).size(), 1U);
}

TEST_F(ADump, ForgetsAnObjectThatIsRemovedWhileItIsRead) {
    fill(dict("large"), 3000);
    Records records;
    client_.call(dump::Begin{});
    ASSERT_TRUE(read_on(client_, records));
    client_.call(proto::object::Remove{.name = "large"});
    while (read_on(client_, records)) {
    }
    EXPECT_EQ(kind_of(records.back()), RecordKind::forget);
}

TEST_F(ADump, HasOnlyWhatItsReaderMayRead) {
    auto bob_client = client(bob);
    bob_client.call(proto::lock::Open{.open = named("secret")});
    bob_client.call(proto::lock::Open{.open = named("open", 0644)});
    lock("own");
    EXPECT_THAT(names_in(dump_by(client_)), testing::UnorderedElementsAre("own", "open"));
    auto root = client(0);
    EXPECT_EQ(names_in(dump_by(root)).size(), 3U);
}

TEST_F(ADump, IsReadOnlyWhereItHasBegun) {
    EXPECT_EQ(client_.refusal(dump::Read{}), Errc::invalid_argument);
    dump_by(client_);
    EXPECT_EQ(client_.refusal(dump::Read{}), Errc::invalid_argument) << "it is over";
}

class ARestore : public ADump {
  protected:
    std::size_t objects() { return elsewhere_.daemon().registry.size(); }
};

TEST_F(ARestore, ChangesNothingWhereANameExists) {
    list("new");
    append(list("exists"), tests::pack(1));
    const auto records = dump_by(client_);
    elsewhere_.opened(proto::lock::Open{.open = named("exists")});
    auto restorer = elsewhere_.client();
    restorer.call(proto::restore::Begin{});
    const auto complaint = restorer.complaint(adding(records, RecordKind::object));
    EXPECT_THAT(complaint, testing::HasSubstr("lock 'exists' exists already"));
    elsewhere_.kill(restorer);
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 1U);
}

TEST_F(ARestore, FindsANameThatIsTakenMeanwhile) {
    list("name");
    const auto records = dump_by(client_);
    auto restorer = elsewhere_.client();
    restorer.call(proto::restore::Begin{});
    restorer.call(adding(records, RecordKind::object));
    elsewhere_.opened(proto::lock::Open{.open = named("name")});
    EXPECT_EQ(restorer.refusal(proto::restore::Finish{}), Errc::object_exists);
    elsewhere_.kill(restorer);
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 1U);
}

TEST_F(ARestore, LeavesWhatExistsWhereToldSo) {
    const auto existing = list("exists");
    append(existing, tests::pack("from the dump"));
    append(list("new"), reference_to(existing));
    const auto records = dump_by(client_);
    const auto there = elsewhere_.opened(proto::list::Open{.open = named("exists"), .initial = {}});
    const auto result = restore_by(elsewhere_.there, records, Existing::skip);
    EXPECT_EQ(result.restored, 1U);
    EXPECT_EQ(result.skipped, 1U);
    EXPECT_EQ(elsewhere_.there.call(proto::list::Len{.object = there}).len, 0U);
    const auto made = elsewhere_.opened(proto::list::Open{.open = named("new"), .initial = {}});
    const auto item = elsewhere_.there.call(proto::list::Get{.object = made, .index = 0}).value;
    EXPECT_EQ(reference_in(item).object, there);
}

TEST_F(ARestore, ReplacesWhatExistsWhereToldSo) {
    append(list("exists"), tests::pack("from the dump"));
    const auto records = dump_by(client_);
    const auto there = elsewhere_.opened(proto::lock::Open{.open = named("exists")});
    const auto result = restore_by(elsewhere_.there, records, Existing::replace);
    EXPECT_EQ(result.replaced, 1U);
    EXPECT_FALSE(elsewhere_.daemon().registry.find(there));
    EXPECT_EQ(elsewhere_.there.call(proto::object::Find{.name = "exists"}).type, ObjectType::list);
}

TEST_F(ARestore, ReplacesOnlyWhatOneMayRemove) {
    list("exists");
    const auto records = dump_by(client_);
    auto stranger = elsewhere_.client(bob);
    stranger.call(proto::lock::Open{.open = named("exists")});
    auto& there = elsewhere_.there;
    there.call(proto::restore::Begin{Existing::replace});
    there.call(adding(records, RecordKind::object));
    EXPECT_EQ(there.refusal(proto::restore::Finish{}), Errc::no_permission);
    EXPECT_EQ(stranger.call(proto::object::Find{.name = "exists"}).type, ObjectType::lock);
}

TEST_F(ARestore, OfObjectsOfOthersIsForRoot) {
    list("alice's");
    const auto records = dump_by(client_);
    auto stranger = elsewhere_.client(bob);
    stranger.call(proto::restore::Begin{});
    EXPECT_EQ(stranger.refusal(adding(records, RecordKind::object)), Errc::no_permission);
    auto root = elsewhere_.client(0);
    restore_by(root, records);
    EXPECT_EQ(root.call(proto::object::Find{.name = "alice's"}).owner, alice);
}

TEST_F(ARestore, ThatIsNotFinishedLeavesNothing) {
    fill(dict("dict"), 100);
    client_.call(proto::condition::Open{.open = named("condition")});
    const auto records = dump_by(client_);
    auto restorer = elsewhere_.client();
    restorer.call(proto::restore::Begin{});
    restorer.call(adding(records, RecordKind::object));
    restorer.call(adding(records, RecordKind::values));
    EXPECT_GT(objects(), 0U);
    EXPECT_FALSE(elsewhere_.daemon().registry.find("dict")) << "it has no name yet";
    elsewhere_.kill(restorer);
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 0U);
}

TEST_F(ARestore, LastsWhenItsSessionHasEnded) {
    const auto outer = list("outer");
    append(outer, reference_to(client_.call(proto::list::Open{}).object));
    auto restorer = elsewhere_.client();
    restore_by(restorer, dump_by(client_));
    elsewhere_.kill(restorer);
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 2U);
}

TEST_F(ARestore, GivesUsersOfAnEphemeralObjectTheirTime) {
    client_.call(proto::lock::Open{.open = {.name = "ephemeral", .ephemeral = true}});
    auto restorer = elsewhere_.client();
    restore_by(restorer, dump_by(client_));
    elsewhere_.kill(restorer);
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 1U);
    elsewhere_.pass(Absences::default_grace_ns);
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 0U);
}

TEST_F(ARestore, IsToldToWatchers) {
    list("watched");
    elsewhere_.there.call(proto::watch::Open{.prefix = ""});
    auto restorer = elsewhere_.client();
    restore_by(restorer, dump_by(client_));
    const auto changes = elsewhere_.there.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].name, "watched");
    EXPECT_EQ(changes[0].what, "created");
}

TEST_F(ARestore, SurvivesARestartOfTheDaemon) {
    append(list("list"), reference_to(client_.call(proto::list::Open{}).object));
    restore_elsewhere();
    elsewhere_.restart();
    elsewhere_.tidy();
    EXPECT_EQ(objects(), 2U);
    EXPECT_TRUE(elsewhere_.daemon().registry.find("list"));
}

/// Records that no dump has.
class AWrongDump : public ADump {
  protected:
    std::optional<Errc> refusal(const Records& records) {
        client_.call(proto::restore::Begin{});
        proto::restore::Add add;
        for (const auto& record : records)
            add.records.push_back({record});
        return client_.refusal(add);
    }

    static dump::Object object(std::uint64_t id, ObjectType type, const std::string& state = "\x90") {
        static std::list<std::string> kept;  // the views into it stay
        kept.push_back(state);
        return {.id = id, .type = type, .name = "name", .owner = alice, .mode = 0600, .state = {kept.back()}};
    }
    template <class S>
    static Records having(ObjectType type, const S& state) {
        return {dump::packed_record(object(1, type, packed_state(state)))};
    }
};

TEST_F(AWrongDump, IsRefused) {
    const auto list = dump::packed_record(object(1, ObjectType::list));
    const auto other = dump::packed_record(object(2, ObjectType::list));
    const auto values = [](std::uint64_t of, std::uint64_t first = 0) {
        return dump::packed_record(dump::Values{.object = of, .first = first, .values = {proto::packed_nil}});
    };
    auto mode = object(1, ObjectType::list);
    mode.mode = 01000;
    auto name = object(1, ObjectType::list);
    name.name = "a\nb";
    for (const auto& records : {
             Records{"\x91\x01"},
             Records{list.substr(0, list.size() - 1)},
             Records{dump::packed_record(dump::Forget{.object = 1})},
             Records{list, list},
             Records{list, other},  // of one name
             Records{dump::packed_record(mode)},
             Records{values(1)},
             Records{list, values(1, 1)},
             Records{list, values(1), dump::packed_record(object(3, ObjectType::list))},
             Records{dump::packed_record(object(1, ObjectType::process))},
             Records{dump::packed_record(object(1, static_cast<ObjectType>(99)))},
             having(ObjectType::lock, proto::dumped::Lock{.token = ~std::uint64_t{0}}),
             having(ObjectType::barrier, proto::dumped::Barrier{.parties = 0}),
             having(ObjectType::barrier, proto::dumped::Barrier{.parties = 100'000}),
             having(ObjectType::array, proto::dumped::Array{.length = 1, .typecode = "x"}),
             Records{dump::packed_record(object(1, ObjectType::lock)), values(1)},
             Records{dump::packed_record(object(1, ObjectType::dict)), values(1)},
         })
        EXPECT_EQ(refusal(records), Errc::invalid_argument);
    EXPECT_EQ(refusal({dump::packed_record(name)}), Errc::invalid_argument);
    EXPECT_EQ(refusal(having(ObjectType::bounded_semaphore, proto::dumped::BoundedSemaphore{.permits = 2, .bound = 1})),
              Errc::semaphore_overflow);
    EXPECT_EQ(refusal(having(ObjectType::array, proto::dumped::Array{.length = 1ULL << 40, .typecode = "d"})),
              Errc::no_memory);
}

TEST_F(AWrongDump, DoesNotGiveAConditionALockThatIsAnothers) {
    auto rlock = object(1, ObjectType::rlock);
    rlock.name = {};
    auto first = object(2, ObjectType::condition, packed_state(proto::dumped::Condition{.lock = 1, .own = true}));
    auto second = object(3, ObjectType::condition, packed_state(proto::dumped::Condition{.lock = 1, .own = true}));
    second.name = "second";
    EXPECT_EQ(refusal({dump::packed_record(rlock), dump::packed_record(first), dump::packed_record(second)}),
              Errc::wrong_type);
}

}  // namespace
}  // namespace steward::daemon::dump_test
