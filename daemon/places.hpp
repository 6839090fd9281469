#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace steward::daemon {

/// The lines of source that clients name when they acquire something, numbered so that a word line or a waiter can
/// refer to one in four bytes. 0 is unknown. For people only: nothing is decided by it.
class Places {
  public:
    /// Beyond this many different ones all further are unknown.
    static constexpr std::size_t most = 65'535;

    /// The numbers of a former daemon, which clients and memory still hold, are unknown to a later one: each counts
    /// from a begin of its own.
    explicit Places(std::uint16_t incarnation = 0) : before_first_(std::uint32_t{incarnation} << 16U) {}

    std::uint32_t number_of(std::string_view place);
    std::string_view name_of(std::uint32_t number) const;

  private:
    std::uint32_t before_first_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::string_view> names_;
};

}  // namespace steward::daemon
