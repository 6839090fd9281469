#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <steward/steward.hpp>

#include "tests/faults/stress/ledger.hpp"

namespace steward::tests {

/// What a lock protects: books that are only right when one at a time writes in them. Nothing in them is counted up in
/// one step, so two who write together lose an entry, and the books do not balance any more.
///
/// An entry is four stores in this order: the worker's `begun`, both sums, the worker's `ended`, each one more than it
/// was. Where nobody is inside and nobody died inside, `first` = `second` = the sum of all `begun` = the sum of all
/// `ended`. Who was killed inside has left between none and three of the four stores, and the next in the lock, who
/// must have been told of a death, finishes the entry where the first sum has it, and strikes it out where not. He may
/// be killed over that too; then the next one finds the same and does the same. So the books balance exactly at any
/// time, whoever was killed wherever, and every holder sees to it.
class Books {
  public:
    /// Called by who has acquired the lock: makes an entry.
    void come_in(Worker& worker, std::string_view name, const std::optional<Abandonment>& told, std::uint64_t token) {
        check_told(worker, name, told);
        if (const auto before = inside_.exchange(worker.life); before != 0) {
            if (!worker.ledger.is_doomed(before))
                worker.complain(name, "two hold it");
            else if (!told)
                worker.complain(name, "its holder died and the next one was not told");
        }
        if (token <= last_token_.exchange(token))
            worker.complain(name, "a fencing token that is not greater than the last one");
        balance(worker, name, told.has_value());
        make_entry(worker);
    }

    /// Called by who is going to release it.
    void go_out(const Worker& worker, std::string_view name) {
        if (inside_.exchange(0) != worker.life)
            worker.complain(name, "another came in while it was held");
    }

    /// All that a reader can see. While he reads it must stay as it is.
    struct View {
        std::uint64_t first, second, begun, ended;
        Life inside;
        bool operator==(const View&) const = default;
        bool balanced() const { return first == second && first == begun && first == ended; }
    };

    /// Called by who has acquired it to read. Only a writer may put right what a dead one left.
    View look(const Worker& worker, std::string_view name, const std::optional<Abandonment>& told) const {
        check_told(worker, name, told);
        const auto seen = view();
        if (seen.inside != 0 && !worker.ledger.is_doomed(seen.inside))
            worker.complain(name, "a reader beside a writer");
        else if ((seen.inside != 0 || !seen.balanced()) && !told)
            worker.complain(name, "a writer died and a reader was not told");
        return seen;
    }
    void look_again(const Worker& worker, std::string_view name, const View& before) const {
        if (view() != before)
            worker.complain(name, "somebody wrote while it was read");
    }

    std::uint64_t entries() const { return first_; }

  private:
    struct Line {
        std::atomic<std::uint32_t> begun = 0;
        std::atomic<std::uint32_t> ended = 0;
    };

    static void check_told(const Worker& worker, std::string_view name, const std::optional<Abandonment>& told) {
        if (told && !worker.ledger.is_pid_of_doomed(told->pid))
            worker.complain(name, "pid " + std::to_string(told->pid) + " is said to have died and was not killed");
    }

    View view() const {
        View seen{.first = first_, .second = second_, .begun = 0, .ended = 0, .inside = inside_};
        for (std::size_t i = 0; i < used_.load(); ++i) {
            seen.begun += lines_[i].begun;
            seen.ended += lines_[i].ended;
        }
        return seen;
    }

    void make_entry(Worker& worker) {
        auto used = used_.load();
        while (used <= worker.index && !used_.compare_exchange_weak(used, worker.index + 1)) {
        }
        auto& line = lines_[worker.index];
        line.begun = line.begun + 1;
        worker.dawdle();
        first_ = first_ + 1;
        worker.dawdle();
        second_ = second_ + 1;
        worker.dawdle();
        line.ended = line.ended + 1;
    }

    void balance(Worker& worker, std::string_view name, bool told) {
        const auto seen = view();
        if (seen.balanced())
            return;
        const bool one_died = seen.begun - seen.ended <= 1 && seen.first - seen.ended <= 1 &&
                              seen.second - seen.ended <= 1 && seen.second <= seen.first && seen.first <= seen.begun;
        if (!told || !one_died) {
            worker.complain(name, "the books do not balance: " + std::to_string(seen.first) + ", " +
                                      std::to_string(seen.second) + ", begun " + std::to_string(seen.begun) +
                                      ", ended " + std::to_string(seen.ended) + (told ? ", told" : ", not told"));
            return;
        }
        second_ = seen.first;
        for (std::size_t i = 0; i < used_.load(); ++i) {
            auto& line = lines_[i];
            if (line.begun == line.ended)
                continue;
            if (seen.first == seen.ended)
                line.begun = line.ended.load();
            else
                line.ended = line.begun.load();
        }
    }

    std::atomic<Life> inside_ = 0;
    std::atomic<std::uint64_t> last_token_ = 0;
    std::atomic<std::uint64_t> first_ = 0;
    std::atomic<std::uint64_t> second_ = 0;
    std::atomic<std::size_t> used_ = 0;  ///< lines that are not zero are before this one
    std::array<Line, most_workers> lines_{};
};

}  // namespace steward::tests
