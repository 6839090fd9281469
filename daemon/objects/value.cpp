#include "daemon/objects/value.hpp"

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/sum.hpp"
#include "proto/dumped_state.hpp"
#include "proto/value.hpp"
#include "shared/cell.hpp"

namespace steward::daemon {
namespace {

shared::Cell cell_of(const Object& object) {
    return {object.heap(), object.header->state_as<shared::CellState>()};
}

std::string_view content_of(const Object& object) {
    return cell_of(object).get().value_or(proto::packed_nil.bytes);
}

void store(const Object& object, std::string_view value) {
    shared::Mutation mutation(object.heap());
    object.begin_change(mutation);
    cell_of(object).set(mutation, value);
}

Object value_of(const Call& call, std::uint64_t id, Access access) {
    return call.object(id, proto::ObjectType::value, access);
}

}  // namespace

void Value::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    info.state = proto::kind_name(content_of(object));
    info.count = 1;
}

void Value::visit_values(const Object& object, ValueCursor& cursor, std::size_t, const ValueVisitor& visit) const {
    visit(content_of(object));
    cursor.at_end = true;
}

void Value::discard_contents(shared::Mutation& mutation, const Object& object) const {
    cell_of(object).clear(mutation);
}

std::string Value::dumped_state(const Object&) const {
    return packed_state(proto::dumped::Container{});
}

Object Value::restore(const Restore& restore, proto::Packed) const {
    return restore.make({.type = proto::ObjectType::value}, [](shared::Mutation& mutation, const Object& object) {
        cell_of(object).set(mutation, proto::packed_nil.bytes);
    });
}

void Value::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t first,
                           std::span<const proto::Packed> values) const {
    if (first != 0 || values.size() != 1)
        throw proto::Refusal(proto::Errc::invalid_argument, "the dump has more than one value for a value");
    cell_of(object).set(mutation, values.front().bytes);
}

proto::value::Open::Result handle(Call& call, const proto::value::Open& message) {
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::value},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         cell_of(object).set(mutation, message.initial.bytes);
                                     });
}

proto::value::Get::Result handle(Call& call, const proto::value::Get& message) {
    return {.value = {content_of(value_of(call, message.object, Access::read))}};
}

proto::value::Set::Result handle(Call& call, const proto::value::Set& message) {
    store(value_of(call, message.object, Access::write), message.value.bytes);
    return {};
}

proto::value::CompareExchange::Result handle(Call& call, const proto::value::CompareExchange& message) {
    const auto object = value_of(call, message.object, Access::write);
    const std::string before(content_of(object));
    const bool exchanged = proto::equal(before, message.expected.bytes);
    if (exchanged)
        store(object, message.desired.bytes);
    return {.exchanged = exchanged, .current = call.keep(before)};
}

proto::value::FetchAdd::Result handle(Call& call, const proto::value::FetchAdd& message) {
    const auto object = value_of(call, message.object, Access::write);
    const std::string before(content_of(object));
    store(object, sum_of(before, message.by.bytes, object.called()));
    return {.before = call.keep(before)};
}

}  // namespace steward::daemon
