#include "daemon/sum.hpp"

#include <utility>

#include "proto/errors.hpp"
#include "proto/value.hpp"

namespace steward::daemon {

std::string sum_of(std::string_view number, std::string_view by, const std::string& what) {
    auto sum = proto::add(number, by);
    switch (sum.fault) {
        case proto::SumFault::none: break;
        case proto::SumFault::not_a_number:
            throw proto::Refusal(proto::Errc::type_mismatch,
                                 what + " is of type " + std::string(proto::kind_name(number)) +
                                     " and what is added of type " + std::string(proto::kind_name(by)) +
                                     "; both have to be numbers");
        case proto::SumFault::overflow:
            throw proto::Refusal(proto::Errc::out_of_range, "the sum of " + what + " does not fit 64 bits");
    }
    return std::move(sum.value);
}

}  // namespace steward::daemon
