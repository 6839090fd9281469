#pragma once

#include <unistd.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/interprocess/allocators/allocator.hpp>
#include <boost/interprocess/containers/string.hpp>
#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/sync/interprocess_sharable_mutex.hpp>
#include <boost/interprocess/sync/sharable_lock.hpp>
#include <boost/unordered_map.hpp>

namespace steward::bench {

/// boost::unordered_map in managed shared memory, under a mutex that readers share.
class BoostMap {
  public:
    BoostMap(const std::vector<std::string>& keys, const std::string& value) {
        map_.reserve(keys.size());
        for (const auto& key : keys)
            map_.emplace(text(key), text(value));
    }
    BoostMap(const BoostMap&) = delete;
    BoostMap& operator=(const BoostMap&) = delete;
    ~BoostMap() { boost::interprocess::shared_memory_object::remove(name_.c_str()); }

    /// A copy of the value. Throws std::out_of_range.
    std::string get(std::string_view key) const {
        const boost::interprocess::sharable_lock guard(mutex_);
        const auto found = map_.find(key, Hash(), Equal());
        if (found == map_.end())
            throw std::out_of_range("BoostMap");
        return {found->second.data(), found->second.size()};
    }

  private:
    using Memory = boost::interprocess::managed_shared_memory;
    template <class T>
    using Allocator = boost::interprocess::allocator<T, Memory::segment_manager>;
    using Text = boost::interprocess::basic_string<char, std::char_traits<char>, Allocator<char>>;
    static std::string_view view(std::string_view text) { return text; }
    static std::string_view view(const Text& text) { return {text.data(), text.size()}; }

    struct Hash {
        std::size_t operator()(const auto& key) const { return std::hash<std::string_view>()(view(key)); }
    };
    struct Equal {
        bool operator()(const auto& one, const auto& other) const { return view(one) == view(other); }
    };
    using Map = boost::unordered_map<Text, Text, Hash, Equal, Allocator<std::pair<const Text, Text>>>;

    Text text(std::string_view bytes) { return {bytes.data(), bytes.size(), memory_.get_segment_manager()}; }

    static constexpr std::size_t memory_bytes = std::size_t{64} << 20;

    std::string name_ = "steward-bench-map-" + std::to_string(::getpid());
    Memory memory_{boost::interprocess::create_only, name_.c_str(), memory_bytes};
    boost::interprocess::interprocess_sharable_mutex& mutex_ =
        *memory_.construct<boost::interprocess::interprocess_sharable_mutex>("mutex")();
    Map& map_ = *memory_.construct<Map>("map")(memory_.get_segment_manager());
};

}  // namespace steward::bench
