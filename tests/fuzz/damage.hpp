#pragma once

#include <string_view>

#include "tests/fuzz/input.hpp"
#include "tests/support/file_image.hpp"

namespace steward::fuzz {

/// Changes bytes, bits and words of a file where the input says; at most 64 of them.
inline void damage(int file, const tests::FileImage& image, Input& input) {
    constexpr int most = 64;
    for (int i = 0; i < most && !input.empty(); ++i) {
        const auto how = input.below(4);
        const auto index = input.number<std::uint32_t>() % image.size();
        const auto place = image.place_of(index);
        switch (how) {
            case 0: tests::write_at(file, place, input.bytes(1)); break;
            case 1: image.flip(file, index, static_cast<unsigned>(input.below(8))); break;
            case 2: tests::write_at(file, place / 8 * 8, input.bytes(8)); break;
            default: {  // what leads somewhere leads elsewhere
                const auto elsewhere = image.place_of(input.number<std::uint32_t>() % image.size()) / 8 * 8;
                tests::write_at(file, place / 8 * 8, {reinterpret_cast<const char*>(&elsewhere), 8});
            }
        }
    }
}

}  // namespace steward::fuzz
