#include "daemon/sorted_order.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "proto/errors.hpp"

namespace steward::daemon {
namespace {

constexpr std::size_t items_per_run = 256;

bool is_value_less(std::string_view left, std::string_view right) {
    const auto order = proto::compare(left, right);
    if (order == proto::Order::incomparable)
        throw proto::Refusal(proto::Errc::type_mismatch, "values of type " + std::string(proto::kind_name(left)) +
                                                             " and " + std::string(proto::kind_name(right)) +
                                                             " have no order among them");
    return order == proto::Order::less;
}

}  // namespace

SortedOrder::SortedOrder(const shared::Sequence& items, bool reverse)
    : items_(items), reverse_(reverse), width_(items_per_run) {
    order_.reserve(items_.size());
}

bool SortedOrder::go_on() {
    const auto size = items_.size();
    if (order_.size() < size)
        sort_a_run();
    else if (width_ < size)
        merge_a_piece();
    return order_.size() < size || width_ < size;
}

std::vector<std::size_t> SortedOrder::order() const {
    std::vector<std::size_t> positions;
    positions.reserve(order_.size());
    std::ranges::transform(order_, std::back_inserter(positions), &Item::position);
    return positions;
}

bool SortedOrder::is_less(const Item& left, const Item& right) const {
    const auto known = proto::is_less(left.prefix, right.prefix);
    return known ? *known : is_value_less(items_.at(left.position), items_.at(right.position));
}

bool SortedOrder::comes_before(const Item& left, const Item& right) const {
    return reverse_ ? is_less(right, left) : is_less(left, right);
}

void SortedOrder::sort_a_run() {
    const auto first = order_.size();
    const auto end = std::min(first + items_per_run, items_.size());
    for (auto position = first; position < end; ++position)
        order_.push_back({.prefix = proto::order_prefix(items_.at(position)), .position = position});
    std::ranges::stable_sort(std::span(order_).subspan(first),
                             [this](const Item& left, const Item& right) { return comes_before(left, right); });
    if (order_.size() == items_.size()) {
        merged_.reserve(items_.size());
        begin_pair(0);
    }
}

void SortedOrder::begin_pair(std::size_t first) {
    left_ = first;
    right_ = right_begin_ = std::min(first + width_, order_.size());
    right_end_ = std::min(first + 2 * width_, order_.size());
}

/// The left one goes first among equals.
void SortedOrder::merge_a_piece() {
    for (std::size_t count = 0; count < items_per_piece && merged_.size() < order_.size(); ++count) {
        if (left_ == right_begin_ && right_ == right_end_)
            begin_pair(right_end_);
        const bool right_is_next =
            left_ == right_begin_ || (right_ != right_end_ && comes_before(order_[right_], order_[left_]));
        merged_.push_back(order_[right_is_next ? right_++ : left_++]);
    }
    if (merged_.size() == order_.size())
        end_round();
}

void SortedOrder::end_round() {
    order_.swap(merged_);
    merged_.clear();
    width_ *= 2;
    begin_pair(0);
}

}  // namespace steward::daemon
