#include <gtest/gtest.h>

#include <string>

#include "proto/envelope.hpp"
#include "tests/histories/subjects.hpp"

// Short histories of each type that may have been, and some that may not.
namespace steward::tests::histories {
namespace {

constexpr Client alice = 1;
constexpr Client bob = 2;
constexpr Client carol = 3;
constexpr Client nobody = 99;

class AModel : public testing::Test {
  protected:
    /// The object whose history is written; of subjects().
    void is_of(std::string_view name) { name_ = name; }

    /// One call after another.
    Call& add(Client client, Verb verb, std::int64_t argument = 0, std::int64_t result = 0) {
        return call(client, verb, {argument}, Outcome::done, result);
    }
    Call& nothing(Client client, Verb verb, std::int64_t argument = 0) {
        return call(client, verb, {argument}, Outcome::nothing, 0);
    }
    /// The same after so long a time that the library may have given up.
    Call& given_up(Client client, Verb verb, std::int64_t argument = 0) {
        auto& made = nothing(client, verb, argument);
        time_ += static_cast<Nanoseconds>(proto::most_delay_ns);
        made.returned = time_;
        return made;
    }
    Call& refused(Client client, Verb verb, errc code, std::int64_t argument = 0) {
        auto& made = call(client, verb, {argument}, Outcome::refused, 0);
        made.refusal = code;
        return made;
    }
    Call& open(Client client, Verb verb, std::int64_t argument = 0) {
        return call(client, verb, {argument}, Outcome::open, 0);
    }
    Call& acquire(Client client, std::uint64_t token = 0, bool told = false) {
        auto& made = add(client, Verb::acquire);
        made.token = token;
        made.told = told;
        return made;
    }
    /// A daemon answers, so it has heard what the client said before.
    void is_answered(Client client) {
        const auto asked = ++time_;
        history_.answers[client].push_back({.asked = asked, .came = ++time_});
    }
    void die(Client client) { history_.deaths.push_back({.client = client, .since = ++time_}); }
    void all_are_buried() { history_.burial = ++time_; }

    /// Calls that are added between these overlap.
    void begin_to_overlap() { overlap_from_ = ++time_; }
    void end_to_overlap() {
        ++time_;
        for (auto& each : history_.calls)
            if (each.called >= overlap_from_) {
                each.called = overlap_from_;
                each.returned = time_;
            }
    }

    Verdict verdict() const {
        for (const auto& subject : subjects())
            if (subject.name == name_)
                return subject.check(history_).verdict;
        ADD_FAILURE() << "there is no " << name_;
        return Verdict::undecided;
    }
    void expect_right() const { EXPECT_EQ(verdict(), Verdict::linearizable); }
    void expect_wrong() const { EXPECT_EQ(verdict(), Verdict::violated); }

  private:
    Call& call(Client client, Verb verb, std::array<std::int64_t, 3> arguments, Outcome outcome, std::int64_t result) {
        const auto called = ++time_;
        history_.calls.push_back({.verb = verb,
                                  .client = client,
                                  .outcome = outcome,
                                  .called = called,
                                  .returned = ++time_,
                                  .arguments = arguments,
                                  .result = result});
        return history_.calls.back();
    }

    std::string_view name_;
    History history_{.settler = nobody};
    Nanoseconds time_ = 0;
    Nanoseconds overlap_from_ = 0;
};

class ALockModel : public AModel {
  protected:
    ALockModel() { is_of("lock"); }
};

TEST_F(ALockModel, PassesItOnWithGreaterTokens) {
    acquire(alice, 1);
    nothing(bob, Verb::acquire);
    add(alice, Verb::release);
    acquire(bob, 2);
    expect_right();
}

TEST_F(ALockModel, GivesItToOneAtATime) {
    acquire(alice);
    acquire(bob);
    expect_wrong();
}

TEST_F(ALockModel, GivesNoTokenTwice) {
    acquire(alice, 1);
    add(alice, Verb::release);
    acquire(bob, 1);
    expect_wrong();
}

TEST_F(ALockModel, IsReleasedByItsOwnerOnly) {
    acquire(alice);
    refused(bob, Verb::release, errc::not_owner);
    expect_right();
    add(bob, Verb::release);
    expect_wrong();
}

TEST_F(ALockModel, IsFreeAgainWhenItsOwnerHasDied) {
    acquire(alice);
    die(alice);
    acquire(bob, 0, true);
    expect_right();
}

TEST_F(ALockModel, TellsOfADeath) {
    acquire(alice);
    die(alice);
    acquire(bob, 0, false);
    expect_wrong();
}

TEST_F(ALockModel, TellsOfADeathOnce) {
    acquire(alice);
    die(alice);
    acquire(bob, 0, true);
    add(bob, Verb::release);
    acquire(carol, 0, true);
    expect_wrong();
}

TEST_F(ALockModel, IsNotTakenFromTheLiving) {
    acquire(alice);
    acquire(bob, 0, true);
    expect_wrong();
}

TEST_F(ALockModel, MayHaveBeenTakenByOneWhoDied) {
    open(alice, Verb::acquire);
    nothing(bob, Verb::acquire);
    die(alice);
    acquire(bob, 0, true);
    expect_right();
}

TEST_F(ALockModel, IsFreeWhenAllAreDead) {
    acquire(alice);
    die(alice);
    all_are_buried();
    acquire(bob, 0, true);
    expect_right();
}

TEST_F(ALockModel, IsNotHeldByTheDeadForEver) {
    acquire(alice);
    all_are_buried();
    expect_wrong();
}

TEST_F(ALockModel, IsNotTakenByOneWhoHasDiedAsItsOwner) {
    acquire(alice);
    open(alice, Verb::release);
    open(alice, Verb::acquire);
    die(alice);
    acquire(bob, 0, true);
    add(bob, Verb::release);
    acquire(carol, 0, true);
    expect_wrong();
}

TEST_F(ALockModel, IsNotWithheldFromWhoIsAlone) {
    nothing(alice, Verb::acquire);
    expect_wrong();
}

TEST_F(ALockModel, MayBeWithheldWhileOthersWait) {
    begin_to_overlap();
    nothing(alice, Verb::acquire);
    nothing(bob, Verb::acquire);
    end_to_overlap();
    expect_right();
}

TEST_F(ALockModel, MayBeWithheldUntilADaemonHasHeardThatNobodyWaitsAnyMore) {
    acquire(bob);
    add(bob, Verb::release);
    nothing(alice, Verb::acquire);
    add(alice, Verb::locked, 0, 0);
    expect_right();
    is_answered(alice);
    is_answered(bob);
    nothing(alice, Verb::acquire);
    expect_wrong();
}

TEST_F(ALockModel, IsNotLockedForWhoWaitsNoMore) {
    acquire(bob);
    add(bob, Verb::release);
    add(alice, Verb::locked, 0, 1);
    expect_wrong();
}

/// For as long as nobody knows whether a daemon has heard of that.
TEST_F(ALockModel, MayBeHeldForOneWhoGaveUp) {
    given_up(alice, Verb::acquire);
    add(bob, Verb::locked, 0, 1);
    acquire(bob);
    add(bob, Verb::release);
    acquire(alice);
    expect_right();
}

TEST_F(ALockModel, IsHeldForOneWhoGaveUpOnceOnly) {
    given_up(alice, Verb::acquire);
    add(bob, Verb::locked, 0, 1);
    add(bob, Verb::locked, 0, 0);
    add(bob, Verb::locked, 0, 1);
    expect_wrong();
}

TEST_F(ALockModel, IsNotHeldForOneWhoGaveUpAndWasAnsweredSince) {
    given_up(alice, Verb::acquire);
    is_answered(alice);
    add(bob, Verb::locked, 0, 0);
    expect_right();
    add(bob, Verb::locked, 0, 1);
    expect_wrong();
}

TEST_F(ALockModel, IsNotHeldForOneWhoseTimeWasOverSoon) {
    acquire(bob);
    nothing(alice, Verb::acquire);
    add(bob, Verb::release);
    add(bob, Verb::locked, 0, 1);
    expect_wrong();
}

TEST_F(AModel, OfAQueueReturnsWhatOneWhoGaveUpGotToItsHead) {
    is_of("queue");
    add(alice, Verb::put, 1);
    add(alice, Verb::put, 2);
    given_up(bob, Verb::get);
    add(alice, Verb::size, 0, 1);
    add(alice, Verb::get, 0, 1);
    expect_right();
    add(alice, Verb::get, 0, 1);
    expect_wrong();
}

TEST_F(AModel, OfAnRLockCounts) {
    is_of("rlock");
    add(alice, Verb::acquire, 0, 1);
    add(alice, Verb::acquire, 0, 2);
    add(alice, Verb::release, 0, 1);
    nothing(bob, Verb::acquire);
    add(alice, Verb::release, 0, 0);
    add(bob, Verb::acquire, 0, 1);
    expect_right();
    add(bob, Verb::acquire, 0, 3);
    expect_wrong();
}

TEST_F(AModel, OfAnRLockThatIsHeldForACallThatWasGivenUpIsNotItsThreadsOwn) {
    is_of("rlock");
    given_up(alice, Verb::acquire);
    add(bob, Verb::locked, 0, 1);
    nothing(alice, Verb::acquire);
    expect_right();
    add(alice, Verb::acquire, 0, 2);
    nothing(alice, Verb::acquire);
    expect_wrong();
}

TEST_F(AModel, OfAnRLockNeverRefusesItsOwner) {
    is_of("rlock");
    add(alice, Verb::acquire, 0, 1);
    nothing(alice, Verb::acquire);
    expect_wrong();
}

/// Who goes by the socket alone asks a daemon that may be stopped, and gives that up.
TEST_F(AModel, OfAnRLockLetsItsOwnerGiveUp) {
    is_of("rlock");
    add(alice, Verb::acquire, 0, 1);
    given_up(alice, Verb::acquire);
    add(alice, Verb::release, 0, 0);
    nothing(alice, Verb::acquire);
    expect_right();
    add(alice, Verb::acquire, 0, 1);
    given_up(alice, Verb::acquire);
    is_answered(alice);
    add(alice, Verb::acquire, 0, 2);
    expect_right();
    given_up(alice, Verb::acquire);
    is_answered(alice);
    add(alice, Verb::acquire, 0, 5);
    expect_wrong();
}

TEST_F(AModel, OfAnRWLockLetsReadersInTogether) {
    is_of("rwlock");
    add(alice, Verb::acquire_shared);
    add(bob, Verb::acquire_shared);
    add(carol, Verb::readers, 0, 2);
    nothing(carol, Verb::acquire);
    expect_right();
    acquire(carol);
    expect_wrong();
}

TEST_F(AModel, OfAnRWLockTellsEveryReaderOfADeath) {
    is_of("rwlock");
    acquire(alice);
    die(alice);
    add(bob, Verb::acquire_shared).told = true;
    add(carol, Verb::acquire_shared).told = true;
    expect_right();
}

TEST_F(AModel, OfASemaphoreHasAsManyPermitsAsItWasMadeWith) {
    is_of("semaphore");
    add(alice, Verb::acquire);
    add(bob, Verb::acquire);
    nothing(carol, Verb::acquire);
    expect_right();
    add(carol, Verb::acquire);
    expect_wrong();
}

TEST_F(AModel, OfASemaphoreThatRecoversGetsThePermitsOfTheDeadBack) {
    is_of("semaphore/recover");
    add(alice, Verb::acquire);
    add(alice, Verb::acquire);
    die(alice);
    add(bob, Verb::value, 0, 2);
    expect_right();
}

TEST_F(AModel, OfASemaphoreThatRecoversMustGetThemBackInTime) {
    is_of("semaphore/recover");
    add(alice, Verb::acquire);
    die(alice);
    add(bob, Verb::value, 0, 1);
    expect_right();
    all_are_buried();
    add(bob, Verb::value, 0, 1);
    expect_wrong();
}

TEST_F(AModel, OfASemaphoreThatDoesNotRecoverLosesThem) {
    is_of("semaphore");
    add(alice, Verb::acquire);
    die(alice);
    add(bob, Verb::value, 0, 2);
    expect_wrong();
}

TEST_F(AModel, OfABoundedSemaphoreRefusesAPermitTooMany) {
    is_of("bounded_semaphore");
    refused(alice, Verb::release, errc::semaphore_overflow, 1);
    expect_right();
    add(alice, Verb::release, 1);
    expect_wrong();
}

TEST_F(AModel, OfAnEventStaysSet) {
    is_of("event");
    nothing(alice, Verb::wait);
    add(bob, Verb::set);
    add(alice, Verb::wait);
    add(alice, Verb::wait);
    expect_right();
    nothing(alice, Verb::wait);
    expect_wrong();
}

TEST_F(AModel, OfAnEventThatResetsItselfPassesOne) {
    is_of("event/auto_reset");
    add(bob, Verb::set);
    add(alice, Verb::wait);
    expect_right();
    add(alice, Verb::wait);
    expect_wrong();
}

class ABarrierModel : public AModel {
  protected:
    ABarrierModel() { is_of("barrier"); }

    void all_wait(std::int64_t first, std::int64_t second, std::int64_t third) {
        begin_to_overlap();
        add(alice, Verb::wait, 0, first);
        add(bob, Verb::wait, 0, second);
        add(carol, Verb::wait, 0, third);
        end_to_overlap();
    }
};

TEST_F(ABarrierModel, GivesEachAnIndex) {
    all_wait(2, 0, 1);
    all_wait(0, 1, 2);
    expect_right();
}

TEST_F(ABarrierModel, GivesNoIndexTwice) {
    all_wait(0, 0, 2);
    expect_wrong();
}

TEST_F(ABarrierModel, LetsNobodyThroughBeforeAllAreThere) {
    add(alice, Verb::wait, 0, 0);
    begin_to_overlap();
    add(bob, Verb::wait, 0, 1);
    add(carol, Verb::wait, 0, 2);
    end_to_overlap();
    expect_wrong();
}

TEST_F(ABarrierModel, BreaksForAllWhenOneDoesNotWait) {
    begin_to_overlap();
    nothing(alice, Verb::wait);
    refused(bob, Verb::wait, errc::broken_barrier);
    end_to_overlap();
    add(carol, Verb::broken, 0, 1);
    expect_right();
}

TEST_F(ABarrierModel, BreaksWhenOneWhoWaitsDies) {
    open(alice, Verb::wait);
    add(bob, Verb::n_waiting, 0, 1);
    add(bob, Verb::n_waiting, 0, 0);
    add(bob, Verb::broken, 0, 1);
    expect_right();
}

TEST_F(ABarrierModel, RefusesAllWhoWaitWhenItBreaks) {
    add(alice, Verb::n_waiting, 0, 0);
    open(bob, Verb::wait);
    add(alice, Verb::n_waiting, 0, 1);
    add(alice, Verb::abort);
    add(alice, Verb::n_waiting, 0, 1);
    expect_wrong();
}

/// A daemon that was stopped finds that later.
TEST_F(ABarrierModel, BreaksForOneThatWasGivenUpWhenADaemonHearsOfThat) {
    given_up(alice, Verb::wait);
    add(bob, Verb::n_waiting, 0, 1);
    add(bob, Verb::broken, 0, 1);
    expect_right();
}

TEST_F(ABarrierModel, LetsNobodyThroughWithOneThatWasGivenUp) {
    begin_to_overlap();
    add(bob, Verb::wait, 0, 1);
    add(carol, Verb::wait, 0, 2);
    given_up(alice, Verb::wait);
    end_to_overlap();
    expect_wrong();
}

class AConditionModel : public AModel {
  protected:
    AConditionModel() { is_of("condition"); }
};

TEST_F(AConditionModel, GivesTheLockUpWhileOneWaits) {
    acquire(alice);
    begin_to_overlap();
    add(alice, Verb::wait);
    acquire(bob);
    add(bob, Verb::notify, 1, 1);
    add(bob, Verb::release);
    end_to_overlap();
    add(alice, Verb::held_by_me, 0, 1);
    expect_right();
}

TEST_F(AConditionModel, NotifiesNobodyWhereNobodyWaits) {
    acquire(bob);
    add(bob, Verb::notify, 1, 0);
    expect_right();
    add(bob, Verb::notify, 1, 1);
    expect_wrong();
}

TEST_F(AConditionModel, TellsNobodyThatItWasNotifiedWhoWasNot) {
    acquire(alice);
    add(alice, Verb::wait);
    expect_wrong();
}

TEST_F(AConditionModel, MayRunOutOfTime) {
    acquire(alice);
    nothing(alice, Verb::wait);
    add(alice, Verb::held_by_me, 0, 1);
    expect_right();
}

TEST_F(AConditionModel, PassesANotificationOnWhereItsReceiverDies) {
    acquire(alice);
    begin_to_overlap();
    open(alice, Verb::wait);
    end_to_overlap();
    acquire(carol);
    begin_to_overlap();
    add(carol, Verb::wait);
    acquire(bob);
    add(bob, Verb::notify, 1, 1);
    add(bob, Verb::release);
    end_to_overlap();
    die(alice);
    add(carol, Verb::held_by_me, 0, 1);
    expect_right();
}

TEST_F(AModel, OfAQueueHasNothingOfAPutThatWasGivenUp) {
    is_of("queue");
    given_up(alice, Verb::put, 1);
    expect_right();
    add(bob, Verb::size, 0, 1);
    expect_wrong();
}

class AQueueModel : public AModel {
  protected:
    AQueueModel() { is_of("queue"); }
};

TEST_F(AQueueModel, GivesOutFirstWhatWasPutFirst) {
    add(alice, Verb::put, 11);
    add(bob, Verb::put, 22);
    add(carol, Verb::get, 0, 11);
    expect_right();
    add(carol, Verb::get, 0, 11);
    expect_wrong();
}

TEST_F(AQueueModel, LosesNothingWithItsTaker) {
    add(alice, Verb::put, 11);
    add(alice, Verb::put, 22);
    add(bob, Verb::take, 0, 11);
    die(bob);
    add(carol, Verb::get, 0, 11);
    expect_right();
    add(carol, Verb::size, 0, 0);
    expect_wrong();
}

TEST_F(AQueueModel, KeepsWhatTheLivingHaveTaken) {
    add(alice, Verb::put, 11);
    add(bob, Verb::take, 0, 11);
    add(carol, Verb::get, 0, 11);
    expect_wrong();
}

TEST_F(AQueueModel, HoldsNoMoreThanItsSize) {
    for (int item = 1; item <= 4; ++item)
        add(alice, Verb::put, item);
    nothing(alice, Verb::put, 5);
    expect_right();
    add(alice, Verb::put, 6);
    expect_wrong();
}

TEST_F(AQueueModel, MayHoldWhatItsPutterDidNotLiveToSee) {
    open(alice, Verb::put, 11);
    add(bob, Verb::size, 0, 0);
    add(bob, Verb::get, 0, 11);
    expect_right();
}

TEST_F(AModel, OfAValueExchangesWhatIsEqualOnly) {
    is_of("value");
    add(alice, Verb::set, 5);
    auto& exchange = add(bob, Verb::compare_exchange, 4, 0);
    exchange.arguments[1] = 9;
    exchange.keep(std::array<std::int64_t, 1>{5});
    exchange.result = 0;
    add(alice, Verb::get, 0, 5);
    expect_right();
    add(alice, Verb::get, 0, 9);
    expect_wrong();
}

TEST_F(AModel, OfAListIsReadAtOneMoment) {
    is_of("list");
    add(alice, Verb::append, 1);
    add(alice, Verb::append, 2);
    add(bob, Verb::copy).keep(std::array<std::int64_t, 2>{1, 2});
    add(bob, Verb::pop, -1, 2);
    refused(bob, Verb::get, errc::index_out_of_range, 1);
    expect_right();
    add(bob, Verb::copy).keep(std::array<std::int64_t, 1>{2});
    expect_wrong();
}

TEST_F(AModel, OfADictSeesAllKeysAtOneMoment) {
    is_of("dict");
    add(alice, Verb::set, 1).arguments[1] = 10;
    add(alice, Verb::set, 2).arguments[1] = 20;
    add(bob, Verb::copy).keep(std::array<std::int64_t, 4>{1, 10, 2, 20});
    add(bob, Verb::pop, 1, 10);
    nothing(bob, Verb::get, 1);
    expect_right();
    add(bob, Verb::copy).keep(std::array<std::int64_t, 4>{1, 10, 2, 20});
    expect_wrong();
}

TEST_F(AModel, OfADictIsOfEachKeyWhereAllCallsAreAboutOne) {
    is_of("dict/keys");
    add(alice, Verb::increment, 1, 0).arguments[1] = 0;
    add(alice, Verb::contains, 2, 0);
    expect_right();
    add(alice, Verb::contains, 1, 0);
    expect_wrong();
}

TEST_F(AModel, OfASetAddsOnce) {
    is_of("set");
    add(alice, Verb::append, 1, 1);
    add(bob, Verb::append, 1, 0);
    expect_right();
    add(bob, Verb::append, 1, 1);
    expect_wrong();
}

TEST_F(AModel, OfANamespaceRefusesWhatIsNotThere) {
    is_of("namespace");
    refused(alice, Verb::get, errc::no_such_key, 1);
    add(alice, Verb::set, 1).arguments[1] = 7;
    add(bob, Verb::get, 1, 7);
    expect_right();
    refused(alice, Verb::get, errc::no_such_key, 1);
    expect_wrong();
}

}  // namespace
}  // namespace steward::tests::histories
