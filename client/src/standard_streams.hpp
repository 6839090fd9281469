#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "shared/unique_fd.hpp"

namespace steward::detail {

/// The same file, under a number that is not one of a standard stream. A program that was started without those would
/// print into the file. Where there is no other number, it stays where it is.
inline shared::UniqueFd beyond_standard_streams(shared::UniqueFd file) noexcept {
    if (!file || file.get() > STDERR_FILENO)
        return file;
    shared::UniqueFd moved(::fcntl(file.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    return moved ? std::move(moved) : std::move(file);
}

}  // namespace steward::detail
