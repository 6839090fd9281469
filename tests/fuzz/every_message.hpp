#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "proto/catalogue.hpp"

namespace steward::fuzz {

inline constexpr std::size_t message_count = std::tuple_size_v<proto::Messages>;

/// Calls `visit` with std::type_identity of the message that has this number in the catalogue, so that none can be
/// forgotten.
template <class F>
void with_message(std::size_t number, F&& visit) {
    const auto call = [&]<std::size_t... index>(std::index_sequence<index...>) {
        const auto one = [&]<class M>(std::type_identity<M> message, std::size_t at) {
            if (at == number)
                visit(message);
        };
        (one(std::type_identity<std::tuple_element_t<index, proto::Messages>>{}, index), ...);
    };
    call(std::make_index_sequence<message_count>{});
}

}  // namespace steward::fuzz
