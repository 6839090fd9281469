#include "shared/mutation.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <stdexcept>
#include <string>

#include "shared/allocator_flag.hpp"
#include "shared/bus_errors.hpp"
#include "shared/errors.hpp"
#include "shared/kill_point.hpp"

namespace steward::shared {

namespace {

Node& prepare(void* block, NodeTag tag, std::size_t bytes) noexcept {
    std::memset(block, 0, bytes);
    Node& node = *static_cast<Node*>(block);
    node.tag.init(tag);
    return node;
}

// What was swapped in memory that is lost has not happened, and need not be put back.
bool are_there(const std::vector<PlannedWord>& planned) noexcept {
    return std::ranges::none_of(planned,
                                [](const PlannedWord& each) { return is_damaged(&each.words->line(each.line)); });
}

}  // namespace

Mutation::Mutation(Heap& heap)
    : heap_(heap), log_(heap.log_), exceptions_at_start_(std::uncaught_exceptions()), part_(heap.in_transaction_) {
    if (part_)
        return;
    if (heap.mutating_)
        throw std::logic_error("a Mutation of this heap is under way already");
    heap.mutating_ = true;
    kill_point(KillPoint::mutation_began);
}

Mutation::~Mutation() noexcept(false) {
    if (part_)
        return;
    const bool failed = !decided_ && std::uncaught_exceptions() > exceptions_at_start_;
    const bool word_changed = !failed && !heap_.planned_.empty() && !decide();
    if (failed || word_changed)
        roll_back();
    else
        commit();
    heap_.planned_.clear();
    heap_.mutating_ = false;
    if (word_changed)
        throw WordChanged();
}

void Mutation::commit() noexcept {
    kill_point(KillPoint::before_commit);
    log_.clear();
    kill_point(KillPoint::committed);
    if (decided_) {
        std::atomic_thread_fence(std::memory_order_release);
        heap_.header().intents_used.init(0);
    }
    finish_versions();
}

void Mutation::overwrite(std::byte* live, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const std::size_t skipped = reinterpret_cast<std::uintptr_t>(live) % sizeof(std::uint64_t);
        const std::size_t count = std::min(sizeof(std::uint64_t) - skipped, bytes.size());
        auto& word = *reinterpret_cast<std::atomic<std::uint64_t>*>(live - skipped);
        const std::uint64_t before = word.load(std::memory_order_relaxed);
        std::uint64_t after = before;
        if (count == sizeof(after)) {
            std::memcpy(&after, bytes.data(), sizeof(after));
        } else {
            std::memcpy(reinterpret_cast<std::byte*>(&after) + skipped, bytes.data(), count);
        }
        if (after != before)
            store_word(word, after);
        live += count;
        bytes = bytes.subspan(count);
    }
}

Offset<Node> Mutation::allocate_logged(NodeTag tag, std::size_t bytes, std::size_t alignment) {
    make_log_room();
    const AllocatorFlag flag{heap_.header()};
    const Node& node = prepare(heap_.take(bytes, alignment), tag, bytes);
    kill_point(KillPoint::allocator_at_work);
    const Offset<Node> block = heap_.offset_of(&node);
    log_.append(block.value | UndoLog::fresh, 0);
    kill_point(KillPoint::block_is_logged);
    return block;
}

Offset<Node> Mutation::allocate_owned(Field<Offset<Node>>& slot, NodeTag tag, std::size_t bytes) {
    const AllocatorFlag flag{heap_.header()};
    const Node& node = prepare(heap_.take(bytes, 0), tag, bytes);
    const Offset<Node> block = heap_.offset_of(&node);
    slot.init(block);
    kill_point(KillPoint::block_is_owned);
    return block;
}

std::byte* Mutation::allocate_forever(std::size_t bytes, std::size_t alignment) {
    return reinterpret_cast<std::byte*>(heap_.at(allocate_logged({}, bytes, alignment)));
}

void Mutation::discard(Offset<Node> first, Offset<Node> last) {
    store(heap_.at(last)->next, heap_.header().garbage.load());
    store(heap_.header().garbage, first);
}

void Mutation::change(ObjectHeader& object) {
    const std::uint64_t version = object.version.load();
    if (version % 2 != 0)
        return;
    heap_.changing_.push_back(&object);
    object.version.init(version + 1);
    kill_point(KillPoint::object_is_changing);
    // A reader that sees any of the stores that follow sees the odd version too, when it looks again.
    std::atomic_thread_fence(std::memory_order_release);
}

void Mutation::plan_word(Words& words, std::uint32_t line, std::uint64_t expected, std::uint64_t desired) {
    auto& planned = heap_.planned_;
    const auto same = std::ranges::find(planned, line, &PlannedWord::line);
    if (same != planned.end()) {
        same->after = desired;
        return;
    }
    if (planned.size() == most_words)
        throw std::length_error("a Mutation changes at most " + std::to_string(most_words) + " words");
    planned.push_back({.words = &words, .line = line, .before = expected, .after = desired});
}

std::uint64_t Mutation::planned_or_found(Words& words, std::uint32_t line) const {
    const auto planned = std::ranges::find(heap_.planned_, line, &PlannedWord::line);
    // Acquire: what the one who changed the word wrote into its line before is seen.
    return planned != heap_.planned_.end() ? planned->after : words.line(line).word.load(std::memory_order_acquire);
}

bool Mutation::decide() {
    auto& planned = heap_.planned_;
    HeapHeader& header = heap_.header();
    for (std::size_t i = 0; i < planned.size(); ++i) {
        auto& [words, line, before, after] = planned[i];
        const std::uint64_t parity = words->line(line).word.load(std::memory_order_relaxed) & word_parity;
        before = (before & ~word_parity) | parity;
        after = (after & ~word_parity) | (parity ^ word_parity);
        header.intents[i].line.init(line);
        header.intents[i].before.init(before);
        header.intents[i].after.init(after);
    }
    std::atomic_thread_fence(std::memory_order_release);
    header.intents_used.init(planned.size());
    kill_point(KillPoint::intents_are_written);
    decided_ = swap_words() && are_there(planned);
    planned.clear();
    if (!decided_)
        header.intents_used.init(0);
    return decided_;
}

bool Mutation::swap_words() noexcept {
    const auto& planned = heap_.planned_;
    for (std::size_t i = 0; i < planned.size(); ++i) {
        std::uint64_t before = planned[i].before;
        // Sequentially consistent: the intents are in memory before the swap, and what clients did before their
        // changes of the word is seen after it.
        if (!planned[i].words->line(planned[i].line).word.compare_exchange_strong(before, planned[i].after)) {
            put_words_back(i);
            return false;
        }
        kill_point(KillPoint::word_is_swapped);
    }
    return true;
}

void Mutation::put_words_back(std::size_t count) noexcept {
    for (const auto& [words, line, before, after] : std::span(heap_.planned_).first(count))
        put_word_back(words->line(line).word, before, after);  // model: put_back
}

// The versions before the fresh blocks, which may begin with one (a slab) and become garbage.
void Mutation::roll_back() noexcept {
    heap_.undo_stores();
    finish_versions();
    heap_.discard_fresh_blocks();
    kill_point(KillPoint::rolled_back);
}

void Mutation::finish_versions() noexcept {
    if (heap_.changing_.empty())
        return;
    std::atomic_thread_fence(std::memory_order_release);
    for (ObjectHeader* object : heap_.changing_)
        object->version.init(object->version.load() + 1);
    heap_.changing_.clear();
}

}  // namespace steward::shared
