#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/daemon.hpp"
#include "daemon/preparation.hpp"
#include "daemon/results.hpp"
#include "proto/envelope.hpp"
#include "proto/errors.hpp"
#include "proto/packed.hpp"

namespace steward::daemon {

/// One request under way: who asks whom. Every handler gets one, beside the decoded message.
struct Call {
    Daemon& daemon;
    Session& session;
    std::uint64_t request;
    bool recorded = false;                          ///< what comes of it is recorded
    std::optional<std::uint64_t> happened = {};     ///< it is made again, and this was noted when it was carried out
    std::optional<std::uint64_t> deadline_ns = {};  ///< of whoever asks
    bool withdrawn = false;                         ///< whoever asked has given it up, carried out or not
    std::string recorded_reply = {};                ///< that was recorded for one that was withdrawn
    bool refers = false;                            ///< its params hold references
    bool listens = false;                           ///< whoever asks listens to the session's bell while it waits
    bool answered = true;                           ///< false: a notification, to which there is no reply
    std::string kept = {};                          ///< bytes of a result that live nowhere else
    std::unique_ptr<Preparation> preparation = {};  ///< as far as it has come
    bool in_one_go = false;                         ///< nothing of it can wait
    std::uint64_t turn_of = 0;                      ///< the object whose turn it has; see Preparations

    /// One that is made again, or withdrawn: what was granted to it, but for an offer, is known.
    bool was_recorded() const { return happened || !recorded_reply.empty(); }

    /// The object of an id, for this type and access. Throws Refusal: no_such_object, wrong_type, no_permission.
    Object object(std::uint64_t id, proto::ObjectType, Access) const;

    /// The object of a name, for this access. Throws Refusal: no_such_object, no_permission.
    Object object(std::string_view name, Access) const;

    /// A thread of the session that asks. Throws Refusal: invalid_argument.
    shared::Agent agent(std::uint32_t thread) const;

    /// What that thread wants, for the type to say; `where` is its line of source.
    Claim claim(std::uint32_t thread, std::string_view where, std::uint8_t want = 0) const;

    /// What it wants alone: an offer does where its session shares the word, and it may listen to the session's bell.
    template <class Acquire>
    Claim claim_by_word(const Object& object, const Acquire& message) {
        auto made = claim(message.thread, message.where);
        made.by_word = message.by_word && session.uses_word_of(object.id());
        listens = made.by_word && message.bell != 0 && message.bell == session.bell;
        return made;
    }

    /// Where what comes of it is recorded: makes room for that, before the Mutation that changes something there.
    void prepare(shared::Domain& domain) const {
        if (recorded)
            Results::prepare(session, domain, request);
    }

    /// The result, in that Mutation.
    template <proto::Described R>
    void record(shared::Mutation& mutation, shared::Domain& domain, const R& result) const {
        if (!recorded)
            return;
        std::string reply;
        proto::encode_result(reply, request, result);
        Results::record(mutation, session, domain, request, reply);
    }

    /// A number from which the handler answers when the request is made again, in that Mutation.
    void note(shared::Mutation& mutation, shared::Domain& domain, std::uint64_t number) const {
        if (recorded)
            Results::note(mutation, session, domain, request, number);
    }

    /// Whoever comes to an object while a request to it is prepared waits behind that. Throws Postponed.
    void await_turn(std::uint64_t object) const {
        if (object != turn_of && daemon.preparations.is_busy(object))
            throw Postponed{.object = object, .version = 0};
    }

    /// A Preparation of this kind for that object, done. Throws Postponed where it takes more than a piece, and what it
    /// throws itself; nothing must have changed before.
    template <class P, class... Arguments>
    P& prepared(const Object& object, Arguments&&... arguments) {
        if (in_one_go || !preparation)
            preparation = std::make_unique<P>(std::forward<Arguments>(arguments)...);
        while (preparation->go_on())
            if (!in_one_go)
                throw Postponed{.object = object.id(), .version = object.header->version.load()};
        return static_cast<P&>(*preparation);
    }

    /// Keeps the bytes until the result is encoded.
    proto::Packed keep(std::string bytes) {
        kept = std::move(bytes);
        return {kept};
    }
};

}  // namespace steward::daemon
