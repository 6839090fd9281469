#include "client/src/pending_calls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <steward/deadlock.hpp>

#include "client/src/described.hpp"
#include "proto/deadlock.hpp"
#include "proto/envelope.hpp"

namespace steward::detail {

proto::Packed Call::result() const {
    if (refused_)
        throw_refusal();
    return {body_};
}

void Call::throw_refusal() const {
    if (lost_ && (code_ == proto::Errc::not_connected || code_ == proto::Errc::shutting_down))
        throw ConnectionLost(static_cast<errc>(code_), body_, id_);
    if (code_ != proto::Errc::deadlock)
        throw Error(static_cast<errc>(code_), body_);
    std::vector<DeadlockStep> cycle;
    try {
        for (auto& step : proto::decode_params<proto::Deadlock>({data_}).cycle)
            cycle.push_back(described(std::move(step)));
    } catch (const proto::Malformed&) {
        cycle.clear();  // the sentence says it too
    }
    throw DeadlockError(body_, std::move(cycle));
}

void PendingCalls::add(Call& call) {
    if ((count_ + 1) * 2 > places_.size())
        grow();
    if (call.id_ == 0) {
        do
            ++last_id_;
        while (place(last_id_) != nullptr);
        call.id_ = last_id_;
    }
    while (place(call.id_) != nullptr)  // one that is made again
        grow();
    lost_.erase(call.id_);
    place(call.id_) = &call;
    ++count_;
}

std::uint64_t PendingCalls::answered_below() noexcept {
    while (answered_below_ <= last_id_ && find(answered_below_) == nullptr && !lost_.contains(answered_below_))
        ++answered_below_;
    return answered_below_;
}

Call* PendingCalls::find(std::uint64_t id) noexcept {
    auto* found = place(id);
    return found != nullptr && found->id_ == id ? found : nullptr;
}

void PendingCalls::remove(Call& call) noexcept {
    place(call.id_) = nullptr;
    --count_;
}

void PendingCalls::lose(Call& call) {
    if (call.repeatable_)
        lost_.insert(call.id_);  // may find no memory, and then it is still pending
    remove(call);
}

std::vector<Call*> PendingCalls::take_lost(bool there_may_be_another) {
    std::vector<Call*> lost;
    for (auto*& call : places_) {
        if (call == nullptr || (there_may_be_another && call->is_sent_again()))
            continue;
        if (call->repeatable_)
            lost_.insert(call->id_);
        lost.push_back(std::exchange(call, nullptr));
    }
    count_ -= lost.size();
    return lost;
}

std::vector<Call*> PendingCalls::all() const {
    std::vector<Call*> all;
    std::ranges::copy_if(places_, std::back_inserter(all), [](const Call* call) { return call != nullptr; });
    std::ranges::sort(all, {}, &Call::id);
    return all;
}

void PendingCalls::grow() {
    std::vector<Call*> old(places_.size() * 2);
    old.swap(places_);
    for (auto* call : old)
        if (call != nullptr)
            place(call->id_) = call;  // numbers that differ in the lower bits differ in one more bit too
}

void WaitingCalls::add(Call& call) noexcept {
    call.waits_ = true;
    call.previous_ = nullptr;
    call.next_ = first_;
    if (first_ != nullptr)
        first_->previous_ = &call;
    first_ = &call;
}

void WaitingCalls::remove(Call& call) noexcept {
    if (!std::exchange(call.waits_, false))
        return;
    (call.previous_ != nullptr ? call.previous_->next_ : first_) = call.next_;
    if (call.next_ != nullptr)
        call.next_->previous_ = call.previous_;
}

}  // namespace steward::detail
