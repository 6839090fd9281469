// Preloaded (LD_PRELOAD) into a process of a test: the Nth call of one function fails, once. $STEWARD_FAILING_CALL
// names the function, $STEWARD_FAILING_FILE a file of two 64-bit numbers, which may be mapped by others: the first is
// counted down with each call, and the call that makes it 0 fails; the second counts the calls.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

struct Countdown {
    std::atomic<std::uint64_t> left;
    std::atomic<std::uint64_t> calls;
};

/// The function of this name that would have been called.
template <class F>
F* real(const char* name) {
    return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

/// Not through what is replaced here.
Countdown* map_countdown() {
    const char* path = std::getenv("STEWARD_FAILING_FILE");
    if (path == nullptr)
        return nullptr;
    const int file = real<int(const char*, int, ...)>("open")(path, O_RDWR | O_CLOEXEC);
    void* memory = real<void*(void*, std::size_t, int, int, int, off_t)>("mmap")(
        nullptr, sizeof(Countdown), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return memory == MAP_FAILED ? nullptr : static_cast<Countdown*>(memory);
}

bool fails(std::string_view name) {
    static const char* const failing = std::getenv("STEWARD_FAILING_CALL");
    if (failing == nullptr || name != failing)
        return false;
    static Countdown* const countdown = map_countdown();
    if (countdown == nullptr)
        return false;
    countdown->calls.fetch_add(1);
    return countdown->left.load() != 0 && countdown->left.fetch_sub(1) == 1;
}

template <class Result>
Result failure(int error) {
    errno = error;
    if constexpr (std::is_pointer_v<Result>)
        return reinterpret_cast<Result>(-1);
    else
        return Result{-1};
}

}  // namespace

// The names and the parameters are those of the functions that are replaced.
extern "C" {

int posix_fallocate(int file, off_t offset, off_t bytes) {
    if (fails("posix_fallocate"))
        return ENOSPC;
    return real<int(int, off_t, off_t)>("posix_fallocate")(file, offset, bytes);
}

void* mmap(void* address, std::size_t bytes, int protection, int flags, int file, off_t offset) noexcept {
    if (fails("mmap"))
        return failure<void*>(ENOMEM);
    return real<void*(void*, std::size_t, int, int, int, off_t)>("mmap")(address, bytes, protection, flags, file,
                                                                         offset);
}

ssize_t send(int socket, const void* bytes, std::size_t size, int flags) {
    if (fails("send"))
        return failure<ssize_t>(ENOBUFS);
    return real<ssize_t(int, const void*, std::size_t, int)>("send")(socket, bytes, size, flags);
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
    if (fails("send"))
        return failure<ssize_t>(ENOBUFS);
    return real<ssize_t(int, const msghdr*, int)>("sendmsg")(socket, message, flags);
}

int accept(int socket, sockaddr* address, socklen_t* size) {
    if (fails("accept"))
        return failure<int>(ECONNABORTED);
    return real<int(int, sockaddr*, socklen_t*)>("accept")(socket, address, size);
}

int open(const char* path, int flags, ...) {
    if (fails("open"))
        return failure<int>(EMFILE);
    std::va_list rest;
    va_start(rest, flags);
    const auto mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : mode_t{0};
    va_end(rest);
    return real<int(const char*, int, ...)>("open")(path, flags, mode);
}

}  // extern "C"
