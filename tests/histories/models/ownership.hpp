#pragma once

#include <cstdint>
#include <vector>

#include "tests/histories/operation.hpp"
#include "tests/histories/state_hash.hpp"

namespace steward::tests::histories {

/// What one client at a time owns. Each owner has a greater token than all before it, and is told where one before it
/// died as the owner.
struct Owned {
    Client owner = 0;
    std::uint64_t token = 0;  ///< the greatest that was seen
    bool news = false;        ///< nobody has been told of a death yet

    std::vector<std::int64_t> lent;  ///< calls that were given up and got it

    bool operator==(const Owned&) const = default;
    std::uint64_t hash() const { return hash_of(owner, token, news, lent); }

    /// `tells`: the form of the call says whether somebody died.
    bool acquire(const Operation& operation, bool tells) {
        if (owner != 0)
            return false;
        if (!operation.pending() && tells && operation.call.told != news)
            return false;
        news = news && !operation.pending() && !tells;
        owner = operation.call.client;
        return sees_token(operation, token + 1);
    }

    bool release(Client client) {
        if (owner != client)
            return false;
        owner = 0;
        return true;
    }

    bool die(Client client) {
        if (!release(client))
            return false;
        lent.clear();  // to him, since nobody else owned it
        news = true;
        return true;
    }

    /// What is returned of a token is not less than this.
    bool sees_token(const Operation& operation, std::uint64_t least) {
        if (operation.pending() || operation.call.token == 0)
            return true;
        if (operation.call.token < least)
            return false;
        token = operation.call.token;
        return true;
    }
};

/// A call that was given up got what it wanted, and then has it no more.
inline bool lend(std::vector<std::int64_t>& lent, const Operation& operation) {
    lent.push_back(operation.wait);
    return true;
}
inline bool undo(std::vector<std::int64_t>& lent, const Operation& operation) {
    return std::erase(lent, operation.wait) != 0;
}

/// Of all operations that only the owner may do and others are refused.
inline bool owns_or_is_refused(const Operation& operation, Client owner) {
    if (operation.was_refused(errc::not_owner))
        return owner != operation.call.client;
    return owner == operation.call.client && (operation.pending() || operation.did(Outcome::done));
}

/// Whether it may have gone without what it wanted, which was there or not.
inline bool may_go_without(const Operation& operation, bool was_there) {
    return !operation.pending() && (!was_there || operation.contended || operation.given_up);
}

/// The same of a lock, which may be kept for one who has had it by its word.
inline bool may_go_without_lock(const Operation& operation, bool was_there) {
    return may_go_without(operation, was_there) || (!operation.pending() && operation.kept);
}

}  // namespace steward::tests::histories
