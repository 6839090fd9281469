#pragma once

#include <cstdint>
#include <string>

namespace steward::detail {

/// A number of this process among its ancestors: a forked child sees another one than its parent. A load from memory.
std::uint64_t process_generation() noexcept;

/// The number of the calling thread, counted from 1 and never used for another thread of this process.
std::uint32_t thread_number() noexcept;

/// The name that the program was started by, without its folder.
std::string program_name();

}  // namespace steward::detail
