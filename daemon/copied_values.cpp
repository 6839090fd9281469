#include "daemon/copied_values.hpp"

#include "proto/writer.hpp"

namespace steward::daemon {
namespace {

constexpr std::size_t most_bytes_of_piece = std::size_t{256} << 10;
constexpr std::size_t values_at_a_time = 32;

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
    for (std::size_t count = 0; count < items_per_piece && result_.size() - before < most_bytes_of_piece;
         count += values_at_a_time) {
        if (cursor_.at_end)
            return false;
        class_of(object_.type()).visit_values(object_, cursor_, values_at_a_time, [&](std::string_view value) {
            take(value);
        });
    }
    if (first_piece)  // the rest is likely to be as the beginning is, and no piece should have to move all before it
        result_.reserve(result_.size() / items_per_piece * (size_ + items_per_piece));
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
