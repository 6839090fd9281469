#include "daemon/objects/list.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "daemon/copied_slice.hpp"
#include "daemon/copied_values.hpp"
#include "daemon/python_index.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/search.hpp"
#include "daemon/sorted_order.hpp"
#include "proto/dumped_state.hpp"
#include "proto/value.hpp"
#include "shared/sequence.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Packed;
using proto::Refusal;

shared::Sequence sequence_of(const Object& object) {
    return {object.heap(), object.header->state_as<shared::SequenceState>()};
}

/// The list of a request, with its items.
struct ListTarget {
    Object object;
    shared::Sequence items;

    ListTarget(const Call& call, std::uint64_t id, Access access)
        : object(call.object(id, proto::ObjectType::list, access)), items(sequence_of(object)) {}

    std::string called() const { return object.called(); }

    std::size_t position(std::int64_t index) const {
        const auto position = item_position(index, items.size());
        if (!position)
            throw Refusal(Errc::index_out_of_range, "index " + std::to_string(index) + " lies outside of " + called() +
                                                        ", which has " + std::to_string(items.size()) + " items");
        return *position;
    }

    Slice slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step) const {
        if (step == 0)
            throw Refusal(Errc::invalid_argument, "the step of a slice must not be 0");
        return resolve_slice(start, stop, step, items.size());
    }

    /// Looks for the value from `first` to before `last`. Throws Postponed.
    const Search& search(Call& call, Packed value, Search::For wanted, std::size_t first, std::size_t last) const {
        return call.prepared<Search>(object, items, std::string(value.bytes), first, last, wanted);
    }

    /// Where the first equal item is; none is no_such_value. Throws Postponed.
    std::size_t find(Call& call, Packed value, std::size_t first, std::size_t last) const {
        const auto& found = search(call, value, Search::For::the_first, first, last);
        if (found.found() == 0)
            throw Refusal(Errc::no_such_value, called() + " has no such item");
        return found.position();
    }

    template <class F>
    void change(F&& apply) {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        apply(mutation);
    }
};

std::vector<std::string_view> views_of(const std::vector<Packed>& values) {
    std::vector<std::string_view> views;
    views.reserve(values.size());
    for (const auto value : values)
        views.push_back(value.bytes);
    return views;
}

}  // namespace

void List::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    info.count = sequence_of(object).size();
    info.state = std::to_string(info.count) + " items";
}

void List::visit_values(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) const {
    const auto items = sequence_of(object);
    for (std::size_t count = 0; count < most && cursor.position < items.size(); ++count)
        visit(items.at(cursor.position++));
    cursor.at_end = cursor.position == items.size();
}

void List::discard_contents(shared::Mutation& mutation, const Object& object) const {
    sequence_of(object).clear(mutation);
}

std::string List::dumped_state(const Object&) const {
    return packed_state(proto::dumped::Container{});
}

Object List::restore(const Restore& restore, proto::Packed) const {
    return restore.make({.type = proto::ObjectType::list});
}

void List::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t,
                          std::span<const proto::Packed> values) const {
    auto items = sequence_of(object);
    for (const auto value : values)
        items.push_back(mutation, value.bytes);
}

proto::list::Open::Result handle(Call& call, const proto::list::Open& message) {
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::list},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         if (!message.initial.empty())
                                             sequence_of(object).splice(mutation, 0, 0, views_of(message.initial));
                                     });
}

proto::list::Append::Result handle(Call& call, const proto::list::Append& message) {
    ListTarget list(call, message.object, Access::write);
    list.change([&](auto& mutation) { list.items.push_back(mutation, message.value.bytes); });
    return {};
}

proto::list::Extend::Result handle(Call& call, const proto::list::Extend& message) {
    ListTarget list(call, message.object, Access::write);
    list.change([&](auto& mutation) { list.items.splice(mutation, list.items.size(), 0, views_of(message.values)); });
    return {};
}

proto::list::Insert::Result handle(Call& call, const proto::list::Insert& message) {
    ListTarget list(call, message.object, Access::write);
    const auto position = clamped_position(message.index, list.items.size());
    list.change([&](auto& mutation) { list.items.insert(mutation, position, message.value.bytes); });
    return {};
}

proto::list::Pop::Result handle(Call& call, const proto::list::Pop& message) {
    ListTarget list(call, message.object, Access::write);
    if (list.items.size() == 0)
        throw Refusal(Errc::empty, list.called() + " is empty, there is nothing to pop");
    const auto position = list.position(message.index);
    proto::list::Pop::Result result;
    list.change([&](auto& mutation) { result.value = {list.items.erase(mutation, position)}; });
    return result;
}

proto::list::Remove::Result handle(Call& call, const proto::list::Remove& message) {
    ListTarget list(call, message.object, Access::write);
    const auto position = list.find(call, message.value, 0, list.items.size());
    list.change([&](auto& mutation) { list.items.erase(mutation, position); });
    return {};
}

proto::list::Index::Result handle(Call& call, const proto::list::Index& message) {
    const ListTarget list(call, message.object, Access::read);
    const auto size = list.items.size();
    const auto first = clamped_position(message.start, size);
    const auto last = message.stop ? clamped_position(*message.stop, size) : size;
    return {.index = list.find(call, message.value, first, last)};
}

proto::list::Count::Result handle(Call& call, const proto::list::Count& message) {
    const ListTarget list(call, message.object, Access::read);
    return {.count = list.search(call, message.value, Search::For::all, 0, list.items.size()).found()};
}

proto::list::Reverse::Result handle(Call& call, const proto::list::Reverse& message) {
    ListTarget list(call, message.object, Access::write);
    std::vector<std::size_t> order(list.items.size());
    std::iota(order.rbegin(), order.rend(), std::size_t{0});
    list.change([&](auto& mutation) { list.items.rearrange(mutation, order); });
    return {};
}

proto::list::Sort::Result handle(Call& call, const proto::list::Sort& message) {
    ListTarget list(call, message.object, Access::write);
    const auto& sorted = call.prepared<SortedOrder>(list.object, list.items, message.reverse);
    list.change([&](auto& mutation) { list.items.rearrange(mutation, sorted.order()); });
    return {};
}

proto::list::Clear::Result handle(Call& call, const proto::list::Clear& message) {
    ListTarget list(call, message.object, Access::write);
    list.change([&](auto& mutation) { list.items.clear(mutation); });
    return {};
}

Packed handle(Call& call, const proto::list::Copy& message) {
    const ListTarget list(call, message.object, Access::read);
    return call.keep(call.prepared<CopiedValues>(list.object, list.object, list.items.size()).take());
}

proto::list::Get::Result handle(Call& call, const proto::list::Get& message) {
    const ListTarget list(call, message.object, Access::read);
    return {.value = {list.items.at(list.position(message.index))}};
}

proto::list::Set::Result handle(Call& call, const proto::list::Set& message) {
    ListTarget list(call, message.object, Access::write);
    const auto position = list.position(message.index);
    list.change([&](auto& mutation) { list.items.replace(mutation, position, message.value.bytes); });
    return {};
}

proto::list::Erase::Result handle(Call& call, const proto::list::Erase& message) {
    ListTarget list(call, message.object, Access::write);
    const auto position = list.position(message.index);
    list.change([&](auto& mutation) { list.items.erase(mutation, position); });
    return {};
}

Packed handle(Call& call, const proto::list::GetSlice& message) {
    const ListTarget list(call, message.object, Access::read);
    const auto slice = list.slice(message.start, message.stop, message.step);
    return call.keep(call.prepared<CopiedSlice>(list.object, list.items, slice).take());
}

proto::list::SetSlice::Result handle(Call& call, const proto::list::SetSlice& message) {
    ListTarget list(call, message.object, Access::write);
    const auto slice = list.slice(message.start, message.stop, message.step);
    auto values = views_of(message.values);
    if (slice.step == 1) {
        list.change([&](auto& mutation) { list.items.splice(mutation, slice.first, slice.count, values); });
        return {};
    }
    if (values.size() != slice.count)
        throw Refusal(Errc::invalid_argument, "a slice with a step selects " + std::to_string(slice.count) +
                                                  " items and cannot become " + std::to_string(values.size()));
    if (slice.step < 0)
        std::ranges::reverse(values);
    const auto step = static_cast<std::size_t>(slice.step < 0 ? -slice.step : slice.step);
    list.change([&](auto& mutation) { list.items.replace_stepped(mutation, slice.lowest(), step, values); });
    return {};
}

proto::list::EraseSlice::Result handle(Call& call, const proto::list::EraseSlice& message) {
    ListTarget list(call, message.object, Access::write);
    const auto slice = list.slice(message.start, message.stop, message.step);
    const auto step = static_cast<std::size_t>(slice.step < 0 ? -slice.step : slice.step);
    list.change([&](auto& mutation) { list.items.erase_stepped(mutation, slice.lowest(), step, slice.count); });
    return {};
}

proto::list::Contains::Result handle(Call& call, const proto::list::Contains& message) {
    const ListTarget list(call, message.object, Access::read);
    return {.contains = list.search(call, message.value, Search::For::the_first, 0, list.items.size()).found() > 0};
}

proto::list::Len::Result handle(Call& call, const proto::list::Len& message) {
    return {.len = ListTarget(call, message.object, Access::read).items.size()};
}

proto::list::Repeat::Result handle(Call& call, const proto::list::Repeat& message) {
    ListTarget list(call, message.object, Access::write);
    const auto size = list.items.size();
    if (message.times <= 0 || size == 0) {
        list.change([&](auto& mutation) { list.items.clear(mutation); });
        return {};
    }
    constexpr std::size_t smallest_item_bytes = 32;
    std::size_t once_bytes = 0;
    std::vector<std::string> once;  // the views of the list's own items would not survive the change
    for (std::size_t i = 0; i < size; ++i)
        once_bytes += smallest_item_bytes + once.emplace_back(list.items.at(i)).size();
    const auto times = static_cast<std::size_t>(message.times);
    const auto limit_bytes = call.daemon.domains.budget().limit_bytes();
    if (times - 1 > limit_bytes / once_bytes)  // found out before any memory is taken
        throw shared::NoMemory(list.called() + " repeated " + std::to_string(times) +
                               " times would not fit the memory limit of " + std::to_string(limit_bytes) + " bytes");
    std::vector<std::string_view> more;
    more.reserve(size * (times - 1));
    for (std::size_t round = 1; round < times; ++round)
        more.insert(more.end(), once.begin(), once.end());
    list.change([&](auto& mutation) { list.items.splice(mutation, size, 0, more); });
    return {};
}

proto::list::CompareExchange::Result handle(Call& call, const proto::list::CompareExchange& message) {
    ListTarget list(call, message.object, Access::write);
    const auto position = list.position(message.index);
    const std::string before(list.items.at(position));
    const bool exchanged = proto::equal(before, message.expected.bytes);
    if (exchanged)
        list.change([&](auto& mutation) { list.items.replace(mutation, position, message.desired.bytes); });
    return {.exchanged = exchanged, .current = call.keep(before)};
}

}  // namespace steward::daemon
