#include "daemon/places.hpp"

namespace steward::daemon {

std::uint32_t Places::number_of(std::string_view place) {
    constexpr std::size_t longest = 255;
    if (place.empty())
        return 0;
    std::string key(place.substr(0, longest));
    if (const auto known = numbers_.find(key); known != numbers_.end())
        return known->second;
    if (names_.size() == most)
        return 0;
    const auto number = static_cast<std::uint32_t>(before_first_ + names_.size() + 1);
    names_.push_back(numbers_.emplace(std::move(key), number).first->first);
    return number;
}

std::string_view Places::name_of(std::uint32_t number) const {
    return number <= before_first_ || number - before_first_ > names_.size() ? std::string_view{}
                                                                             : names_[number - before_first_ - 1];
}

}  // namespace steward::daemon
