#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace steward::bench {

/// An object in memory that this process and its children share.
template <class T>
class InSharedMemory {
  public:
    InSharedMemory() : memory_(::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (memory_ == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mmap");
        new (memory_) T();
    }
    InSharedMemory(const InSharedMemory&) = delete;
    InSharedMemory& operator=(const InSharedMemory&) = delete;
    ~InSharedMemory() { ::munmap(memory_, sizeof(T)); }

    T& operator*() const { return *static_cast<T*>(memory_); }
    T* operator->() const { return static_cast<T*>(memory_); }

  private:
    void* memory_;
};

}  // namespace steward::bench
