#include "tests/histories/subjects.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "tests/histories/models/array.hpp"
#include "tests/histories/models/barrier.hpp"
#include "tests/histories/models/condition.hpp"
#include "tests/histories/models/dict.hpp"
#include "tests/histories/models/event.hpp"
#include "tests/histories/models/list.hpp"
#include "tests/histories/models/lock.hpp"
#include "tests/histories/models/name_space.hpp"
#include "tests/histories/models/queue.hpp"
#include "tests/histories/models/rlock.hpp"
#include "tests/histories/models/rwlock.hpp"
#include "tests/histories/models/semaphore.hpp"
#include "tests/histories/models/set.hpp"
#include "tests/histories/models/value.hpp"

namespace steward::tests::histories {
namespace {

/// The end of the longest order, and what could not come next: all that was under way when it had to.
std::string explain(const std::vector<Operation>& operations, const Finding& finding) {
    constexpr std::ptrdiff_t shown = 12;
    std::ostringstream text;
    text << finding.order.size() << " of " << operations.size() << " operations have an order; the last of them:\n";
    const auto first = finding.order.size() > shown ? finding.order.end() - shown : finding.order.begin();
    for (auto each = first; each != finding.order.end(); ++each)
        text << "  " << text_of(operations[*each]) << '\n';
    text << "which leaves no place for\n  " << text_of(operations[finding.stuck_at]) << "\nnor for these beside it:\n";
    const auto limit = operations[finding.stuck_at].returned;
    for (std::size_t i = 0; i < operations.size(); ++i)
        if (i != finding.stuck_at && operations[i].called <= limit &&
            std::ranges::find(finding.order, i) == finding.order.end())
            text << "  " << text_of(operations[i]) << '\n';
    return text.str();
}

template <Model M>
constexpr Deaths deaths_in() {
    if constexpr (requires { M::deaths; })
        return M::deaths;
    else
        return Deaths::change_nothing;
}

template <Model M>
Report check_one(const M& model, const History& history, Waits waits) {
    const auto operations = operations_of(history, waits, deaths_in<M>());
    const auto finding = check(model, operations);
    Report report{.verdict = finding.verdict, .steps = finding.steps};
    if (finding.verdict == Verdict::violated)
        report.text =
            "no order of the calls is what one after another could have returned: " + explain(operations, finding);
    if (finding.verdict == Verdict::undecided)
        report.text = "the search for an order of " + std::to_string(operations.size()) +
                      " operations was given up after " + std::to_string(finding.steps) +
                      " steps: check fewer at a time, or fewer that are pending; " + explain(operations, finding);
    return report;
}

Report check_lock(const History& history) {
    return check_one(LockModel{}, history, Waits::in_one_moment);
}
Report check_rlock(const History& history) {
    return check_one(RLockModel{}, history, Waits::in_one_moment);
}
Report check_rwlock(const History& history) {
    return check_one(RWLockModel{}, history, Waits::in_one_moment);
}
Report check_semaphore(const History& history) {
    return check_one(SemaphoreModel{.permits = semaphore_permits}, history, Waits::in_one_moment);
}
Report check_recovering_semaphore(const History& history) {
    return check_one(SemaphoreModel{.permits = semaphore_permits, .recovers = true}, history, Waits::in_one_moment);
}
Report check_bounded_semaphore(const History& history) {
    return check_one(SemaphoreModel{.permits = semaphore_permits, .bound = semaphore_permits, .recovers = true},
                     history, Waits::in_one_moment);
}
Report check_bounded_signal(const History& history) {
    return check_one(SemaphoreModel{.permits = semaphore_permits, .bound = semaphore_permits}, history,
                     Waits::in_one_moment);
}
Report check_event(const History& history) {
    return check_one(EventModel{}, history, Waits::in_one_moment);
}
Report check_auto_reset_event(const History& history) {
    return check_one(EventModel{.resets_itself = true}, history, Waits::in_one_moment);
}
Report check_barrier(const History& history) {
    return check_one(BarrierModel{.parties = barrier_parties}, history, Waits::among_parties);
}
Report check_condition(const History& history) {
    return check_one(ConditionModel{}, history, Waits::with_a_lock);
}
Report check_queue(const History& history) {
    return check_one(QueueModel{.max_size = queue_size}, history, Waits::in_one_moment);
}
Report check_value(const History& history) {
    return check_one(ValueModel{}, history, Waits::in_one_moment);
}
Report check_array(const History& history) {
    return check_one(ArrayModel{.length = array_length}, history, Waits::in_one_moment);
}
Report check_list(const History& history) {
    return check_one(ListModel{}, history, Waits::in_one_moment);
}

template <Model M>
Report check_keys(const History& history) {
    Report report;
    for (const auto& part : by_key(history)) {
        const auto of_part = check_one(M{}, part, Waits::in_one_moment);
        report.steps += of_part.steps;
        if (of_part.verdict == Verdict::linearizable)
            continue;
        report.verdict = of_part.verdict;
        report.text = of_part.text;
        break;
    }
    return report;
}

constexpr auto all_subjects = std::to_array<Subject>({
    {"lock", &play_lock, &check_lock},
    {"lock/fair", &play_fair_lock, &check_lock},
    {"rlock", &play_rlock, &check_rlock},
    {"rwlock", &play_rwlock, &check_rwlock},
    {"semaphore", &play_semaphore, &check_semaphore},
    {"semaphore/recover", &play_recovering_semaphore, &check_recovering_semaphore},
    {"bounded_semaphore", &play_bounded_semaphore, &check_bounded_semaphore},
    {"bounded_semaphore/signal", &play_bounded_signal, &check_bounded_signal},
    {"event", &play_event, &check_event},
    {"event/auto_reset", &play_auto_reset_event, &check_auto_reset_event},
    {"condition", &play_condition, &check_condition},
    {"queue", &play_queue, &check_queue},
    {"value", &play_value, &check_value},
    {"array", &play_array, &check_array},
    {"list", &play_list, &check_list},
    {"dict", &play_dict, &check_keys<DictModel>},
    {"dict/keys", &play_keys_of_dict, &check_keys<DictModel>},
    {"set", &play_set, &check_keys<SetModel>},
    {"set/keys", &play_keys_of_set, &check_keys<SetModel>},
    {"namespace", &play_namespace, &check_keys<NamespaceModel>},
    {"namespace/keys", &play_keys_of_namespace, &check_keys<NamespaceModel>},
    {"barrier", &play_barrier, &check_barrier},
});

}  // namespace

std::span<const Subject> subjects() {
    return all_subjects;
}

}  // namespace steward::tests::histories
