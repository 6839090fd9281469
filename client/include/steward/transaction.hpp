#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include <steward/any.hpp>
#include <steward/array.hpp>
#include <steward/dict.hpp>
#include <steward/export.hpp>
#include <steward/list.hpp>
#include <steward/namespace.hpp>
#include <steward/pipeline.hpp>
#include <steward/set.hpp>
#include <steward/value.hpp>

namespace steward {

namespace detail {

class TransactionState;

}  // namespace detail

/// The result of an operation of a Transaction.
///
/// Threads: one at a time. Lifetime: it may outlive its Transaction.
template <class T>
class TransactionResult {
  public:
    /// How the result is made of what the daemon answers.
    using Convert = T(std::optional<Any>&&);

    /// For Transaction alone.
    TransactionResult(std::shared_ptr<detail::TransactionState> state, std::size_t index,
                      Convert* convert = detail::from_result<T>) noexcept
        : state_(std::move(state)), index_(index), convert_(convert) {}

    /// What the operation gave. Does not block. Throws invalid_argument before the transaction was applied.
    T get() const;

  private:
    std::shared_ptr<detail::TransactionState> state_;
    std::size_t index_;
    Convert* convert_;
};

/// What became of a transaction.
struct Committed {
    bool applied = false;                              ///< whether the changes were made
    std::optional<std::size_t> failed_condition = {};  ///< the first that did not hold, counted from 0 in their order

    /// Whether the changes were made.
    explicit operator bool() const noexcept { return applied; }
};

/// Several operations on containers of one user as one change: all of them happen or none, and nobody sees them half
/// done. Conditions say when.
///
///     auto transfer = manager.transaction();
///     transfer.require_exists(accounts, "alice");
///     transfer.require_exists(accounts, "bob");
///     transfer.increment(accounts, "alice", -10);
///     auto balance = transfer.increment(accounts, "bob", 10);
///     transfer.append(journal, "alice to bob: 10");
///     if (transfer.commit())
///         std::cout << balance.get();
///
/// Operations and conditions are collected; nothing is sent before commit(). The conditions are checked first, then the
/// operations are carried out in their order, each seeing those before it. An operation that fails (index_out_of_range,
/// type_mismatch, ...) fails the transaction with its error, and nothing has changed.
///
/// Threads: one at a time. Lifetime: one that is destroyed without commit() has done nothing. The proxies must be of
/// the same Manager: invalid_argument.
class STEWARD_API Transaction {
  public:
    Transaction(Transaction&&) noexcept;
    Transaction& operator=(Transaction&&) noexcept;
    ~Transaction();

    /// Sends everything and waits for the outcome: one round trip. Throws what an operation throws, other_domain where
    /// the objects belong to different users, invalid_argument without operations, with more than 1,024 of them or of
    /// conditions, and when it is called again.
    Committed commit();
    Committed commit(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return commit(); });
    }

    /// The key must be there, must not be there, must be of the version that Dict::version() told.
    template <class K, class V>
    void require_exists(const Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        require_key(dict, detail::as_any(key), 0, 0);
    }
    template <class K, class V>
    void require_absent(const Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        require_key(dict, detail::as_any(key), 1, 0);
    }
    template <class K, class V>
    void require_version(const Dict<K, V>& dict, const std::type_identity_t<K>& key, std::uint64_t version) {
        require_key(dict, detail::as_any(key), 2, version);
    }

    /// The object must be there, must be of the version that ObjectInfo::version told.
    void require_exists(const Object& object);
    void require_version(const Object& object, std::uint64_t version);

    /// The operations are called as the methods of the proxies are, and do the same once it is committed.
    /// @{

    template <class T>
    TransactionResult<T> get(const Value<T>& value) {
        return result<T>(value_get(value));
    }
    template <class T>
    void set(Value<T>& value, const std::type_identity_t<T>& desired) {
        value_set(value, detail::as_any(desired));
    }
    template <class T>
    TransactionResult<T> fetch_add(Value<T>& value, const std::type_identity_t<T>& by) {
        return result<T>(value_fetch_add(value, detail::as_any(by)));
    }

    template <class K, class V>
    TransactionResult<std::optional<V>> get(const Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        return {state_, dict_get(dict, detail::as_any(key)), read_optional<V>};
    }
    template <class K, class V>
    void set(Dict<K, V>& dict, const std::type_identity_t<K>& key, const std::type_identity_t<V>& value) {
        dict_set(dict, detail::as_any(key), detail::as_any(value));
    }
    template <class K, class V>
    TransactionResult<bool> erase(Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        return result<bool>(dict_erase(dict, detail::as_any(key)));
    }
    template <class K, class V>
    TransactionResult<V> increment(Dict<K, V>& dict, const std::type_identity_t<K>& key,
                                   const std::type_identity_t<V>& by = V(1)) {
        return result<V>(dict_increment(dict, detail::as_any(key), detail::as_any(by)));
    }

    template <class T>
    void append(List<T>& list, const std::type_identity_t<T>& value) {
        list_append(list, detail::as_any(value));
    }
    template <class T>
    TransactionResult<T> pop(List<T>& list, std::int64_t index = -1) {
        return result<T>(list_pop(list, index));
    }
    template <class T>
    TransactionResult<T> get(const List<T>& list, std::int64_t index) {
        return result<T>(list_get(list, index));
    }
    template <class T>
    void set(List<T>& list, std::int64_t index, const std::type_identity_t<T>& value) {
        list_set(list, index, detail::as_any(value));
    }

    void set(Namespace& name_space, std::string_view attribute, const Any& value);

    template <class T>
    TransactionResult<bool> add(Set<T>& set, const std::type_identity_t<T>& value) {
        return result<bool>(set_add(set, detail::as_any(value)));
    }
    template <class T>
    TransactionResult<bool> discard(Set<T>& set, const std::type_identity_t<T>& value) {
        return result<bool>(set_discard(set, detail::as_any(value)));
    }
    template <class T>
    TransactionResult<bool> contains(const Set<T>& set, const std::type_identity_t<T>& value) {
        return result<bool>(set_contains(set, detail::as_any(value)));
    }

    template <ArrayElement T>
    TransactionResult<T> get(const Array<T>& array, std::int64_t index) {
        return result<T>(array_get(array, index));
    }
    template <ArrayElement T>
    void set(Array<T>& array, std::int64_t index, std::type_identity_t<T> value) {
        array_set(array, index, detail::as_any(value));
    }
    template <ArrayElement T>
    TransactionResult<T> fetch_add(Array<T>& array, std::int64_t index, std::type_identity_t<T> by) {
        return result<T>(array_fetch_add(array, index, detail::as_any(by)));
    }

    /// @}

  private:
    friend class Manager;
    explicit Transaction(std::shared_ptr<detail::TransactionState> state) noexcept;

    template <class T>
    TransactionResult<T> result(std::size_t index) {
        return {state_, index};
    }
    template <class V>
    static std::optional<V> read_optional(std::optional<Any>&& any) {
        return detail::from_optional<V>(std::move(any));
    }

    void require_key(const Object& object, const Any& key, std::uint8_t requirement, std::uint64_t version);
    std::size_t value_get(const Object& value);
    std::size_t value_set(const Object& value, const Any& desired);
    std::size_t value_fetch_add(const Object& value, const Any& by);
    std::size_t dict_get(const Object& dict, const Any& key);
    std::size_t dict_set(const Object& dict, const Any& key, const Any& value);
    std::size_t dict_erase(const Object& dict, const Any& key);
    std::size_t dict_increment(const Object& dict, const Any& key, const Any& by);
    std::size_t list_append(const Object& list, const Any& value);
    std::size_t list_pop(const Object& list, std::int64_t index);
    std::size_t list_get(const Object& list, std::int64_t index);
    std::size_t list_set(const Object& list, std::int64_t index, const Any& value);
    std::size_t set_add(const Object& set, const Any& value);
    std::size_t set_discard(const Object& set, const Any& value);
    std::size_t set_contains(const Object& set, const Any& value);
    std::size_t array_get(const Object& array, std::int64_t index);
    std::size_t array_set(const Object& array, std::int64_t index, const Any& value);
    std::size_t array_fetch_add(const Object& array, std::int64_t index, const Any& by);

    std::shared_ptr<detail::TransactionState> state_;
};

namespace detail {

/// The value of the operation's result. Throws invalid_argument before the transaction was applied.
STEWARD_API std::optional<Any> transaction_result(const TransactionState& state, std::size_t index);

}  // namespace detail

template <class T>
T TransactionResult<T>::get() const {
    return convert_(detail::transaction_result(*state_, index_));
}

}  // namespace steward
