#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "shared/mutation.hpp"
#include "shared/node.hpp"

namespace steward::shared {

/// The elements of an array, packed, follow the Node; the tag's extra is how many they are.
struct Elements : Node {};
static_assert(sizeof(Elements) == 16);

/// What an array is made with, and never changes.
struct ArrayShape {
    std::uint32_t length = 0;
    char typecode = 0;  ///< as of Python's module array
    std::uint8_t spare[3] = {};
};

/// All zero: not made yet. An array of length 0 has no block.
struct TypedArrayState {
    Field<Offset<Elements>> elements;
    Field<ArrayShape> shape;
};

/// The width of an element: of b B 1, h H 2, i I f 4, q Q d 8 bytes; 0 for what is no typecode.
std::size_t element_bytes(char typecode) noexcept;

/// Numbers of one width in one flat block (of an Array). A view: cheap to make. Rules as for Dict. What the bytes mean
/// is not known here. Indices are checked by the caller.
class TypedArray {
  public:
    TypedArray(Heap& heap, TypedArrayState& state) noexcept : heap_(heap), state_(state) {}

    std::size_t size() const noexcept { return state_.shape.load().length; }
    char typecode() const noexcept { return state_.shape.load().typecode; }
    std::size_t width() const noexcept { return element_bytes(typecode()); }
    /// As they are now: a change shows.
    std::span<const std::byte> at(std::size_t index) const noexcept {
        return bytes().subspan(index * width(), width());
    }
    std::span<const std::byte> bytes() const noexcept;

    /// Gives a state that is all zero its shape and its elements: the bytes of all of them, or none for zeros. Throws
    /// NoMemory.
    void make(Mutation&, char typecode, std::size_t length, std::span<const std::byte> elements = {});
    /// Replaces the elements from `index` on by these bytes, in place.
    void set(Mutation&, std::size_t index, std::span<const std::byte> elements);
    /// Replaces every element by this one. Builds them beside, so that it takes little of the undo log.
    void fill(Mutation&, std::span<const std::byte> element);
    void clear(Mutation&);

  private:
    std::byte* begin() const noexcept;

    Heap& heap_;
    TypedArrayState& state_;
};

}  // namespace steward::shared
