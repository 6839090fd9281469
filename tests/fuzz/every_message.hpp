#pragma once

#include <cstddef>
#include <type_traits>

#include "proto/catalogue.hpp"

namespace steward::fuzz {

template <class... M>
constexpr std::size_t count_of(proto::MessageList<M...> /*messages*/) {
    return sizeof...(M);
}

inline constexpr std::size_t message_count = count_of(proto::Messages{});

/// Calls `visit` with std::type_identity of the message that has this number in the catalogue, so that none can be
/// forgotten.
template <class F>
void with_message(std::size_t number, F&& visit) {
    const auto call = [&]<class... M>(proto::MessageList<M...> /*messages*/) {
        std::size_t at = 0;
        ((at++ == number ? visit(std::type_identity<M>{}) : void()), ...);
    };
    call(proto::Messages{});
}

}  // namespace steward::fuzz
