#include "shared/words.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "shared/bus_errors.hpp"
#include "shared/errors.hpp"

namespace steward::shared {

void put_word_back(std::atomic<std::uint64_t>& word, std::uint64_t before, std::uint64_t after) noexcept {
    const std::uint64_t difference = (before & ~word_flags) - (after & ~word_flags);
    std::uint64_t found = word.load(std::memory_order_relaxed);
    std::uint64_t desired = 0;
    do {
        const std::uint64_t value = (found + difference) & ~word_flags;
        desired = value | (((found | (before & ~after)) & ~(after & ~before)) & word_flags);
        // Sequentially consistent, as the swap that it undoes.
    } while (!word.compare_exchange_weak(found, desired));
}

Words::Words(UniqueFd file, std::uint32_t max_lines, MemoryBudget& budget)
    : budget_(budget), file_(std::move(file)), max_lines_(max_lines) {
    struct stat about {};
    if (::fstat(file_.get(), &about) != 0)
        throw std::system_error(errno, std::generic_category(), "looking at a words file");
    const auto found = static_cast<std::uint64_t>(about.st_size) / sizeof(WordLine);
    if (found > max_lines)
        throw DomainError(DomainFault::not_a_heap, "the words file is larger than allowed");
    void* memory = ::mmap(nullptr, max_lines * sizeof(WordLine), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                          file_.get(), 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mapping a words file");
    base_ = static_cast<WordLine*>(memory);
    lines_ = static_cast<std::uint32_t>(found);
    guard_memory(base_, max_lines_ * sizeof(WordLine));
    budget_.count(lines_ * sizeof(WordLine));
}

Words::~Words() {
    end_guard(base_);
    ::munmap(base_, max_lines_ * sizeof(WordLine));
    budget_.give_back(lines_ * sizeof(WordLine));
}

void Words::obtain(std::uint32_t index) {
    while (index >= lines_) {
        const std::uint32_t step = std::min(lines_per_step, max_lines_ - lines_);
        if (step == 0)
            throw NoMemory("the words file has reached its largest size");
        const std::uint64_t bytes = step * sizeof(WordLine);
        budget_.take(bytes, file_.get());
        int error = 0;
        do {
            error = ::posix_fallocate(file_.get(), static_cast<off_t>(lines_ * sizeof(WordLine)),
                                      static_cast<off_t>(bytes));
        } while (error == EINTR);
        if (error != 0) {
            budget_.give_back(bytes);
            throw NoMemory("shared memory: " + std::generic_category().message(error));
        }
        lines_ += step;
    }
}

WordLine& Words::line(std::uint32_t index) const {
    if (index == 0 || index >= lines_)
        throw std::out_of_range("word line " + std::to_string(index));
    return base_[index];
}

}  // namespace steward::shared
