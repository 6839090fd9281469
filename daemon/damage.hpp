#pragma once

#include "daemon/object.hpp"
#include "shared/bus_errors.hpp"

namespace steward::daemon {

/// Whether the word of the object is lost: a program of its user has cut the file of the words short. It reads as zero,
/// and no change of it is decided any more (Mutation::decide).
inline bool has_lost_its_word(const Object& object) {
    if (!object.has_word())
        return false;
    static_cast<void>(object.word());  // is the first to notice, where it is so
    return shared::is_damaged(&object.word_line());
}

/// Says in the log that a program changes the object's word otherwise than the protocol of words has it, so that a
/// change of the daemon's was given up.
void warn_of_a_breach(const Object&);

/// Throws Refusal (domain_damaged) where the words of a domain are lost. `called`: what cannot be used by that.
void check_words(shared::Domain&, const std::string& called);

}  // namespace steward::daemon
