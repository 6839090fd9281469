#include "shared/heap.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <random>
#include <system_error>

#include "shared/allocator_flag.hpp"
#include "shared/errors.hpp"
#include "shared/heap_audit.hpp"
#include "shared/heap_view.hpp"
#include "shared/kill_point.hpp"

namespace steward::shared {

namespace {

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t log_step_bytes = std::uint64_t{1} << 16;
constexpr std::uint64_t smallest_step_bytes = std::uint64_t{1} << 16;

void audit(const UniqueFd& file, std::uint64_t max_bytes) {
    UniqueFd same{::fcntl(file.get(), F_DUPFD_CLOEXEC, 0)};
    if (!same)
        throw std::system_error(errno, std::generic_category(), "looking through a heap");
    const HeapView view{std::move(same), max_bytes};
    HeapAudit{view}.run();
}

std::uint64_t random_seed() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
}

}  // namespace

Heap::Heap(UniqueFd file, const Options& options, MemoryBudget& budget)
    : budget_(budget), file_(std::move(file)), max_bytes_(heap_range_bytes(options.max_bytes)) {
    void* memory = ::mmap(nullptr, max_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file_.get(), 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mapping a heap");
    base_ = static_cast<std::byte*>(memory);
}

Heap::~Heap() {
    ::munmap(base_, max_bytes_);
    budget_.give_back(counted_bytes_);
}

std::unique_ptr<Heap> Heap::create(UniqueFd file, const Options& options, MemoryBudget& budget) {
    std::unique_ptr<Heap> heap{new Heap(std::move(file), options, budget)};
    heap->initialize(options);
    return heap;
}

std::unique_ptr<Heap> Heap::attach(UniqueFd file, const Options& options, const Words& words, MemoryBudget& budget) {
    std::unique_ptr<Heap> heap{new Heap(std::move(file), options, budget)};
    heap->check(options);
    HeapHeader& header = heap->header();
    if (header.allocating.load() != 0)
        throw DomainError(DomainFault::allocation_interrupted, "the heap was left in the middle of an allocation");
    heap->settle_log(words);
    heap->discard_fresh_blocks();
    header.intents_used.init(0);
    heap->check(options);  // some of what it looks at may have been put back
    audit(heap->file_, options.max_bytes);
    heap->counted_bytes_ =
        heap_header_bytes + header.log_capacity.load() * sizeof(UndoLog::Entry) + header.segment_bytes.load();
    budget.count(heap->counted_bytes_, heap->counted_bytes_);
    heap->segment_ = Segment::open(heap->base_ + segment_begin, header.segment_bytes.load());
    return heap;
}

void Heap::settle(UniqueFd file, const Options& options, const Words& words, MemoryBudget& budget) {
    Heap heap{std::move(file), options, budget};
    heap.check(options);
    heap.settle_log(words);
}

bool Heap::is_interrupted(const UniqueFd& file) noexcept {
    std::array<std::uint64_t, sizeof(HeapHeader) / sizeof(std::uint64_t)> words{};
    if (::pread(file.get(), words.data(), sizeof(words), 0) != sizeof(words))
        return false;
    const auto word_at = [&](std::size_t offset) { return words[offset / sizeof(std::uint64_t)]; };
    return word_at(offsetof(HeapHeader, magic)) == heap_magic && word_at(offsetof(HeapHeader, layout)) == heap_layout &&
           word_at(offsetof(HeapHeader, superseded)) == 0 && word_at(offsetof(HeapHeader, allocating)) != 0;
}

void Heap::initialize(const Options& options) {
    obtain(0, heap_header_bytes);
    obtain(log_begin, log_step_bytes);
    obtain(segment_begin, smallest_step_bytes);
    HeapHeader& fresh = header();
    fresh.layout.init(heap_layout);
    fresh.domain.init(options.domain);
    fresh.hash_seed.init(random_seed());
    fresh.log_capacity.init(log_step_bytes / sizeof(UndoLog::Entry));
    fresh.segment_bytes.init(smallest_step_bytes);
    fresh.lines_used.init(1);
    log_ = UndoLog{fresh, reinterpret_cast<UndoLog::Entry*>(base_ + log_begin)};
    segment_ = Segment::create(base_ + segment_begin, smallest_step_bytes);
    std::atomic_thread_fence(std::memory_order_release);
    fresh.magic.init(heap_magic);  // last: without it the file is not a heap
}

void Heap::check(const Options& options) const {
    struct stat about {};
    if (::fstat(file_.get(), &about) != 0)
        throw std::system_error(errno, std::generic_category(), "looking at a heap");
    const auto file_bytes = static_cast<std::uint64_t>(about.st_size);
    if (file_bytes < heap_header_bytes || header().magic.load() != heap_magic)
        throw DomainError(DomainFault::not_a_heap, "the file is not a heap");
    const HeapHeader& found = header();
    if (found.layout.load() != heap_layout)
        throw DomainError(DomainFault::other_layout, "the heap has layout " + std::to_string(found.layout.load()));
    if (const std::uint64_t bytes = found.segment_bytes.load();
        bytes > max_bytes_ - segment_begin || file_bytes < segment_begin + bytes) {
        throw DomainError(DomainFault::not_a_heap, "the heap is cut short, or larger than allowed");
    }
    const auto [number, uid] = found.domain.load();
    if (number != options.domain.number || uid != options.domain.uid)
        throw DomainError(DomainFault::not_ours, "the heap belongs to another domain");
    if (found.superseded.load() != 0)
        throw DomainError(DomainFault::superseded, "another heap has taken the place of this one");
    if (found.log_capacity.load() > log_max_bytes / sizeof(UndoLog::Entry) ||
        found.log_length.load() > found.log_capacity.load())
        throw DomainError(DomainFault::damaged, "the heap's undo log has no size that it can have");
}

// The log stays as it is: whoever is killed here begins again from the whole of it.
void Heap::settle_log(const Words& words) {
    settle_intents(words);
    log_ = UndoLog{header(), reinterpret_cast<UndoLog::Entry*>(base_ + log_begin)};
    check_log();
    undo_stores();
}

void Heap::check_log() const {
    const std::uint64_t end = segment_begin + header().segment_bytes.load();
    for (std::uint64_t index = 0; index < log_.length(); ++index) {
        const std::uint64_t where = log_.at(index).where.load();
        const std::uint64_t place = where & ~UndoLog::fresh;
        const bool in_blocks = place >= segment_begin && place <= end - sizeof(Node);
        const bool in_header = place < heap_header_bytes && (where & UndoLog::fresh) == 0;
        if (place % sizeof(std::uint64_t) != 0 || !(in_blocks || in_header))
            throw DomainError(DomainFault::damaged, "the heap's undo log leads out of the heap");
    }
}

// Every word in reverse; doing it again does no harm.
void Heap::undo_stores() noexcept {
    for (std::uint64_t index = log_.length(); index-- > 0;) {
        const std::uint64_t where = log_.at(index).where.load();
        if ((where & UndoLog::fresh) == 0)
            at(Offset<Field<std::uint64_t>>{where})->init(log_.at(index).old.load());
        kill_point(KillPoint::log_is_undone);
    }
}

// After all words are back: the head of the garbage list may be among them. Under the flag, since doing half of it
// again would put blocks on the list twice.
void Heap::discard_fresh_blocks() noexcept {
    const AllocatorFlag flag{header()};
    for (std::uint64_t index = 0; index < log_.length(); ++index) {
        const std::uint64_t where = log_.at(index).where.load();
        if ((where & UndoLog::fresh) != 0) {
            const Offset<Node> block{where & ~UndoLog::fresh};
            at(block)->next.init(header().garbage.load());
            header().garbage.init(block);
            kill_point(KillPoint::fresh_block_is_discarded);
        }
    }
    log_.clear();
}

// The change of the last word is the moment of commit: see Mutation::decide. Where it did not come to that, the words
// before it that were changed are put back; nobody has been told of them.
void Heap::settle_intents(const Words& words) noexcept {
    const std::uint64_t used = std::min<std::uint64_t>(header().intents_used.load(), most_words);
    if (used == 0)
        return;
    const auto was_changed = [&](const WordIntent& intent) {
        const std::uint64_t line = intent.line.load();
        return line != 0 && line < words.lines() &&
               ((words.line(static_cast<std::uint32_t>(line)).word.load() ^ intent.before.load()) & word_parity) != 0;
    };
    if (was_changed(header().intents[used - 1])) {
        header().log_length.init(0);
    } else {
        for (std::uint64_t i = 0; i + 1 < used; ++i)
            if (const WordIntent& intent = header().intents[i]; was_changed(intent))
                put_word_back(words.line(static_cast<std::uint32_t>(intent.line.load())).word, intent.before.load(),
                              intent.after.load());  // model: settle_two
    }
}

void Heap::obtain(std::uint64_t position, std::uint64_t bytes) {
    budget_.take(bytes, file_.get(), counted_bytes_ + bytes);
    int error = 0;
    do {
        error = ::posix_fallocate(file_.get(), static_cast<off_t>(position), static_cast<off_t>(bytes));
    } while (error == EINTR);
    if (error != 0) {
        budget_.give_back(bytes);
        throw NoMemory("shared memory: " + std::generic_category().message(error));
    }
    counted_bytes_ += bytes;
}

void Heap::grow_segment(std::uint64_t at_least_bytes) {
    const std::uint64_t before = header().segment_bytes.load();
    const std::uint64_t wanted = std::max(at_least_bytes, std::min(before / 8, largest_step_bytes));
    const std::uint64_t target = before + round_up(wanted, smallest_step_bytes);
    if (segment_begin + target > max_bytes_)
        throw NoMemory("the heap has reached its largest size");
    for (std::uint64_t bytes = before; bytes < target;) {
        const std::uint64_t step = std::min(target - bytes, largest_step_bytes);
        obtain(segment_begin + bytes, step);
        bytes += step;
        const AllocatorFlag flag{header()};
        segment_.grow(step);
        header().segment_bytes.init(bytes);
    }
}

// All pages of the blocks at once, which saves a fault for each. Where the kernel cannot, they come one by one.
void Heap::populate() noexcept {
    ::madvise(base_ + segment_begin, header().segment_bytes.load(), MADV_POPULATE_WRITE);
}

void Heap::grow_log() {
    const std::uint64_t before = log_.capacity() * sizeof(UndoLog::Entry);
    if (before == log_max_bytes)
        throw NoMemory("the change is too large for the undo log");
    obtain(log_begin + before, log_step_bytes);
    kill_point(KillPoint::log_is_full);
    log_.set_capacity((before + log_step_bytes) / sizeof(UndoLog::Entry));
}

void* Heap::take(std::size_t bytes, std::size_t alignment) {
    if (bytes > largest_block_bytes)
        throw NoMemory("a block of " + std::to_string(bytes) + " bytes is too large");
    for (;;) {
        void* block =
            alignment <= Segment::alignment ? segment_.allocate(bytes) : segment_.allocate_aligned(bytes, alignment);
        if (block != nullptr)
            return block;
        grow_segment(bytes + 2 * alignment + page_bytes);
    }
}

HeapUsage Heap::usage() const noexcept {
    return {counted_bytes_, segment_.free_bytes()};
}

}  // namespace steward::shared
