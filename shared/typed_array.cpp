#include "shared/typed_array.hpp"

#include <cstring>
#include <string>

#include "shared/errors.hpp"

namespace steward::shared {

namespace {

Offset<Elements> make_block(Mutation& mutation, std::size_t length, std::size_t bytes) {
    return mutation.allocate<Elements>(BlockKind::elements, sizeof(Elements) + bytes,
                                       static_cast<std::uint32_t>(length));
}

std::byte* first_byte(Heap& heap, Offset<Elements> block) noexcept {
    return reinterpret_cast<std::byte*>(bytes_behind(heap.at(block)));
}

}  // namespace

std::size_t element_bytes(char typecode) noexcept {
    switch (typecode) {
        case 'b':
        case 'B': return 1;
        case 'h':
        case 'H': return 2;
        case 'i':
        case 'I':
        case 'f': return 4;
        case 'q':
        case 'Q':
        case 'd': return 8;
        default: return 0;
    }
}

std::span<const std::byte> TypedArray::bytes() const noexcept {
    const std::size_t length = size();
    return length == 0 ? std::span<const std::byte>{} : std::span<const std::byte>{begin(), length * width()};
}

std::byte* TypedArray::begin() const noexcept {
    return first_byte(heap_, state_.elements.load());
}

void TypedArray::make(Mutation& mutation, char typecode, std::size_t length, std::span<const std::byte> elements) {
    const std::size_t width = element_bytes(typecode);
    if (length > (Heap::largest_block_bytes - sizeof(Elements)) / width)
        throw NoMemory("an array of " + std::to_string(length) + " elements is too large");
    if (length > 0) {
        const auto block = make_block(mutation, length, length * width);
        if (!elements.empty())
            std::memcpy(first_byte(heap_, block), elements.data(), elements.size());
        mutation.store(state_.elements, block);
    }
    mutation.store(state_.shape, {.length = static_cast<std::uint32_t>(length), .typecode = typecode});
}

void TypedArray::set(Mutation& mutation, std::size_t index, std::span<const std::byte> elements) {
    if (!elements.empty())
        mutation.overwrite(begin() + index * width(), elements);
}

void TypedArray::fill(Mutation& mutation, std::span<const std::byte> element) {
    const std::size_t length = size();
    if (length == 0)
        return;
    const Offset<Elements> before = state_.elements.load();
    const auto block = make_block(mutation, length, length * element.size());
    std::byte* to = first_byte(heap_, block);
    for (std::size_t i = 0; i < length; ++i, to += element.size())
        std::memcpy(to, element.data(), element.size());
    mutation.store(state_.elements, block);
    mutation.discard(before);
}

void TypedArray::clear(Mutation& mutation) {
    if (const Offset<Elements> block = state_.elements.load()) {
        mutation.store(state_.elements, {});
        mutation.discard(block);
    }
    mutation.store(state_.shape, {});
}

}  // namespace steward::shared
