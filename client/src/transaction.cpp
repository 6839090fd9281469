#include <steward/transaction.hpp>

#include <concepts>
#include <deque>
#include <string>
#include <vector>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/result_shape.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/set.hpp"
#include "proto/objects/value.hpp"
#include "proto/transaction.hpp"

namespace steward {
namespace detail {

/// What a Transaction collects, and what its results read. One thread at a time.
class TransactionState {
  public:
    explicit TransactionState(std::shared_ptr<Client> client) : client_(std::move(client)) {}

    /// `values`: those in the message.
    template <proto::Message M, std::same_as<Any>... A>
    std::size_t add(const Object& object, const M& message, ResultShape shape, const A&... values) {
        check(object);
        (append_references(references_, values), ...);
        auto& params = bytes_.emplace_back();
        proto::Writer writer(params);
        proto::encode(writer, message);
        operations_.push_back({.method = M::method, .params = {params}});
        shapes_.push_back(shape);
        return shapes_.size() - 1;
    }

    void require(const Object& object, proto::transaction::Condition condition) {
        check(object);
        condition.object = object.id();
        conditions_.push_back(condition);
    }
    proto::Packed keep(const Any& any) {
        append_references(references_, any);
        pack(bytes_.emplace_back(), client_, any);
        return {bytes_.back()};
    }

    Committed commit() {
        if (sent_)
            throw Error(errc::invalid_argument, "the transaction was committed already");
        sent_ = true;
        const auto reply =
            client_->call(proto::transaction::Commit{.conditions = conditions_, .operations = operations_});
        references_.clear();
        Committed outcome{.applied = reply->applied};
        if (reply->failed)
            outcome.failed_condition = *reply->failed;
        if (outcome.applied && reply->results.size() != shapes_.size())
            throw Error(errc::protocol_error, "the transaction has another number of results than of operations");
        for (std::size_t i = 0; i < reply->results.size(); ++i)
            results_.push_back(value_in(client_, reply->results[i], shapes_[i]));
        return outcome;
    }

    std::optional<Any> result(std::size_t index) const {
        if (index >= results_.size())
            throw Error(errc::invalid_argument, "the transaction was not applied, so this operation has no result");
        return results_[index];
    }

  private:
    void check(const Object& object) const {
        if (StateOf(object).state->client != client_)
            throw_other_manager(*StateOf(object).state);
    }

    std::shared_ptr<Client> client_;
    std::deque<std::string> bytes_;      ///< do not move
    std::vector<Reference> references_;  ///< in them
    std::vector<proto::transaction::Condition> conditions_;
    std::vector<proto::transaction::Operation> operations_;
    std::vector<ResultShape> shapes_;
    std::vector<std::optional<Any>> results_;
    bool sent_ = false;
};

std::optional<Any> transaction_result(const TransactionState& state, std::size_t index) {
    return state.result(index);
}

}  // namespace detail

using detail::PackedAny;
using detail::ResultShape;
using proto::transaction::Requirement;

Transaction::Transaction(std::shared_ptr<detail::TransactionState> state) noexcept : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Transaction Manager::transaction() const {
    return Transaction(std::make_shared<detail::TransactionState>(client_));
}

Committed Transaction::commit() {
    return state_->commit();
}

void Transaction::require_key(const Object& object, const Any& key, std::uint8_t requirement, std::uint64_t version) {
    state_->require(object, {.requirement = static_cast<Requirement>(requirement),
                             .version = version,
                             .of_key = true,
                             .key = state_->keep(key)});
}

void Transaction::require_exists(const Object& object) {
    state_->require(object, {.requirement = Requirement::exists});
}

void Transaction::require_version(const Object& object, std::uint64_t version) {
    state_->require(object, {.requirement = Requirement::version, .version = version});
}

std::size_t Transaction::value_get(const Object& value) {
    return state_->add(value, proto::value::Get{.object = value.id()}, ResultShape::first);
}

std::size_t Transaction::value_set(const Object& value, const Any& desired) {
    return state_->add(value, proto::value::Set{.object = value.id(), .value = PackedAny(value, desired)},
                       ResultShape::nothing, desired);
}

std::size_t Transaction::value_fetch_add(const Object& value, const Any& by) {
    return state_->add(value, proto::value::FetchAdd{.object = value.id(), .by = PackedAny(value, by)},
                       ResultShape::first, by);
}

std::size_t Transaction::dict_get(const Object& dict, const Any& key) {
    return state_->add(dict, proto::dict::Get{.object = dict.id(), .key = PackedAny(dict, key)}, ResultShape::found,
                       key);
}

std::size_t Transaction::dict_set(const Object& dict, const Any& key, const Any& value) {
    const PackedAny packed_key(dict, key);
    const PackedAny packed_value(dict, value);
    return state_->add(dict, proto::dict::Set{.object = dict.id(), .key = packed_key, .value = packed_value},
                       ResultShape::nothing, key, value);
}

std::size_t Transaction::dict_erase(const Object& dict, const Any& key) {
    return state_->add(dict, proto::dict::Erase{.object = dict.id(), .key = PackedAny(dict, key)}, ResultShape::first,
                       key);
}

std::size_t Transaction::dict_increment(const Object& dict, const Any& key, const Any& by) {
    const PackedAny packed_key(dict, key);
    const PackedAny packed_by(dict, by);
    return state_->add(dict, proto::dict::Increment{.object = dict.id(), .key = packed_key, .by = packed_by},
                       ResultShape::first, key, by);
}

std::size_t Transaction::list_append(const Object& list, const Any& value) {
    return state_->add(list, proto::list::Append{.object = list.id(), .value = PackedAny(list, value)},
                       ResultShape::nothing, value);
}

std::size_t Transaction::list_pop(const Object& list, std::int64_t index) {
    return state_->add(list, proto::list::Pop{.object = list.id(), .index = index}, ResultShape::first);
}

std::size_t Transaction::list_get(const Object& list, std::int64_t index) {
    return state_->add(list, proto::list::Get{.object = list.id(), .index = index}, ResultShape::first);
}

std::size_t Transaction::list_set(const Object& list, std::int64_t index, const Any& value) {
    return state_->add(list, proto::list::Set{.object = list.id(), .index = index, .value = PackedAny(list, value)},
                       ResultShape::nothing, value);
}

void Transaction::set(Namespace& name_space, std::string_view attribute, const Any& value) {
    const PackedAny packed_value(name_space, value);
    state_->add(name_space,
                proto::name_space::Set{.object = name_space.id(), .attribute = attribute, .value = packed_value},
                ResultShape::nothing, value);
}

std::size_t Transaction::set_add(const Object& set, const Any& value) {
    return state_->add(set, proto::set::Add{.object = set.id(), .value = PackedAny(set, value)}, ResultShape::first,
                       value);
}

std::size_t Transaction::set_discard(const Object& set, const Any& value) {
    return state_->add(set, proto::set::Discard{.object = set.id(), .value = PackedAny(set, value)}, ResultShape::first,
                       value);
}

std::size_t Transaction::set_contains(const Object& set, const Any& value) {
    return state_->add(set, proto::set::Contains{.object = set.id(), .value = PackedAny(set, value)},
                       ResultShape::first, value);
}

std::size_t Transaction::array_get(const Object& array, std::int64_t index) {
    return state_->add(array, proto::array::Get{.object = array.id(), .index = index}, ResultShape::first);
}

std::size_t Transaction::array_set(const Object& array, std::int64_t index, const Any& value) {
    return state_->add(array, proto::array::Set{.object = array.id(), .index = index, .value = PackedAny(array, value)},
                       ResultShape::nothing, value);
}

std::size_t Transaction::array_fetch_add(const Object& array, std::int64_t index, const Any& by) {
    return state_->add(array, proto::array::FetchAdd{.object = array.id(), .index = index, .by = PackedAny(array, by)},
                       ResultShape::first, by);
}

}  // namespace steward
