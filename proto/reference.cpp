#include "proto/reference.hpp"

namespace steward::proto {

std::optional<Reference> reference_from(const Element& element) noexcept {
    // The element's bytes begin with the type of the extension.
    const bool fits = element.kind == Element::Kind::extension &&
                      element.bytes.size() == 1 + 1 + sizeof(std::uint64_t) &&
                      element.bytes.front() == reference_extension;
    if (!fits)
        return std::nullopt;
    Reference reference{.type = static_cast<ObjectType>(element.bytes[1])};
    for (const char byte : element.bytes.substr(2))
        reference.object = reference.object << 8U | static_cast<unsigned char>(byte);
    return reference;
}

}  // namespace steward::proto
