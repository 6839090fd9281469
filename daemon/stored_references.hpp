#pragma once

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "proto/message.hpp"
#include "proto/reader.hpp"

namespace steward::daemon {

/// Lifetimes::check_references for those fields of a request that are not only compared.
template <proto::Message M>
void check_stored_references(Call& call, const Object* container, proto::Packed params) {
    proto::Reader reader(params.bytes);
    auto left = reader.array();
    proto::for_each_field<M>([&](const auto& field) {
        if (left == 0)
            return;
        --left;
        const auto value = reader.packed();
        if (!is_compared(field))
            call.daemon.lifetimes.check_references(call, container, value);
    });
}

}  // namespace steward::daemon
