#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <random>
#include <thread>

#include <steward/error.hpp>

#include "tests/histories/log.hpp"

namespace steward::tests::histories {

using Arguments = std::array<std::int64_t, 3>;

/// Thrown where the session has ended in the life of its process. What it held is not its own any more.
struct SessionEnded {};

/// A client that plays: it chooses at random, and writes down what it calls and what it gets.
class Hand {
  public:
    Hand(Log& log, std::size_t place, Client client, std::uint64_t seed)
        : log_(log), place_(log.places.at(place)), client_(client), randomness_(seed) {}

    /// 0 to n - 1.
    unsigned pick(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(randomness_); }
    bool one_in(unsigned n) { return pick(n) == 0; }

    /// How long to wait for what others may never do. Every third time not at all.
    std::chrono::microseconds patience(unsigned most_ms = 3) {
        return one_in(3) ? std::chrono::microseconds(0) : std::chrono::microseconds(pick(most_ms * 1000));
    }

    /// Invites others, and a kill.
    void dawdle() {
        if (one_in(8))
            std::this_thread::sleep_for(std::chrono::microseconds(pick(300)));
        else
            std::this_thread::yield();
    }

    /// Another number each time, of all clients.
    std::int64_t fresh() { return client_ * std::int64_t{100'000} + ++last_fresh_; }

    void play(std::uint8_t object) { object_ = object; }

    bool stopped() const { return log_.stopped.load(); }

    /// There is no room for another turn.
    bool is_full() const { return place_.begun.load() + longest_turn > place_.calls.size(); }

    /// Carries a call out and writes it down. `carry_out(Call&)` says what it returned, where that is not just done.
    template <std::invocable<Call&> F>
    const Call& note(Verb verb, Arguments arguments, F carry_out) {
        auto& call = begin(verb, arguments);
        try {
            carry_out(call);
            if (call.outcome == Outcome::open)
                call.outcome = Outcome::done;
        } catch (const Error& error) {
            if (error.code() == errc::session_lost)
                throw SessionEnded();
            const bool daemon_went = error.code() == errc::not_connected || error.code() == errc::shutting_down;
            call.outcome = daemon_went ? Outcome::lost : Outcome::refused;
            call.refusal = static_cast<errc>(error.code().value());
        }
        call.returned = now();
        place_.ended.store(place_.begun.load());
        return call;
    }
    template <std::invocable F>
    const Call& note(Verb verb, Arguments arguments, F carry_out) {
        return note(verb, arguments, [&](Call& call) { give(call, carry_out); });
    }

    /// The same until its reply comes: of what changes nothing, and what can be said twice.
    template <class F>
    const Call& insist(Verb verb, Arguments arguments, F carry_out) {
        for (;;)
            if (const auto& call = note(verb, arguments, carry_out); call.outcome != Outcome::lost)
                return call;
    }

  private:
    static constexpr std::uint32_t longest_turn = 100;

    template <class F>
    static void give(Call& call, F& carry_out) {
        using Result = decltype(carry_out());
        if constexpr (std::is_void_v<Result>)
            carry_out();
        else
            give_result(call, carry_out());
    }
    static void give_result(Call& call, std::integral auto result) { call.result = static_cast<std::int64_t>(result); }
    static void give_result(Call& call, const std::optional<std::int64_t>& result) {
        call.result = result.value_or(0);
        if (!result)
            call.outcome = Outcome::nothing;
    }

    Call& begin(Verb verb, const Arguments& arguments) {
        const auto number = place_.begun.load();
        auto& call = place_.calls.at(number);
        call = {.verb = verb, .object = object_, .client = client_, .called = now(), .arguments = arguments};
        place_.begun.store(number + 1);
        return call;
    }

    Log& log_;
    Place& place_;
    Client client_;
    std::mt19937_64 randomness_;
    std::int64_t last_fresh_ = 0;
    std::uint8_t object_ = 0;
};

/// What a call gives that has not got what it wanted in time.
inline void give_if(Call& call, bool got) {
    if (!got)
        call.outcome = Outcome::nothing;
}

}  // namespace steward::tests::histories
