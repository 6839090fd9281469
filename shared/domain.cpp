#include "shared/domain.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <random>
#include <system_error>

#include "shared/heap_copy.hpp"

namespace steward::shared {

namespace {

std::string random_name(const char* ending) {
    std::random_device source;
    std::array<char, 40> name{};
    std::snprintf(name.data(), name.size(), "steward-%08x%08x%08x.%s", source(), source(), source(), ending);
    return name.data();
}

UniqueFd create_file(const std::filesystem::path& path) {
    UniqueFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file)
        throw std::system_error(errno, std::generic_category(), "making " + path.string());
    return file;
}

// /dev/shm is everybody's: what stands under the name may be somebody else's work.
UniqueFd open_file(const std::filesystem::path& path) {
    UniqueFd file{::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) {
        const bool missing = errno == ENOENT;
        throw DomainError(missing ? DomainFault::missing : DomainFault::not_ours,
                          path.string() + ": " + std::generic_category().message(errno));
    }
    struct stat about {};
    if (::fstat(file.get(), &about) != 0)
        throw std::system_error(errno, std::generic_category(), "looking at " + path.string());
    const bool ours =
        S_ISREG(about.st_mode) && about.st_uid == ::geteuid() && (about.st_mode & 07777) == 0600 && about.st_nlink == 1;
    if (!ours)
        throw DomainError(DomainFault::not_ours, path.string() + ": is not a file that this daemon's user made");
    return file;
}

Heap::Options heap_options(const DomainOptions& options) {
    return {.domain = options.identity, .max_bytes = options.max_heap_bytes};
}

/// Where a program of the user has cut the file short: words of nobody, whose tokens go on from the clock, which is
/// above whatever was counted before.
void bring_back_lines(Words& words, std::uint64_t given_out) {
    const auto there = std::max<std::uint32_t>(words.lines(), 1);
    if (given_out <= there)
        return;
    words.obtain(static_cast<std::uint32_t>(given_out - 1));
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    const auto token =
        static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
    for (auto line = there; line < given_out; ++line)
        words.line(line).token.store(token);
}

}  // namespace

Domain::Domain(DomainFiles files, std::unique_ptr<Words> words, std::unique_ptr<Heap> heap) noexcept
    : files_(std::move(files)), words_(std::move(words)), heap_(std::move(heap)) {}

std::unique_ptr<Domain> Domain::create(const DomainOptions& options, MemoryBudget& budget) {
    const DomainFiles files{.heap = new_heap_name(), .words = random_name("words")};
    try {
        auto words = std::make_unique<Words>(create_file(options.folder / files.words), options.max_lines, budget);
        auto heap = Heap::create(create_file(options.folder / files.heap), heap_options(options), budget);
        return std::unique_ptr<Domain>{new Domain(files, std::move(words), std::move(heap))};
    } catch (...) {
        forget(options.folder, files);
        throw;
    }
}

std::unique_ptr<Domain> Domain::attach(const DomainOptions& options, const DomainFiles& files, MemoryBudget& budget) {
    auto words = std::make_unique<Words>(open_file(options.folder / files.words), options.max_lines, budget);
    auto heap = Heap::attach(open_file(options.folder / files.heap), heap_options(options), *words, budget);
    bring_back_lines(*words, heap->header().lines_used.load());
    ObjectTable objects{*heap, *words};
    objects.round_versions_up();
    objects.find_free_lines();
    return std::unique_ptr<Domain>{new Domain(files, std::move(words), std::move(heap))};
}

bool Domain::needs_copy(const DomainOptions& options, const DomainFiles& files) {
    return Heap::is_interrupted(open_file(options.folder / files.heap));
}

std::string Domain::new_heap_name() {
    return random_name("heap");
}

void Domain::copy_heap(const DomainOptions& options, const DomainFiles& files, const std::string& name,
                       const MemoryBudget& budget) {
    MemoryBudget room = budget.for_copy();
    const Words words{open_file(options.folder / files.words), options.max_lines, room};
    const UniqueFd from = open_file(options.folder / files.heap);
    UniqueFd into = create_file(options.folder / name);
    try {
        shared::copy_heap(from, std::move(into), heap_options(options), words, room);
    } catch (...) {
        ::unlink((options.folder / name).c_str());
        throw;
    }
}

void Domain::supersede(const std::filesystem::path& folder, const std::string& heap) noexcept {
    const auto path = folder / heap;
    try {
        const UniqueFd file = open_file(path);
        const std::uint64_t mark = 1;
        // Best effort: where the mark cannot be written, the file goes all the same.
        [[maybe_unused]] const ssize_t written =
            ::pwrite(file.get(), &mark, sizeof(mark), offsetof(HeapHeader, superseded));
    } catch (const std::exception&) {  // missing, or not ours
    }
    ::unlink(path.c_str());
}

UniqueFd Domain::open_for_reading() const {
    // By way of the descriptor: what stands under the file's name now may be something else.
    const auto path = "/proc/self/fd/" + std::to_string(heap_->fd());
    return UniqueFd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
}

void Domain::forget(const std::filesystem::path& folder, const DomainFiles& files) noexcept {
    ::unlink((folder / files.heap).c_str());
    ::unlink((folder / files.words).c_str());
}

void Domain::raise_token_floor(Mutation& mutation, std::uint64_t token) {
    if (token > token_floor())
        mutation.store(heap_->header().token_floor, token);
}

void Domain::raise_session_floor(Mutation& mutation, std::uint64_t number) {
    if (number > session_floor())
        mutation.store(heap_->header().session_floor, number);
}

}  // namespace steward::shared
