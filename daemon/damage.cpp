#include "daemon/damage.hpp"

#include <string>

#include <spdlog/spdlog.h>

#include "proto/errors.hpp"

namespace steward::daemon {

void warn_of_a_breach(const Object& object) {
    spdlog::warn("{} stays as it is: a program of uid {} writes into its word what no client writes; end that program",
                 object.called(), object.owner());
}

void check_words(shared::Domain& domain, const std::string& called) {
    const auto& words = domain.words();
    if (words.lines() > 1 && shared::is_damaged(&words.line(1)))
        throw proto::Refusal(proto::Errc::domain_damaged,
                             called + " cannot be used: a program of uid " + std::to_string(domain.identity().uid) +
                                 " has cut the shared memory of this user's locks short; start stewardd again to have "
                                 "them back, held by nobody");
}

}  // namespace steward::daemon
