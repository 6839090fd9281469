#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/call.hpp"
#include "daemon/object_class.hpp"
#include "proto/several.hpp"

namespace steward::daemon {

/// Requests about several objects at once.
void handle(Call&, const proto::object::WaitAny&);
void handle(Call&, const proto::object::AcquireAll&);
proto::object::ReleaseAll::Result handle(Call&, const proto::object::ReleaseAll&);

/// Nothing stands for a time-out.
void reply_any(std::string& out, const Claim&, const std::optional<Grant>&);
/// Which object such a reply tells of.
std::size_t index_in_reply_any(std::string_view reply);
/// A grant for each part in the order of the request; none stands for a time-out.
void reply_all(std::string& out, const Claim&, std::span<const Grant>);

}  // namespace steward::daemon
