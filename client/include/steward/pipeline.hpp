#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <steward/any.hpp>
#include <steward/array.hpp>
#include <steward/bounded_semaphore.hpp>
#include <steward/dict.hpp>
#include <steward/event.hpp>
#include <steward/export.hpp>
#include <steward/list.hpp>
#include <steward/namespace.hpp>
#include <steward/queue.hpp>
#include <steward/semaphore.hpp>
#include <steward/set.hpp>
#include <steward/value.hpp>

namespace steward {

namespace detail {

class PipelineState;
class PipelinedCall;

/// One request under way, and its result. Movable; gives its place back when destroyed.
class STEWARD_API PipelinedReply {
  public:
    PipelinedReply(std::shared_ptr<PipelineState> pipeline, PipelinedCall& call) noexcept
        : pipeline_(std::move(pipeline)), call_(&call) {}
    PipelinedReply(PipelinedReply&& other) noexcept
        : pipeline_(std::move(other.pipeline_)), call_(std::exchange(other.call_, nullptr)) {}
    PipelinedReply& operator=(PipelinedReply&& other) noexcept {
        std::swap(pipeline_, other.pipeline_);
        std::swap(call_, other.call_);
        return *this;
    }
    ~PipelinedReply();

    bool ready() const noexcept;

    /// Sends what is not sent yet, waits for the reply, throws the error that it holds. Empty: it has no value.
    std::optional<Any> take();

  private:
    std::shared_ptr<PipelineState> pipeline_;
    PipelinedCall* call_;
};

template <class T>
T from_result(std::optional<Any>&& any) {
    if constexpr (!std::is_void_v<T>)
        return from<T>(std::move(any).value());
}

}  // namespace detail

/// The result of a pipelined operation, once.
///
/// Threads: one at a time. Lifetime: it may outlive its Pipeline. One that is destroyed without get() loses the result,
/// an error included; the operation happens all the same.
template <class T>
class [[nodiscard]] Future {
  public:
    /// How the result is made of what the daemon answers.
    using Convert = T(std::optional<Any>&&);

    /// For Pipeline alone.
    explicit Future(detail::PipelinedReply reply, Convert* convert = detail::from_result<T>) noexcept
        : reply_(std::move(reply)), convert_(convert) {}

    /// Whether get() would return at once.
    bool ready() const noexcept { return reply_.ready(); }

    /// Blocks until the reply is there, and sends what the pipeline holds back. Throws what the operation throws. To be
    /// called once.
    T get() { return convert_(reply_.take()); }
    T get(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return get(); });
    }

  private:
    detail::PipelinedReply reply_;
    Convert* convert_;
};

/// Sends many operations without waiting for each one's reply.
///
///     auto pipeline = manager.pipeline();
///     std::vector<steward::Future<std::optional<int>>> counts;
///     for (const auto& word : words)
///         counts.push_back(pipeline.get(stats, word));
///     for (auto& count : counts)
///         total += count.get().value_or(0);
///
/// Operations are held back until flush(), the first get() of a Future, or until many have come together; the daemon
/// carries them out in this order, each by itself: others' operations may come between, and one that fails does not
/// stop the next ones. Only operations that do not block can be pipelined. The proxies must be of the same Manager.
/// Some 500 can be under way at once; the next operation waits then until the first of them is done. Where the
/// connection is lost they are sent again over the next one, in their order, and each is carried out once.
///
/// Threads: one at a time per Pipeline; any number of Pipelines at once. Lifetime: destroying a Pipeline sends what it
/// holds back. Across fork(): the child makes a Pipeline of its own.
///
/// An operation is called as the method of the proxy is, does the same, and its Future gives what the method returns or
/// throws. What a List or an Array has at a position is got as by at(). Each operation itself throws only what sending
/// can throw (not_connected) and invalid_argument for a proxy of another Manager; everything else comes out of
/// Future::get().
class STEWARD_API Pipeline {
  public:
    Pipeline(Pipeline&&) noexcept;
    Pipeline& operator=(Pipeline&&) noexcept;
    ~Pipeline();

    /// Sends what is held back. Does not wait for replies.
    void flush();
    void flush(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { flush(); });
    }

    /// The operations are called as the methods of the proxies are, and do the same.
    /// @{

    template <class T>
    Future<T> get(const Value<T>& value) {
        return Future<T>(value_get(value));
    }
    template <class T>
    Future<void> set(Value<T>& value, const std::type_identity_t<T>& desired) {
        return Future<void>(value_set(value, detail::as_any(desired)));
    }
    template <class T>
    Future<T> fetch_add(Value<T>& value, const std::type_identity_t<T>& by) {
        return Future<T>(value_fetch_add(value, detail::as_any(by)));
    }

    template <class K, class V>
    Future<std::optional<V>> get(const Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        return Future<std::optional<V>>(dict_get(dict, detail::as_any(key)), read_optional<V>);
    }
    template <class K, class V>
    Future<void> set(Dict<K, V>& dict, const std::type_identity_t<K>& key, const std::type_identity_t<V>& value) {
        return Future<void>(dict_set(dict, detail::as_any(key), detail::as_any(value)));
    }
    template <class K, class V>
    Future<bool> erase(Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        return Future<bool>(dict_erase(dict, detail::as_any(key)));
    }
    template <class K, class V>
    Future<V> increment(Dict<K, V>& dict, const std::type_identity_t<K>& key,
                        const std::type_identity_t<V>& by = V(1)) {
        return Future<V>(dict_increment(dict, detail::as_any(key), detail::as_any(by)));
    }

    template <class K, class V>
    Future<std::optional<V>> pop(Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        return Future<std::optional<V>>(dict_pop(dict, detail::as_any(key)), read_optional<V>);
    }
    template <class K, class V>
    Future<V> set_default(Dict<K, V>& dict, const std::type_identity_t<K>& key, const std::type_identity_t<V>& value) {
        return Future<V>(dict_set_default(dict, detail::as_any(key), detail::as_any(value)));
    }
    template <class K, class V>
    Future<bool> contains(const Dict<K, V>& dict, const std::type_identity_t<K>& key) {
        return Future<bool>(dict_contains(dict, detail::as_any(key)));
    }

    template <class T>
    Future<void> append(List<T>& list, const std::type_identity_t<T>& value) {
        return Future<void>(list_append(list, detail::as_any(value)));
    }
    template <class T>
    Future<T> pop(List<T>& list, std::int64_t index = -1) {
        return Future<T>(list_pop(list, index));
    }
    template <class T>
    Future<T> get(const List<T>& list, std::int64_t index) {
        return Future<T>(list_get(list, index));
    }

    template <class T>
    Future<void> set(List<T>& list, std::int64_t index, const std::type_identity_t<T>& value) {
        return Future<void>(list_set(list, index, detail::as_any(value)));
    }
    template <class T>
    Future<void> insert(List<T>& list, std::int64_t index, const std::type_identity_t<T>& value) {
        return Future<void>(list_insert(list, index, detail::as_any(value)));
    }

    template <class T>
    Future<bool> add(Set<T>& set, const std::type_identity_t<T>& value) {
        return Future<bool>(set_add(set, detail::as_any(value)));
    }
    template <class T>
    Future<bool> discard(Set<T>& set, const std::type_identity_t<T>& value) {
        return Future<bool>(set_discard(set, detail::as_any(value)));
    }
    template <class T>
    Future<T> pop(Set<T>& set) {
        return Future<T>(set_pop(set));
    }
    template <class T>
    Future<bool> contains(const Set<T>& set, const std::type_identity_t<T>& value) {
        return Future<bool>(set_contains(set, detail::as_any(value)));
    }

    template <FromAny T = Any>
    Future<T> get(const Namespace& name_space, std::string_view attribute) {
        return Future<T>(namespace_get(name_space, attribute));
    }
    template <ToAny T>
    Future<void> set(Namespace& name_space, std::string_view attribute, const T& value) {
        return Future<void>(namespace_set(name_space, attribute, detail::as_any(value)));
    }
    Future<void> erase(Namespace& name_space, std::string_view attribute);
    Future<bool> contains(const Namespace& name_space, std::string_view attribute);

    template <class T>
    Future<T> get(const Array<T>& array, std::int64_t index) {
        return Future<T>(array_get(array, index));
    }
    template <class T>
    Future<void> set(Array<T>& array, std::int64_t index, std::type_identity_t<T> value) {
        return Future<void>(array_set(array, index, value));
    }
    template <class T>
    Future<T> fetch_add(Array<T>& array, std::int64_t index, std::type_identity_t<T> by) {
        return Future<T>(array_fetch_add(array, index, by));
    }

    template <class T>
    Future<bool> try_put(Queue<T>& queue, const std::type_identity_t<T>& value) {
        return Future<bool>(queue_try_put(queue, detail::as_any(value)));
    }
    template <class T>
    Future<std::optional<T>> try_get(Queue<T>& queue) {
        return Future<std::optional<T>>(queue_try_get(queue), read_optional<T>);
    }
    template <class T>
    Future<void> task_done(Queue<T>& queue) {
        return Future<void>(queue_task_done(queue));
    }

    Future<void> release(Semaphore& semaphore, std::ptrdiff_t permits = 1);
    Future<void> release(BoundedSemaphore& semaphore, std::ptrdiff_t permits = 1);
    Future<void> set(Event& event);
    Future<void> clear(Event& event);

    /// @}

  private:
    friend class Manager;
    explicit Pipeline(std::shared_ptr<detail::PipelineState> state) noexcept;

    template <class V>
    static std::optional<V> read_optional(std::optional<Any>&& any) {
        return detail::from_optional<V>(std::move(any));
    }

    detail::PipelinedReply value_get(const Object& value);
    detail::PipelinedReply value_set(const Object& value, const Any& desired);
    detail::PipelinedReply value_fetch_add(const Object& value, const Any& by);
    detail::PipelinedReply dict_get(const Object& dict, const Any& key);
    detail::PipelinedReply dict_set(const Object& dict, const Any& key, const Any& value);
    detail::PipelinedReply dict_erase(const Object& dict, const Any& key);
    detail::PipelinedReply dict_increment(const Object& dict, const Any& key, const Any& by);
    detail::PipelinedReply dict_pop(const Object& dict, const Any& key);
    detail::PipelinedReply dict_set_default(const Object& dict, const Any& key, const Any& value);
    detail::PipelinedReply dict_contains(const Object& dict, const Any& key);
    detail::PipelinedReply list_append(const Object& list, const Any& value);
    detail::PipelinedReply list_pop(const Object& list, std::int64_t index);
    detail::PipelinedReply list_get(const Object& list, std::int64_t index);
    detail::PipelinedReply list_set(const Object& list, std::int64_t index, const Any& value);
    detail::PipelinedReply list_insert(const Object& list, std::int64_t index, const Any& value);
    detail::PipelinedReply set_add(const Object& set, const Any& value);
    detail::PipelinedReply set_discard(const Object& set, const Any& value);
    detail::PipelinedReply set_pop(const Object& set);
    detail::PipelinedReply set_contains(const Object& set, const Any& value);
    detail::PipelinedReply namespace_get(const Object& name_space, std::string_view attribute);
    detail::PipelinedReply namespace_set(const Object& name_space, std::string_view attribute, const Any& value);
    detail::PipelinedReply array_get(const Object& array, std::int64_t index);
    detail::PipelinedReply array_set(const Object& array, std::int64_t index, const Any& value);
    detail::PipelinedReply array_fetch_add(const Object& array, std::int64_t index, const Any& by);
    detail::PipelinedReply queue_try_put(const Object& queue, const Any& value);
    detail::PipelinedReply queue_try_get(const Object& queue);
    detail::PipelinedReply queue_task_done(const Object& queue);

    std::shared_ptr<detail::PipelineState> state_;
};

}  // namespace steward
