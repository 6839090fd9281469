#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace steward::tests {

/// A T in memory that is shared with all processes that are forked from now on. Zero at first.
template <class T>
class SharedMemory {
  public:
    SharedMemory() {
        void* memory = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mmap");
        object_ = new (memory) T;
    }
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory() { ::munmap(object_, sizeof(T)); }

    T* operator->() const { return object_; }
    T& operator*() const { return *object_; }

  private:
    T* object_ = nullptr;
};

}  // namespace steward::tests
