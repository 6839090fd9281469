#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/mutation.hpp"

namespace steward::shared {

struct ProcessIdentity {
    std::uint32_t pid = 0;
    std::uint32_t uid = 0;
};

/// Who died holding an object.
struct Abandonment {
    ProcessIdentity process;
    std::uint64_t when_ns = 0;  ///< CLOCK_REALTIME
    std::uint64_t held_for_ns = 0;
    std::string_view command;
};

/// The command's bytes follow.
struct AbandonmentRecord : Node {
    Field<ProcessIdentity> process;
    Field<std::uint64_t> when_ns;
    Field<std::uint64_t> held_for_ns;
};
static_assert(sizeof(AbandonmentRecord) == 40);

std::optional<Abandonment> last_abandonment(const Heap&, const ObjectHeader&) noexcept;
/// Replaces the object's last record.
void record_abandonment(Mutation&, ObjectHeader&, const Abandonment&);
void forget_abandonment(Mutation&, ObjectHeader&);

}  // namespace steward::shared
