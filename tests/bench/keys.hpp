#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace steward::bench {

/// The value of a number; the one of the next number is another, so that storing it changes what is there.
inline const std::string& value_of_64_bytes(std::size_t number) {
    static const auto values = [] {
        std::array<std::string, 8> made;
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = std::string(64, static_cast<char>('a' + i));
        return made;
    }();
    return values[number % values.size()];
}

/// The key of a number, 16 bytes long.
inline std::string key_of_16_bytes(std::size_t number) {
    const auto digits = std::to_string(number);
    return "key-" + std::string(12 - digits.size(), '0') + digits;
}

inline std::vector<std::string> keys_of_16_bytes(std::size_t count) {
    std::vector<std::string> keys;
    keys.reserve(count);
    for (std::size_t number = 0; number < count; ++number)
        keys.push_back(key_of_16_bytes(number));
    return keys;
}

/// Numbers below `bound` in no order, and the same ones in every run.
class Shuffle {
  public:
    explicit Shuffle(std::size_t bound) : numbers_(0, bound - 1) {}
    std::size_t operator()() { return numbers_(engine_); }

  private:
    std::mt19937_64 engine_{1};
    std::uniform_int_distribution<std::size_t> numbers_;
};

}  // namespace steward::bench
