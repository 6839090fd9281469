#pragma once

#include <cstddef>

namespace steward::shared {

/// Memory of a file that others may cut short. To touch what is not there any more is a SIGBUS (mmap(2)), which would
/// be the end of the process. In a process that survives them, guarded memory becomes zeros of this process's own, all
/// of it and for good, and counts as damaged from then on: whoever has loaded something from it looks before he acts on
/// it.

/// Installs the handler of SIGBUS, once for the process. A SIGBUS elsewhere still ends it, or goes to the handler that
/// was there before.
void survive_bus_errors();

/// Guards the pages from `begin`. Nothing happens beyond 4,096 guarded ranges, or without the handler.
void guard_memory(void* begin, std::size_t bytes) noexcept;
void end_guard(void* begin) noexcept;

/// Whether the guarded memory that this stands in is damaged. Costs a load as long as none is.
bool is_damaged(const void* address) noexcept;

}  // namespace steward::shared
