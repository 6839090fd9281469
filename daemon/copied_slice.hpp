#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "daemon/preparation.hpp"
#include "daemon/python_index.hpp"
#include "proto/writer.hpp"
#include "shared/sequence.hpp"

namespace steward::daemon {

/// The result of a request for a slice of a list, encoded: an array of one field, which is the array of its items.
class CopiedSlice final : public Preparation {
  public:
    CopiedSlice(const shared::Sequence& items, const Slice& slice) : items_(items), slice_(slice) {
        proto::Writer writer(result_);
        writer.array(1);
        writer.array(slice.count);
    }

    bool go_on() override {
        const auto before = result_.size();
        proto::Writer writer(result_);
        for (std::size_t count = 0;
             count < items_per_piece && result_.size() - before < bytes_per_piece && next_ < slice_.count; ++count)
            writer.packed({items_.at(slice_.at(next_++))});
        return next_ < slice_.count;
    }

    std::string take() { return std::move(result_); }

  private:
    shared::Sequence items_;
    Slice slice_;
    std::size_t next_ = 0;
    std::string result_;
};

}  // namespace steward::daemon
