#pragma once

namespace steward::shared {

/// Tells the processor that this thread spins for a moment.
inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

}  // namespace steward::shared
