#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
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

/// The keys of the numbers below `count` in no order, and in the same one in every run, over and over; another `seed`
/// is another order. They lie in memory as they come, so that where they lie costs nobody time.
class KeysInNoOrder {
  public:
    explicit KeysInNoOrder(std::size_t count, unsigned seed = 1) {
        std::vector<std::size_t> numbers(count);
        std::iota(numbers.begin(), numbers.end(), 0);
        std::shuffle(numbers.begin(), numbers.end(), std::mt19937_64(seed));
        auto keys = std::make_shared<std::vector<std::string>>();
        keys->reserve(count);
        for (const auto number : numbers)
            keys->push_back(key_of_16_bytes(number));
        keys_ = std::move(keys);
    }

    const std::vector<std::string>& all() const { return *keys_; }

    const std::string& next() {
        if (position_ == keys_->size())
            position_ = 0;
        return (*keys_)[position_++];
    }

  private:
    std::shared_ptr<const std::vector<std::string>> keys_;
    std::size_t position_ = 0;
};

/// The same keys as they are stored, which is not the order in which they are read: what lies in memory in the order of
/// reading would come by itself, and nobody's reads are like that.
inline std::vector<std::string> keys_as_stored(std::size_t count) {
    return KeysInNoOrder(count, 2).all();
}

}  // namespace steward::bench
