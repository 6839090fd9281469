#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "proto/reader.hpp"
#include "shared/object_view.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {

// As a client gets it: for reading alone.
inline UniqueFd read_only(int file) {
    return UniqueFd{::open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDONLY | O_CLOEXEC)};
}

inline std::vector<std::string> values_in(std::string_view bytes) {
    std::vector<std::string> values;
    proto::Reader reader{bytes};
    while (!reader.at_end())
        values.emplace_back(reader.packed().bytes);
    return values;
}

// A heap with one object, and the same heap as another process sees it.
class ReaderTest : public HeapTest {
  protected:
    template <class Change>
    void change(Change change) {
        Mutation mutation{*heap_};
        mutation.change(*object_);
        change(mutation);
    }
    ObjectView seen() { return *view_.find(object_->id.load()); }

    HeapView view_{read_only(heap_->fd())};
    std::string bytes_;
};

}  // namespace steward::shared
