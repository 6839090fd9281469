#pragma once

#include <sys/types.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <steward/steward.hpp>

#include "proto/envelope.hpp"

#include "tests/support/shared_memory.hpp"

// What the processes of the stress test write down, in memory that they share with the one that made them and that
// survives them. A process may be killed at any instruction. So everything is atomic, and what means something stands
// in one store: it has happened or it has not.
namespace steward::tests {

/// A process, of all that there are one after another, counted from 1.
using Life = std::uint16_t;

inline constexpr std::size_t most_lives = 16'384;
inline constexpr std::size_t most_workers = 4'096;

/// What all have in common.
class Ledger {
  public:
    /// Called by the killer before the kill. So whoever is not doomed lives, and whoever is told of a death is told of
    /// one who is doomed.
    void doom(Life life, pid_t pid) {
        pids_[life] = pid;
        doomed_[life] = true;
        last_doomed_ = std::max(last_doomed_.load(), life);
    }
    bool is_doomed(Life life) const { return doomed_[life]; }

    bool is_pid_of_doomed(pid_t pid) const {
        for (Life life = last_doomed_; life > 0; --life)
            if (pids_[life] == pid && doomed_[life])
                return true;
        return false;
    }

    void stop() { stopped_ = true; }
    bool stopped() const { return stopped_; }

    void note_turn() { ++turns_; }
    std::uint64_t turns() const { return turns_; }

    /// That something is wrong. The first few are kept.
    void complain(std::string_view what) {
        const auto number = number_of_complaints_.fetch_add(1);
        if (number >= complaints_.size())
            return;
        auto& complaint = complaints_[number];
        what.copy(complaint.data(), complaint.size() - 1);
    }
    std::vector<std::string> complaints() const {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < std::min<std::size_t>(number_of_complaints_, complaints_.size()); ++i)
            texts.emplace_back(complaints_[i].data());
        return texts;
    }

  private:
    std::array<std::atomic<pid_t>, most_lives> pids_{};
    std::array<std::atomic<bool>, most_lives> doomed_{};
    std::atomic<Life> last_doomed_ = 0;
    std::atomic<bool> stopped_ = false;
    std::atomic<std::uint64_t> turns_ = 0;
    std::atomic<std::size_t> number_of_complaints_ = 0;
    std::array<std::array<char, 256>, 20> complaints_{};
};

/// A thread that works at the objects. Its index outlives its process: the thread that comes in its place has it too.
struct Worker {
    Ledger& ledger;
    const Manager& manager;
    std::size_t index = 0;
    Life life = 0;
    std::minstd_rand randomness = {};

    /// 0 to n - 1.
    unsigned pick(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(randomness); }

    /// Invites a kill.
    void dawdle() {
        for (auto times = pick(4); times > 0; --times)
            std::this_thread::yield();
    }

    void complain(std::string_view about, std::string_view what) const {
        ledger.complain(std::string(about) + ": " + std::string(what));
    }
};

/// Operations that began and how they ended. Those that are open in the end are of workers who were killed in them:
/// each of these was either carried out or not.
class Tally {
  public:
    void begin() { ++begun_; }
    void done() { ++done_; }
    void in_vain() { ++in_vain_; }
    void end(bool done) { done ? ++done_ : ++in_vain_; }

    /// The same for one with a time-out, which is given up only where the daemon does not answer for a while after
    /// that.
    void end_after(std::chrono::nanoseconds lasted, std::chrono::nanoseconds timeout, bool done) {
        end(done);
        given_up_ += !done && lasted >= timeout + std::chrono::nanoseconds(proto::most_delay_ns) ? 1 : 0;
    }

    std::int64_t number_done() const { return done_; }
    /// That may have been carried out unheard, and undone.
    std::int64_t number_undone_at_most() const { return given_up_ + open(); }
    std::int64_t open() const { return begun_ - done_ - in_vain_; }

  private:
    std::atomic<std::int64_t> begun_ = 0;
    std::atomic<std::int64_t> done_ = 0;
    std::atomic<std::int64_t> in_vain_ = 0;
    std::atomic<std::int64_t> given_up_ = 0;  ///< of those in vain
};

/// Who is inside of what has room for four at most. All places are in one word, so that one load sees them all at the
/// same moment.
///
/// Who comes in has a permit already, and who goes out still has it. So where `room` others are seen inside, none of
/// whom is doomed when he is looked up afterwards, all of them live and have permits together with the one who looks:
/// one too many.
class Places {
  public:
    static constexpr unsigned most = 4;

    /// The place, for going out. `most`: there is none, which must not be.
    unsigned come_in(const Worker& worker, unsigned room) {
        auto word = word_.load();
        for (;;) {
            const auto place = free_place(worker.ledger, word, room);
            if (place == most)
                return most;
            if (word_.compare_exchange_weak(word, with(word, place, worker.life)))
                return place;
        }
    }

    /// Leaves the place alone where another has taken it: who is doomed is taken for dead a moment before he is.
    void go_out(const Worker& worker, unsigned place) {
        if (place == most)
            return;
        auto word = word_.load();
        while (life_at(word, place) == worker.life && !word_.compare_exchange_weak(word, with(word, place, 0))) {
        }
    }

  private:
    static Life life_at(std::uint64_t word, unsigned place) { return static_cast<Life>(word >> (place * 16)); }
    static std::uint64_t with(std::uint64_t word, unsigned place, Life life) {
        const auto mask = std::uint64_t{0xffff} << (place * 16);
        return (word & ~mask) | (std::uint64_t{life} << (place * 16));
    }
    static unsigned free_place(const Ledger& ledger, std::uint64_t word, unsigned room) {
        for (unsigned place = 0; place < room; ++place)
            if (life_at(word, place) == 0)
                return place;
        for (unsigned place = 0; place < room; ++place)
            if (ledger.is_doomed(life_at(word, place)))
                return place;
        return most;
    }

    std::atomic<std::uint64_t> word_ = 0;
};

}  // namespace steward::tests
