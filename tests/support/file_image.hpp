#pragma once

#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/heap_header.hpp"

namespace steward::tests {

inline void write_at(int file, std::uint64_t place, std::string_view bytes) {
    if (::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(place)) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("pwrite");
}

inline void read_at(int file, std::uint64_t place, void* bytes, std::size_t size) {
    if (::pread(file, bytes, size, static_cast<off_t>(place)) != static_cast<ssize_t>(size))
        throw std::runtime_error("pread");
}

/// The parts of a file that hold something: to be damaged in a copy, and to be whole again.
class FileImage {
  public:
    /// Of ranges {place, bytes} of the file, in this order.
    FileImage(int file, const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges) {
        for (const auto& [place, bytes] : ranges) {
            auto& part = parts_.emplace_back(Part{place, std::string(bytes, '\0')});
            read_at(file, place, part.bytes.data(), bytes);
            size_ += bytes;
        }
    }

    /// Of a heap: its header, the begin of its log, its blocks.
    static FileImage of_heap(int file) {
        constexpr std::uint64_t begin_of_log = 256;
        std::uint64_t segment_bytes = 0;
        read_at(file, offsetof(shared::HeapHeader, segment_bytes), &segment_bytes, sizeof(segment_bytes));
        return {file,
                {{0, sizeof(shared::HeapHeader)},
                 {shared::log_begin, begin_of_log},
                 {shared::segment_begin, segment_bytes}}};
    }

    /// Makes the file what the image was taken of.
    void write_whole(int file) const {
        const auto end = static_cast<off_t>(parts_.back().place + parts_.back().bytes.size());
        if (::ftruncate(file, 0) != 0 || ::ftruncate(file, end) != 0)
            throw std::runtime_error("ftruncate");
        write_parts(file);
    }

    /// The same of a file that somebody has mapped, which may not become shorter, but for what the image leaves out.
    void write_parts(int file) const {
        for (const auto& part : parts_)
            write_at(file, part.place, part.bytes);
    }

    /// How many bytes it has, of all parts one behind the other.
    std::uint64_t size() const { return size_; }

    /// Where in the file byte `index` of these is.
    std::uint64_t place_of(std::uint64_t index) const {
        for (const auto& part : parts_) {
            if (index < part.bytes.size())
                return part.place + index;
            index -= part.bytes.size();
        }
        throw std::out_of_range("the image has no such byte");
    }

    void flip(int file, std::uint64_t index, unsigned bit) const {
        char byte = 0;
        read_at(file, place_of(index), &byte, 1);
        byte = static_cast<char>(byte ^ (1U << bit));
        write_at(file, place_of(index), {&byte, 1});
    }

  private:
    struct Part {
        std::uint64_t place;
        std::string bytes;
    };

    std::vector<Part> parts_;
    std::uint64_t size_ = 0;
};

}  // namespace steward::tests
