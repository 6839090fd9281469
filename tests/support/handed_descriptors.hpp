#pragma once

#include <vector>

#include "shared/unique_fd.hpp"

namespace steward::tests {

/// The descriptors that come with the reply to session.open: of the words and of the heap.
std::vector<shared::UniqueFd> descriptors_of(int socket);

}  // namespace steward::tests
