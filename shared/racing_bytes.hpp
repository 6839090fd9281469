#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace steward::shared {

// Bytes that another process may change meanwhile. They are taken by relaxed loads of the aligned words that contain
// them, as the writer stores them, so there is no data race, only bytes of different moments: whether they belong
// together is told by the object's version (Snapshot::holds), which is why relaxed suffices. All the words must be
// readable.

static_assert(std::endian::native == std::endian::little);

inline std::uint64_t racing_word(const char* aligned) noexcept {
    return reinterpret_cast<const std::atomic<std::uint64_t>*>(aligned)->load(std::memory_order_relaxed);
}

inline void copy_racing_words(std::uint64_t* to, const char* aligned, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = racing_word(aligned + i * sizeof(std::uint64_t));
}

inline void copy_racing_bytes(char* to, const char* from, std::size_t count) noexcept {
    constexpr std::size_t word_bytes = sizeof(std::uint64_t);
    if (const std::size_t skipped = reinterpret_cast<std::uintptr_t>(from) % word_bytes; skipped != 0) {
        const std::uint64_t word = racing_word(from - skipped) >> (8 * skipped);
        const std::size_t taken = count < word_bytes - skipped ? count : word_bytes - skipped;
        std::memcpy(to, &word, taken);
        to += taken;
        from += taken;
        count -= taken;
    }
    for (; count >= word_bytes; count -= word_bytes, to += word_bytes, from += word_bytes) {
        const std::uint64_t word = racing_word(from);
        std::memcpy(to, &word, word_bytes);
    }
    if (count > 0) {
        const std::uint64_t word = racing_word(from);
        std::memcpy(to, &word, count);
    }
}

/// Whether the bytes at `aligned` (to 8) are these.
inline bool equal_racing_bytes(const char* aligned, std::string_view bytes) noexcept {
    std::uint64_t wanted = 0;
    while (bytes.size() >= sizeof(wanted)) {
        std::memcpy(&wanted, bytes.data(), sizeof(wanted));
        if (racing_word(aligned) != wanted)
            return false;
        aligned += sizeof(wanted);
        bytes.remove_prefix(sizeof(wanted));
    }
    if (bytes.empty())
        return true;
    wanted = 0;
    std::memcpy(&wanted, bytes.data(), bytes.size());
    const std::uint64_t mask = ~std::uint64_t{0} >> (8 * (sizeof(wanted) - bytes.size()));
    return (racing_word(aligned) & mask) == wanted;
}

}  // namespace steward::shared
