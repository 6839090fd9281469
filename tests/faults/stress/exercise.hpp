#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <steward/steward.hpp>

#include "tests/faults/stress/ledger.hpp"

namespace steward::tests {

/// How long a worker waits for what others may keep or never give.
constexpr std::chrono::milliseconds patience{10};

/// What workers do with an object, and what must be true of it whoever of them is killed. It is made before the workers
/// and used by all of them: its ledger is shared memory, its proxy speaks for the process that uses it.
class Exercise {
  public:
    explicit Exercise(std::string name) : name_(std::move(name)) {}
    Exercise(const Exercise&) = delete;
    Exercise& operator=(const Exercise&) = delete;
    virtual ~Exercise() = default;

    /// A worker's turn. It holds nothing before and after it.
    virtual void turn(Worker& worker) = 0;

    /// Nobody works any more: everything adds up, or it complains.
    virtual void settle(Worker& settler) = 0;

    const std::string& name() const { return name_; }

  protected:
    void expect(const Worker& worker, bool right, std::string_view what) const {
        if (!right)
            worker.complain(name_, what);
    }

  private:
    std::string name_;
};

using Exercises = std::vector<std::unique_ptr<Exercise>>;

/// Fifty objects of all types that hold, count or carry something: 22, 22 and 6.
void add_lock_exercises(Exercises& exercises, const Manager& manager);
void add_count_exercises(Exercises& exercises, const Manager& manager);
void add_queue_exercises(Exercises& exercises, const Manager& manager);

}  // namespace steward::tests
