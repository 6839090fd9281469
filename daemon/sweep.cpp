#include "daemon/sweep.hpp"

#include <algorithm>
#include <string_view>

#include "daemon/daemon.hpp"
#include "proto/reference.hpp"

namespace steward::daemon {
namespace {

constexpr unsigned values_in_a_step = 16;
constexpr unsigned steps_at_a_time = 16;

/// Sweeping takes a small share of the time, however often objects lose references: after so many steps of a few
/// microseconds each there is a rest of twenty times as long.
constexpr std::uint64_t rest_per_step_ns = 100'000;
constexpr std::uint64_t shortest_rest_ns = 100'000'000;

bool may_be_in_a_circle(const Object& object) {
    return object.ephemeral() && (object.header->kind.load().flags & shared::ObjectKind::refers) != 0;
}

}  // namespace

void Sweep::suspect(const Object& object) {
    if (may_be_in_a_circle(object))
        suspects_.insert(object.id());
}

void Sweep::touched(std::uint64_t object) {
    if (phase_ == Phase::idle)
        return;
    const auto node = nodes_.find(object);
    if (node == nodes_.end())
        return;
    if (phase_ == Phase::walking)
        node->second.alive = true;
    else
        end(phase_);
}

std::optional<std::uint64_t> Sweep::next_ns() const {
    if (suspects_.empty() || phase_ != Phase::idle)
        return std::nullopt;
    return not_before_ns_;
}

bool Sweep::go_on() {
    if (phase_ == Phase::idle) {
        if (suspects_.empty() || daemon_.now_ns < not_before_ns_)
            return false;
        begin();
    }
    for (unsigned step = 0; step < steps_at_a_time && phase_ != Phase::idle; ++step) {
        ++steps_;
        if (phase_ == Phase::spreading) {
            spread();
        } else if (position_ == order_.size()) {
            position_ = 0;
            if (phase_ == Phase::walking)
                phase_ = Phase::judging;
            else if (phase_ == Phase::judging)
                phase_ = Phase::spreading;
            else
                end(Phase::idle);
        } else {
            const auto id = order_[position_];
            auto& node = nodes_.at(id);
            if (phase_ == Phase::walking)
                walk(node);
            else if (phase_ == Phase::judging)
                judge(id, node);
            else
                remove(id, node);
        }
    }
    return phase_ != Phase::idle;
}

void Sweep::begin() {
    phase_ = Phase::walking;
    steps_ = 0;
    for (const auto id : std::exchange(suspects_, {}))
        add_node(id);
}

/// What it was given up for may be garbage all the same.
void Sweep::end(Phase reached) {
    if (reached != Phase::idle)
        for (const auto& [id, node] : nodes_)
            if (!node.alive)
                suspects_.insert(id);
    phase_ = Phase::idle;
    nodes_.clear();
    order_.clear();
    alive_.clear();
    position_ = 0;
    not_before_ns_ = daemon_.now_ns + std::max(shortest_rest_ns, steps_ * rest_per_step_ns);
}

/// Objects that are used live; those that cannot refer to others are not part of a circle, and are counted down with
/// it.
void Sweep::add_node(std::uint64_t id) {
    const auto object = daemon_.registry.find(id);
    if (!object || !may_be_in_a_circle(*object) || daemon_.lifetimes.users_of(id) > 0)
        return;
    if (nodes_.try_emplace(id, Node{.version = object->header->version.load(), .cursor = {}, .targets = {}}).second)
        order_.push_back(id);
}

void Sweep::walk(Node& node) {
    const auto object = daemon_.registry.find(order_[position_]);
    if (!unchanged(object, node))
        node.alive = true;
    if (node.alive || node.cursor.at_end) {
        ++position_;
        return;
    }
    const auto first_new = node.targets.size();
    class_of(object->type()).visit_values(*object, node.cursor, values_in_a_step, [&](std::string_view value) {
        proto::each_reference(value, [&](const proto::Reference& to) { node.targets.push_back(to.object); });
    });
    for (auto index = first_new; index < node.targets.size(); ++index) {
        const auto target = node.targets[index];
        add_node(target);
        if (const auto known = nodes_.find(target); known != nodes_.end())
            ++known->second.referred;
    }
}

void Sweep::judge(std::uint64_t id, Node& node) {
    const auto object = daemon_.registry.find(id);
    const bool kept = !unchanged(object, node) || daemon_.lifetimes.users_of(id) > 0 || !object->line().empty() ||
                      object->header->traits.load().references != node.referred;
    if (kept || node.alive) {
        node.alive = true;
        alive_.push_back(id);
    }
    ++position_;
}

void Sweep::spread() {
    if (alive_.empty()) {
        phase_ = Phase::removing;
        return;
    }
    const auto id = alive_.back();
    alive_.pop_back();
    for (const auto target : nodes_.at(id).targets) {
        const auto reached = nodes_.find(target);
        if (reached == nodes_.end() || std::exchange(reached->second.alive, true))
            continue;
        alive_.push_back(target);
    }
}

void Sweep::remove(std::uint64_t id, const Node& node) {
    ++position_;
    if (node.alive)
        return;
    if (const auto object = daemon_.registry.find(id); unchanged(object, node))
        daemon_.registry.remove(*object);
}

bool Sweep::unchanged(const std::optional<Object>& object, const Node& node) const {
    return object && object->header->version.load() == node.version;
}

}  // namespace steward::daemon
