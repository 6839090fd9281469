#include "daemon/copied_values.hpp"

#include <algorithm>
#include <utility>

#include "proto/writer.hpp"

namespace steward::daemon {
namespace {

constexpr std::size_t most_foreseen_bytes = std::size_t{64} << 20;
constexpr std::size_t values_at_a_time = 32;  ///< one where they are large

}  // namespace

CopiedValues::CopiedValues(const Object& object, std::size_t size, Part part)
    : object_(object), part_(part), size_(size) {
    proto::Writer writer(result_);
    writer.array(1);
    writer.array(size);
}

bool CopiedValues::go_on() {
    const auto before = result_.size();
    const bool first_piece = cursor_.position == 0;
    std::size_t at_a_time = 1;
    for (std::size_t count = 0; count < items_per_piece && result_.size() - before < bytes_per_piece;
         count += at_a_time) {
        if (cursor_.at_end)
            return false;
        const auto size = result_.size();
        class_of(object_.type()).visit_values(object_, cursor_, at_a_time, [&](std::string_view value) {
            take(value);
        });
        at_a_time = result_.size() - size > at_a_time * bytes_per_piece / items_per_piece ? 1 : values_at_a_time;
    }
    if (first_piece)  // the rest is likely to be as the beginning is, and no piece should have to move all before it
        result_.reserve(std::min(most_foreseen_bytes, result_.size() / items_per_piece * (size_ + items_per_piece)));
    return !cursor_.at_end;
}

void CopiedValues::take(std::string_view value) {
    const bool is_second = part_ != Part::each && std::exchange(is_second_, !is_second_);
    if (part_ == (is_second ? Part::firsts : Part::seconds))
        return;
    proto::Writer writer(result_);
    if (part_ == Part::pairs && !is_second)
        writer.array(2);
    writer.packed({value});
}

}  // namespace steward::daemon
