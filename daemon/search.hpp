#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "daemon/preparation.hpp"
#include "proto/value.hpp"
#include "shared/sequence.hpp"

namespace steward::daemon {

/// Looks through items of a list for those that equal a value: for the first, or for all of them.
class Search final : public Preparation {
  public:
    enum class For : std::uint8_t { the_first, all };

    /// From `first` to before `last`.
    Search(const shared::Sequence& items, std::string value, std::size_t first, std::size_t last, For wanted)
        : items_(items), value_(std::move(value)), next_(first), last_(last), wanted_(wanted) {}

    bool go_on() override {
        for (std::size_t looks = 0; looks < items_per_piece && !is_over(); ++looks)
            if (proto::equal(items_.at(next_++), value_))
                ++found_;
        return !is_over();
    }

    std::size_t found() const { return found_; }
    /// Of the last item that was looked at.
    std::size_t position() const { return next_ - 1; }

  private:
    bool is_over() const { return next_ >= last_ || (wanted_ == For::the_first && found_ > 0); }

    shared::Sequence items_;
    std::string value_;
    std::size_t next_;
    std::size_t last_;
    For wanted_;
    std::size_t found_ = 0;
};

}  // namespace steward::daemon
