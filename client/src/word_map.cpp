#include "client/src/word_map.hpp"

#include <sys/mman.h>

#include <utility>

namespace steward::detail {

std::optional<WordMap> WordMap::map(const shared::UniqueFd& file, std::uint64_t bytes) noexcept {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
    if (memory == MAP_FAILED)
        return std::nullopt;
    return WordMap(static_cast<shared::WordLine*>(memory), bytes);
}

WordMap::WordMap(WordMap&& other) noexcept
    : lines_(std::exchange(other.lines_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

WordMap& WordMap::operator=(WordMap&& other) noexcept {
    std::swap(lines_, other.lines_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

WordMap::~WordMap() {
    if (lines_ != nullptr)
        munmap(lines_, bytes_);
}

shared::WordLine* WordMap::line(std::uint32_t index) const noexcept {
    return index != 0 && index < bytes_ / sizeof(shared::WordLine) ? lines_ + index : nullptr;
}

}  // namespace steward::detail
