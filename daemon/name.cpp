#include "daemon/name.hpp"

#include <cstdint>

#include "daemon/utf8.hpp"

namespace steward::daemon {
namespace {

bool is_control(std::uint32_t character) {
    return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

}  // namespace

bool is_valid_name(std::string_view name) {
    constexpr std::size_t longest = 255;
    if (name.empty() || name.size() > longest)
        return false;
    while (!name.empty()) {
        const auto character = first_character(name);
        if (!character || is_control(character->code_point))
            return false;
        name.remove_prefix(character->length);
    }
    return true;
}

}  // namespace steward::daemon
