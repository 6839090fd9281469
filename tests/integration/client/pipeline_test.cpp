#include <steward/pipeline.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

class APipeline : public ClientTest {
  protected:
    Dict<std::string, int> dict_ = manager_.dict<std::string, int>("dict");
    List<int> list_ = manager_.list<int>("list");
    Value<int> value_ = manager_.value<int>("value", 0);
    Pipeline pipeline_ = manager_.pipeline();
};

TEST_F(APipeline, CarriesOutItsOperationsInOrder) {
    auto set = pipeline_.set(dict_, "a", 1);
    auto get = pipeline_.get(dict_, "a");
    auto sum = pipeline_.increment(dict_, "a", 5);
    auto erased = pipeline_.erase(dict_, "a");
    auto nothing = pipeline_.get(dict_, "a");
    EXPECT_EQ(nothing.get(), std::nullopt);
    EXPECT_TRUE(erased.get());
    EXPECT_EQ(sum.get(), 6);
    EXPECT_EQ(get.get(), 1);
    set.get();
}

TEST_F(APipeline, HasTheOperationsOfEachType) {
    auto semaphore = manager_.semaphore("semaphore", 0);
    auto event = manager_.event("event");
    auto set = pipeline_.set(value_, 4);
    auto before = pipeline_.fetch_add(value_, 3);
    auto sum = pipeline_.get(value_);
    auto append = pipeline_.append(list_, 8);
    auto item = pipeline_.get(list_, 0);
    auto popped = pipeline_.pop(list_);
    auto released = pipeline_.release(semaphore, 2);
    auto signalled = pipeline_.set(event);
    signalled.get();
    released.get();
    EXPECT_EQ(popped.get(), 8);
    EXPECT_EQ(item.get(), 8);
    EXPECT_EQ(sum.get(), 7);
    EXPECT_EQ(before.get(), 4);
    EXPECT_EQ(semaphore.value(), 2);
    EXPECT_TRUE(event.is_set());
    append.get();
    set.get();
}

TEST_F(APipeline, HasTheOperationsOfADictAndAList) {
    auto given = pipeline_.set_default(dict_, "a", 1);
    auto kept = pipeline_.set_default(dict_, "a", 2);
    auto there = pipeline_.contains(dict_, "a");
    auto popped = pipeline_.pop(dict_, "a");
    auto nothing = pipeline_.pop(dict_, "a");
    auto gone = pipeline_.contains(dict_, "a");
    EXPECT_EQ(given.get(), 1);
    EXPECT_EQ(kept.get(), 1);
    EXPECT_TRUE(there.get());
    EXPECT_EQ(popped.get(), 1);
    EXPECT_EQ(nothing.get(), std::nullopt);
    EXPECT_FALSE(gone.get());
    auto inserted = pipeline_.insert(list_, 0, 7);
    auto first = pipeline_.insert(list_, 0, 6);
    auto set = pipeline_.set(list_, -1, 8);
    auto outside = pipeline_.set(list_, 2, 9);
    EXPECT_EQ(error_of([&] { outside.get(); }), errc::index_out_of_range);
    EXPECT_EQ(list_.copy(), (std::vector{6, 8}));
    set.get();
    first.get();
    inserted.get();
}

TEST_F(APipeline, HasTheOperationsOfASet) {
    auto tags = manager_.set<std::string>("tags");
    auto added = pipeline_.add(tags, "new");
    auto again = pipeline_.add(tags, "new");
    auto there = pipeline_.contains(tags, "new");
    auto discarded = pipeline_.discard(tags, "new");
    auto missing = pipeline_.discard(tags, "new");
    auto gone = pipeline_.contains(tags, "new");
    auto empty = pipeline_.pop(tags);
    static_cast<void>(pipeline_.add(tags, "last"));
    auto last = pipeline_.pop(tags);
    EXPECT_TRUE(added.get());
    EXPECT_FALSE(again.get());
    EXPECT_TRUE(there.get());
    EXPECT_TRUE(discarded.get());
    EXPECT_FALSE(missing.get());
    EXPECT_FALSE(gone.get());
    EXPECT_EQ(error_of([&] { empty.get(); }), errc::empty);
    EXPECT_EQ(last.get(), "last");
}

TEST_F(APipeline, HasTheOperationsOfANamespace) {
    auto settings = manager_.name_space("settings");
    auto set = pipeline_.set(settings, "workers", 4);
    auto text = pipeline_.set(settings, "folder", "/srv");
    auto workers = pipeline_.get<int>(settings, "workers");
    auto folder = pipeline_.get(settings, "folder");
    auto wrong = pipeline_.get<int>(settings, "folder");
    auto there = pipeline_.contains(settings, "workers");
    auto erased = pipeline_.erase(settings, "workers");
    auto again = pipeline_.erase(settings, "workers");
    auto gone = pipeline_.contains(settings, "workers");
    auto missing = pipeline_.get<int>(settings, "workers");
    EXPECT_EQ(workers.get(), 4);
    EXPECT_EQ(folder.get(), Any("/srv"));
    EXPECT_EQ(error_of([&] { wrong.get(); }), errc::type_mismatch);
    EXPECT_TRUE(there.get());
    EXPECT_FALSE(gone.get());
    EXPECT_EQ(error_of([&] { missing.get(); }), errc::no_such_key);
    EXPECT_EQ(error_of([&] { again.get(); }), errc::no_such_key);
    erased.get();
    text.get();
    set.get();
}

TEST_F(APipeline, HasTheOperationsOfAnArray) {
    auto counts = manager_.array<std::uint8_t>("counts", 3);
    auto set = pipeline_.set(counts, -1, 7);
    auto before = pipeline_.fetch_add(counts, 2, 3);
    auto sum = pipeline_.get(counts, 2);
    auto full = pipeline_.fetch_add(counts, 2, 250);
    auto outside = pipeline_.get(counts, 3);
    EXPECT_EQ(before.get(), 7);
    EXPECT_EQ(sum.get(), 10);
    EXPECT_EQ(error_of([&] { full.get(); }), errc::out_of_range);
    EXPECT_EQ(error_of([&] { outside.get(); }), errc::index_out_of_range);
    set.get();
}

TEST_F(APipeline, DoesNotWaitForAQueue) {
    auto jobs = manager_.queue<int>("jobs", 1);
    auto put = pipeline_.try_put(jobs, 1);
    auto full = pipeline_.try_put(jobs, 2);
    auto job = pipeline_.try_get(jobs);
    auto empty = pipeline_.try_get(jobs);
    auto done = pipeline_.task_done(jobs);
    auto too_often = pipeline_.task_done(jobs);
    EXPECT_TRUE(put.get());
    EXPECT_FALSE(full.get());
    EXPECT_EQ(job.get(), 1);
    EXPECT_EQ(empty.get(), std::nullopt);
    done.get();
    EXPECT_EQ(error_of([&] { too_often.get(); }), errc::invalid_argument);
}

TEST_F(APipeline, GivesPermitsBackAndClearsEvents) {
    auto slots = manager_.bounded_semaphore("slots", 1);
    auto event = manager_.event("event");
    slots.acquire();
    event.set();
    auto released = pipeline_.release(slots);
    auto too_many = pipeline_.release(slots);
    auto cleared = pipeline_.clear(event);
    cleared.get();
    released.get();
    EXPECT_EQ(error_of([&] { too_many.get(); }), errc::semaphore_overflow);
    EXPECT_EQ(slots.value(), 1);
    EXPECT_FALSE(event.is_set());
}

TEST_F(APipeline, HoldsBackUntilItIsFlushed) {
    auto set = pipeline_.set(value_, 1);
    EXPECT_EQ(value_.get(), 0);
    pipeline_.flush();
    EXPECT_EQ(value_.get(), 1);
    EXPECT_TRUE(set.ready());
}

TEST_F(APipeline, SendsWhatItHoldsBackAtItsEnd) {
    {
        auto pipeline = manager_.pipeline();
        static_cast<void>(pipeline.set(value_, 1));
    }
    EXPECT_EQ(value_.get(), 1);
}

TEST_F(APipeline, MayGoBeforeItsFutures) {
    std::optional<Future<int>> future;
    {
        auto pipeline = manager_.pipeline();
        future = pipeline.fetch_add(value_, 1);
    }
    EXPECT_EQ(future->get(), 0);
}

TEST_F(APipeline, GivesAnErrorWhereTheResultIsAskedForAndGoesOn) {
    auto empty = pipeline_.pop(list_);
    auto append = pipeline_.append(list_, 1);
    auto missing = pipeline_.get(list_, 5);
    EXPECT_EQ(error_of([&] { empty.get(); }), errc::empty);
    append.get();
    std::error_code ec;
    EXPECT_EQ(missing.get(ec), 0);
    EXPECT_EQ(ec, errc::index_out_of_range);
}

TEST_F(APipeline, KeepsManyOperationsInFlight) {
    constexpr int count = 5000;
    std::vector<Future<int>> futures;
    for (int i = 0; i < count; ++i)
        futures.push_back(pipeline_.fetch_add(value_, 1));
    for (int i = 0; i < count; ++i)
        EXPECT_EQ(futures[static_cast<std::size_t>(i)].get(), i);
}

TEST_F(APipeline, SendsMoreThanTheSocketHolds) {
    auto texts = manager_.list<std::string>("texts");
    const std::string large(100'000, 'x');
    std::vector<Future<void>> appended;
    std::vector<Future<std::string>> popped;
    for (int i = 0; i < 50; ++i) {
        appended.push_back(pipeline_.append(texts, large));
        popped.push_back(pipeline_.pop(texts));
    }
    for (auto& text : popped)
        EXPECT_EQ(text.get(), large);
}

TEST_F(APipeline, LosesWhatNobodyAsksFor) {
    for (int i = 0; i < 100; ++i) {
        static_cast<void>(pipeline_.fetch_add(value_, 1));
        pipeline_.flush();
    }
    auto last = pipeline_.get(value_);
    EXPECT_EQ(last.get(), 100);
}

TEST_F(APipeline, GoesBesideOthersOnTheSameConnection) {
    const auto add = [this] {
        auto pipeline = manager_.pipeline();
        for (int round = 0; round < 50; ++round) {
            std::vector<Future<int>> futures;
            for (int i = 0; i < 20; ++i)
                futures.push_back(pipeline.fetch_add(value_, 1));
            for (auto& future : futures)
                future.get();
            value_.fetch_add(1);
        }
    };
    auto first = in_background(add);
    auto second = in_background(add);
    first.get();
    second.get();
    EXPECT_EQ(value_.get(), 2 * 50 * 21);
}

TEST_F(APipeline, RefusesAProxyOfAnotherManager) {
    auto foreign = connect().value<int>("value", 0);
    EXPECT_EQ(error_of([&] { static_cast<void>(pipeline_.get(foreign)); }), errc::invalid_argument);
}

TEST_F(APipeline, FailsItsFuturesWhenTheDaemonIsGone) {
    const Manager impatient({.socket = daemon_.socket(), .reconnect_timeout = std::chrono::nanoseconds::zero()});
    auto value = impatient.value<int>("value", 0);
    auto pipeline = impatient.pipeline();
    auto get = pipeline.get(value);
    daemon_.kill();
    EXPECT_EQ(error_of([&] { get.get(); }), errc::not_connected);
    EXPECT_EQ(error_of([&] { static_cast<void>(pipeline.get(value)); }), errc::not_connected);
}

TEST_F(APipeline, KeepsAnOptionalValueApartFromAMissingOne) {
    auto maybe = manager_.value<std::optional<int>>("maybe", std::nullopt);
    auto none = pipeline_.get(maybe);
    auto anything = manager_.dict("any", std::map<Any, Any>{{"nil", Any()}});
    auto nil = pipeline_.get(anything, "nil");
    EXPECT_EQ(none.get(), std::nullopt);
    EXPECT_EQ(nil.get(), std::optional<Any>(Any()));
}

}  // namespace
}  // namespace steward::tests
