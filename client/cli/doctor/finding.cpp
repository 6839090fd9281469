#include "client/cli/doctor/finding.hpp"

namespace steward::cli::doctor {

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::good: return "good";
        case Verdict::unseen: return "unseen";
        case Verdict::warning: return "warning";
        case Verdict::bad: return "bad";
    }
    return "";
}

}  // namespace steward::cli::doctor
