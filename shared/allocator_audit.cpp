#include "shared/allocator_audit.hpp"

#include "shared/live_blocks.hpp"

namespace steward::shared {

namespace {

// The head of the segment: a tree (how many nodes; root, first and last node), 16 bytes that nobody uses, bytes that
// are given out, bytes of the segment. Then the blocks.
constexpr std::uint64_t tree_size_at = segment_begin;
constexpr std::uint64_t tree_head = segment_begin + 8;
constexpr std::uint64_t unused_bytes_at = segment_begin + 32;
constexpr std::uint64_t given_out_bytes_at = segment_begin + 40;
constexpr std::uint64_t segment_bytes_at = segment_begin + 48;
constexpr std::uint64_t unused_bytes = 16;
constexpr std::uint64_t first_block = segment_begin + 80;

// The head of a block: units of the block before, where that is free; units of this one, with two flags. What is given
// out, or the node of the tree, follows.
constexpr std::uint64_t unit = Segment::alignment;
constexpr std::uint64_t head_bytes = 16;
constexpr std::uint64_t size_in_head = 8;
constexpr std::uint64_t fewest_units = 3;
constexpr std::uint64_t is_given_out_flag = std::uint64_t{1} << 63;
constexpr std::uint64_t before_is_given_out_flag = std::uint64_t{1} << 62;
constexpr std::uint64_t units_mask = before_is_given_out_flag - 1;

// A node: links to parent, left and right, each counted from where it stands; 1 is none; bit 1 of the first: black.
constexpr std::uint64_t left_in_node = 8;
constexpr std::uint64_t right_in_node = 16;
constexpr std::uint64_t none = 1;
constexpr std::uint64_t black = 2;

constexpr unsigned deepest = 128;  // twice the logarithm of as many nodes as there can be

}  // namespace

AllocatorAudit::AllocatorAudit(const HeapView& heap)
    : heap_(heap),
      end_(segment_begin + heap.header().segment_bytes.load()),
      given_out_(segment_begin, end_),
      free_(segment_begin, end_) {}

void AllocatorAudit::run() {
    check_blocks();
    check_tree();
}

bool AllocatorAudit::is_given_out(std::uint64_t place, std::uint64_t bytes) const noexcept {
    if (!given_out_.contains(place))
        return false;
    // The allocator lets a block use the first word of the next one's head.
    const std::uint64_t units = word(place - size_in_head) & units_mask;
    return bytes <= units * unit - size_in_head;
}

std::uint64_t AllocatorAudit::word(std::uint64_t place) const {
    const auto* found = heap_.at(Offset<Field<std::uint64_t>>{place});
    if (found == nullptr)
        throw_damaged("its allocator's blocks lead out of it");
    return found->load();
}

void AllocatorAudit::check_blocks() {
    if (word(segment_bytes_at) != end_ - segment_begin || word(unused_bytes_at) != unused_bytes)
        throw_damaged("its allocator has another size");
    const std::uint64_t last = end_ - head_bytes;
    bool before_is_given_out = true;
    std::uint64_t units_before = 0;
    for (std::uint64_t place = first_block;;) {
        const std::uint64_t head = word(place + size_in_head);
        if (((head & before_is_given_out_flag) != 0) != before_is_given_out ||
            (!before_is_given_out && word(place) != units_before))
            throw_damaged("two blocks of its allocator do not fit together");
        if (place == last) {
            if ((head & is_given_out_flag) == 0)
                throw_damaged("its allocator has no end");
            break;
        }
        units_before = head & units_mask;
        before_is_given_out = (head & is_given_out_flag) != 0;
        if (units_before < fewest_units || units_before > (last - place) / unit)
            throw_damaged("a block of its allocator has no size that it can have");
        (before_is_given_out ? given_out_ : free_).insert(place + head_bytes);
        free_blocks_ += before_is_given_out ? 0 : 1;
        given_out_bytes_ += before_is_given_out ? units_before * unit : 0;
        place += units_before * unit;
    }
    if (word(given_out_bytes_at) != given_out_bytes_)
        throw_damaged("its allocator has given out another number of bytes");
}

void AllocatorAudit::check_tree() {
    const auto link = [this](std::uint64_t from) {
        const std::uint64_t by = word(from);
        return by == none ? 0 : from + by;
    };
    const std::uint64_t root_by = word(tree_head);
    const std::uint64_t root = (root_by & ~black) == none ? 0 : tree_head + (root_by & ~black);
    if (root != 0)
        check_subtree(root, tree_head, 0);
    const std::uint64_t ends = root == 0 ? tree_head : 0;
    if (in_tree_ != free_blocks_ || word(tree_size_at) != free_blocks_ ||
        link(tree_head + left_in_node) != (ends != 0 ? ends : first_node_) ||
        link(tree_head + right_in_node) != (ends != 0 ? ends : last_node_))
        throw_damaged("the tree of its allocator has not all free blocks");
}

// Returns how many black nodes are on each way down (Guibas and Sedgewick, "A dichromatic framework for balanced
// trees", 1978).
unsigned AllocatorAudit::check_subtree(std::uint64_t place, std::uint64_t parent, unsigned depth) {
    if (depth > deepest || !free_.contains(place))
        throw_damaged("the tree of its allocator leads to what is not free");
    const std::uint64_t up = word(place);
    if (place + (up & ~black) != parent)
        throw_damaged("the tree of its allocator leads back to elsewhere");
    const auto child_at = [&](std::uint64_t from) {
        const std::uint64_t by = word(from);
        return by == none ? 0 : from + by;
    };
    const auto is_red = [&](std::uint64_t node) { return node != 0 && (word(node) & black) == 0; };
    const std::uint64_t left = child_at(place + left_in_node);
    const std::uint64_t right = child_at(place + right_in_node);
    const bool red = (up & black) == 0;
    if (red && (depth == 0 || is_red(left) || is_red(right)))
        throw_damaged("the tree of its allocator has a wrong colour");
    const unsigned on_left = left == 0 ? 0 : check_subtree(left, place, depth + 1);
    const std::uint64_t units = word(place - size_in_head) & units_mask;
    if (units < last_units_)
        throw_damaged("the tree of its allocator is not in order");
    last_units_ = units;
    first_node_ = first_node_ == 0 ? place : first_node_;
    last_node_ = place;
    ++in_tree_;
    const unsigned on_right = right == 0 ? 0 : check_subtree(right, place, depth + 1);
    if (on_left != on_right)
        throw_damaged("the tree of its allocator is not balanced");
    return on_left + (red ? 0 : 1);
}

}  // namespace steward::shared
