#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <steward/steward.hpp>

#include "proto/catalogue.hpp"

namespace steward::tests::conformance {

/// An Array of whatever numbers.
using AnyArray = std::variant<Array<std::int8_t>, Array<std::uint8_t>, Array<std::int16_t>, Array<std::uint16_t>,
                              Array<std::int32_t>, Array<std::uint32_t>, Array<std::int64_t>, Array<std::uint64_t>,
                              Array<float>, Array<double>>;

/// A public proxy of what libsteward uses or reads without the daemon, with what messages tell and it does not.
template <class P>
struct Known {
    P proxy;
    std::int64_t bound = 0;  ///< of a bounded semaphore
    bool recover = false;    ///< of semaphores
};

/// Which proxy carries a message out: those of the messages for which the library need not ask.
template <proto::Message M>
struct ProxyOf {};

template <>
struct ProxyOf<proto::lock::Acquire> : std::type_identity<Lock> {};
template <>
struct ProxyOf<proto::lock::Release> : std::type_identity<Lock> {};
template <>
struct ProxyOf<proto::lock::Holding> : std::type_identity<Lock> {};
template <>
struct ProxyOf<proto::rlock::Acquire> : std::type_identity<RLock> {};
template <>
struct ProxyOf<proto::rlock::Release> : std::type_identity<RLock> {};
template <>
struct ProxyOf<proto::rlock::Holding> : std::type_identity<RLock> {};
template <>
struct ProxyOf<proto::semaphore::Acquire> : std::type_identity<Semaphore> {};
template <>
struct ProxyOf<proto::semaphore::Release> : std::type_identity<Semaphore> {};
template <>
struct ProxyOf<proto::semaphore::Value> : std::type_identity<Semaphore> {};
template <>
struct ProxyOf<proto::bounded_semaphore::Acquire> : std::type_identity<BoundedSemaphore> {};
template <>
struct ProxyOf<proto::bounded_semaphore::Release> : std::type_identity<BoundedSemaphore> {};
template <>
struct ProxyOf<proto::bounded_semaphore::Value> : std::type_identity<BoundedSemaphore> {};
template <>
struct ProxyOf<proto::event::IsSet> : std::type_identity<Event> {};
template <>
struct ProxyOf<proto::event::Wait> : std::type_identity<Event> {};
template <>
struct ProxyOf<proto::value::Get> : std::type_identity<Value<>> {};
template <>
struct ProxyOf<proto::dict::Get> : std::type_identity<Dict<>> {};
template <>
struct ProxyOf<proto::dict::Items> : std::type_identity<Dict<>> {};
template <>
struct ProxyOf<proto::dict::Contains> : std::type_identity<Dict<>> {};
template <>
struct ProxyOf<proto::dict::Len> : std::type_identity<Dict<>> {};
template <>
struct ProxyOf<proto::list::Get> : std::type_identity<List<>> {};
template <>
struct ProxyOf<proto::list::Copy> : std::type_identity<List<>> {};
template <>
struct ProxyOf<proto::list::Len> : std::type_identity<List<>> {};
template <>
struct ProxyOf<proto::set::Contains> : std::type_identity<Set<>> {};
template <>
struct ProxyOf<proto::set::Len> : std::type_identity<Set<>> {};
template <>
struct ProxyOf<proto::name_space::Get> : std::type_identity<Namespace> {};
template <>
struct ProxyOf<proto::array::Get> : std::type_identity<AnyArray> {};
template <>
struct ProxyOf<proto::array::GetSlice> : std::type_identity<AnyArray> {};
template <>
struct ProxyOf<proto::array::Len> : std::type_identity<AnyArray> {};

template <class M>
concept CarriedOutByProxy = requires { typename ProxyOf<M>::type; };

/// The proxies of one session, by the objects that it opened: what carries messages out as a program does it that uses
/// the library. Messages and proxies are compared by nothing but what comes of them.
///
///     proxies.note_opened(message, result);
///     if (auto* lock = proxies.find<Lock>(acquire.object))
///         result = proxies.carry_out(*lock, acquire);
///
/// A call throws steward::Error. What its result refers to lives as long as this.
class Proxies {
  public:
    explicit Proxies(const Manager& manager) : manager_(manager) {}

    /// From here on there is a proxy of the object, where there is one of its type here.
    template <proto::Message M>
    void note_opened(const M& message, const typename M::Result& opened) {
        Opening opening{.name = message.open.name, .object = opened.object};
        if constexpr (requires { opened.word; })
            opening.word = opened.word;
        if constexpr (requires { message.permits; })
            opening.permits = message.permits;
        if constexpr (requires { message.recover; })
            opening.recover = message.recover;
        if constexpr (requires { message.typecode; })
            opening.typecode = message.typecode;
        note(*proto::object_type_from(M::method.substr(0, M::method.find('.'))), opening);
    }
    void note_opened(const proto::condition::Open& message, const proto::condition::Open::Result& opened) {
        const bool has_own = !message.lock;
        if (has_own)
            note(opened.lock_type, {.object = opened.lock, .word = opened.lock_word});
    }

    /// Nothing where the session has opened none of the type by this number.
    template <class P>
    Known<P>* find(std::uint64_t object) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(object);
        return found == known_.end() ? nullptr : std::get_if<Known<P>>(&found->second);
    }

    static proto::lock::Acquire::Result carry_out(Known<Lock>&, const proto::lock::Acquire&);
    static proto::Nothing carry_out(Known<Lock>&, const proto::lock::Release&);
    static proto::lock::Holding::Result carry_out(Known<Lock>&, const proto::lock::Holding&);
    static proto::rlock::Acquire::Result carry_out(Known<RLock>&, const proto::rlock::Acquire&);
    static proto::rlock::Release::Result carry_out(Known<RLock>&, const proto::rlock::Release&);
    static proto::rlock::Holding::Result carry_out(Known<RLock>&, const proto::rlock::Holding&);
    static proto::semaphore::Acquire::Result carry_out(Known<Semaphore>&, const proto::semaphore::Acquire&);
    static proto::Nothing carry_out(Known<Semaphore>&, const proto::semaphore::Release&);
    static proto::semaphore::Value::Result carry_out(Known<Semaphore>&, const proto::semaphore::Value&);
    static proto::bounded_semaphore::Acquire::Result carry_out(Known<BoundedSemaphore>&,
                                                               const proto::bounded_semaphore::Acquire&);
    static proto::Nothing carry_out(Known<BoundedSemaphore>&, const proto::bounded_semaphore::Release&);
    static proto::bounded_semaphore::Value::Result carry_out(Known<BoundedSemaphore>&,
                                                             const proto::bounded_semaphore::Value&);
    static proto::event::IsSet::Result carry_out(Known<Event>&, const proto::event::IsSet&);
    static proto::event::Wait::Result carry_out(Known<Event>&, const proto::event::Wait&);
    proto::ValueResult carry_out(Known<Value<>>&, const proto::value::Get&);
    proto::dict::Get::Result carry_out(Known<Dict<>>&, const proto::dict::Get&);
    proto::dict::Items::Result carry_out(Known<Dict<>>&, const proto::dict::Items&);
    proto::dict::Contains::Result carry_out(Known<Dict<>>&, const proto::dict::Contains&);
    static proto::dict::Len::Result carry_out(Known<Dict<>>&, const proto::dict::Len&);
    proto::ValueResult carry_out(Known<List<>>&, const proto::list::Get&);
    proto::ValuesResult carry_out(Known<List<>>&, const proto::list::Copy&);
    static proto::list::Len::Result carry_out(Known<List<>>&, const proto::list::Len&);
    proto::set::Contains::Result carry_out(Known<Set<>>&, const proto::set::Contains&);
    static proto::set::Len::Result carry_out(Known<Set<>>&, const proto::set::Len&);
    proto::ValueResult carry_out(Known<Namespace>&, const proto::name_space::Get&);
    proto::ValueResult carry_out(Known<AnyArray>&, const proto::array::Get&);
    proto::ValuesResult carry_out(Known<AnyArray>&, const proto::array::GetSlice&);
    proto::array::Len::Result carry_out(Known<AnyArray>&, const proto::array::Len&);

  private:
    struct Opening {
        std::string_view name = {};
        std::uint64_t object = 0;
        std::uint32_t word = 0;
        std::int64_t permits = 0;
        bool recover = false;
        std::string_view typecode = {};
    };

    void note(proto::ObjectType type, const Opening& opening);
    Reference refer(proto::ObjectType type, const Opening& opening) const;
    template <class P>
    void keep(const Opening& opening, P proxy);

    Any any(proto::Packed packed) const;
    proto::Packed packed(const Any& any);

    Manager manager_;
    std::mutex mutex_;  ///< for known_, in which threads look while others come
    std::map<std::uint64_t, std::variant<Known<Lock>, Known<RLock>, Known<Semaphore>, Known<BoundedSemaphore>,
                                         Known<Event>, Known<Value<>>, Known<Dict<>>, Known<List<>>, Known<Set<>>,
                                         Known<Namespace>, Known<AnyArray>>>
        known_;
    std::list<std::string> kept_;
};

}  // namespace steward::tests::conformance
