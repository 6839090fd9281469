#include "shared/sequence.hpp"

#include <algorithm>

#include "shared/sequence_ring.hpp"

namespace steward::shared {

namespace {

// A splice that moves fewer slots does so in place, through the log; any other builds the new structure beside.
constexpr std::size_t most_moves_in_place = 1024;

}  // namespace

Sequence::Ring Sequence::ring() const noexcept {
    return {heap_, state_.directory.load()};
}

Field<Offset<Node>>& Sequence::slot(std::size_t index) const noexcept {
    return ring().slot(state_.begin.load() + index);
}

std::string_view Sequence::at(std::size_t index) const noexcept {
    return heap_.at(offset_cast<Item>(slot(index).load()))->view();
}

void Sequence::push_back(Mutation& mutation, std::string_view value) {
    open_gap(mutation, size(), 1);
    mutation.store(slot(size() - 1), make_item(mutation, value));
}

void Sequence::push_front(Mutation& mutation, std::string_view value) {
    open_gap(mutation, 0, 1);
    mutation.store(slot(0), make_item(mutation, value));
}

std::string_view Sequence::pop_back(Mutation& mutation) {
    return erase(mutation, size() - 1);
}

std::string_view Sequence::pop_front(Mutation& mutation) {
    return erase(mutation, 0);
}

void Sequence::replace(Mutation& mutation, std::size_t index, std::string_view value) {
    set_item(mutation, slot(index), value);
}

void Sequence::insert(Mutation& mutation, std::size_t index, std::string_view value) {
    splice(mutation, index, 0, std::span{&value, 1});
}

std::string_view Sequence::erase(Mutation& mutation, std::size_t index) {
    const std::string_view value = at(index);
    splice(mutation, index, 1, {});
    return value;
}

void Sequence::splice(Mutation& mutation, std::size_t first, std::size_t count,
                      std::span<const std::string_view> values) {
    const std::size_t moved = count == values.size() ? 0 : std::min(first, size() - first - count);
    if (moved + count + values.size() <= most_moves_in_place) {
        splice_in_place(mutation, first, count, values);
        return;
    }
    Build added{mutation, values.size(), BlockKind::directory};
    for (const std::string_view value : values)
        added.add(value);
    Build removed{mutation, count};
    Build result{mutation, size() - count + values.size()};
    for (std::size_t index = 0; index < first; ++index)
        result.share(slot(index).load());
    for (std::size_t index = 0; index < added.size(); ++index)
        result.share(added.item(index));
    for (std::size_t index = first; index < first + count; ++index)
        removed.share(slot(index).load());
    for (std::size_t index = first + count; index < size(); ++index)
        result.share(slot(index).load());
    added.release_items();
    removed.own_items();
    mutation.discard(removed.directory());
    adopt(mutation, result);
}

void Sequence::splice_in_place(Mutation& mutation, std::size_t first, std::size_t count,
                               std::span<const std::string_view> values) {
    const std::size_t replaced = std::min(count, values.size());
    for (std::size_t index = 0; index < replaced; ++index)
        set_item(mutation, slot(first + index), values[index]);
    const std::size_t behind = first + replaced;
    for (std::size_t index = behind; index < first + count; ++index)
        mutation.discard(slot(index).load());
    if (count > replaced)
        close_gap(mutation, behind, count - replaced);
    else if (values.size() > replaced)
        open_gap(mutation, behind, values.size() - replaced);
    for (std::size_t index = replaced; index < values.size(); ++index)
        mutation.store(slot(first + index), make_item(mutation, values[index]));
}

void Sequence::erase_stepped(Mutation& mutation, std::size_t first, std::size_t step, std::size_t count) {
    if (count == 0)
        return;
    Build removed{mutation, count};
    Build result{mutation, size() - count};
    const std::size_t last = first + (count - 1) * step;
    for (std::size_t index = 0; index < size(); ++index) {
        const bool erased = index >= first && index <= last && (index - first) % step == 0;
        (erased ? removed : result).share(slot(index).load());
    }
    removed.own_items();
    mutation.discard(removed.directory());
    adopt(mutation, result);
}

void Sequence::replace_stepped(Mutation& mutation, std::size_t first, std::size_t step,
                               std::span<const std::string_view> values) {
    if (values.size() <= most_moves_in_place) {
        for (std::size_t index = 0; index < values.size(); ++index)
            set_item(mutation, slot(first + index * step), values[index]);
        return;
    }
    Build added{mutation, values.size(), BlockKind::directory};
    for (const std::string_view value : values)
        added.add(value);
    Build removed{mutation, values.size()};
    Build result{mutation, size()};
    const std::size_t last = first + (values.size() - 1) * step;
    for (std::size_t index = 0; index < size(); ++index) {
        const bool replaced = index >= first && index <= last && (index - first) % step == 0;
        if (replaced)
            removed.share(slot(index).load());
        result.share(replaced ? added.item((index - first) / step) : slot(index).load());
    }
    added.release_items();
    removed.own_items();
    mutation.discard(removed.directory());
    adopt(mutation, result);
}

void Sequence::rearrange(Mutation& mutation, std::span<const std::size_t> order) {
    if (order.empty())
        return;
    Build result{mutation, order.size()};
    for (const std::size_t index : order)
        result.share(slot(index).load());
    adopt(mutation, result);
}

void Sequence::clear(Mutation& mutation) {
    if (const Offset<Table> directory = state_.directory.load()) {
        mutation.discard(directory);
        mutation.store(state_.directory, {});
        mutation.store(state_.begin, 0);
        mutation.store(state_.size, 0);
    }
}

// The new structure takes the place of the old one, whose items live on in it or have got another owner.
void Sequence::adopt(Mutation& mutation, Build& built) {
    if (const Offset<Table> before = state_.directory.load()) {
        Table& old = *heap_.at(before);
        mutation.store(old.tag, {BlockKind::skeleton, old.slots()});
        mutation.discard(before);
    }
    built.own_items();
    mutation.store(state_.directory, built.directory());
    mutation.store(state_.begin, 0);
    mutation.store(state_.size, built.size());
}

}  // namespace steward::shared
