#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/shared_words.hpp"
#include "shared/word_encodings.hpp"
#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {

using shared::LockWord;

/// Clients that change words as libsteward does, and the daemon beside them.
class SharedWordsTest : public DaemonTest {
  protected:
    Client sharing_client(uid_t uid = alice) {
        auto made = client(uid);
        made.session().shares_words = true;
        return made;
    }
    proto::Opened open(Client& by, std::string_view name = "lock", std::uint16_t mode = 0600) {
        return by.call(proto::lock::Open{.open = named(name, mode)});
    }

    shared::WordLine& line(std::uint32_t index) { return daemon().domains.of(alice).words().line(index); }
    std::uint64_t word(const proto::Opened& lock) { return line(lock.word).word.load() & ~shared::word_parity; }
    static std::uint64_t held_by(const Client& client, std::uint32_t thread = 1) {
        return LockWord::held_by({.session = client.number(), .thread = thread});
    }

    bool acquire_by_word(const Client& by, const proto::Opened& lock, std::uint32_t thread = 1) {
        auto found = line(lock.word).word.load();
        const bool free = (found & ~(shared::word_parity | shared::word_waiters | shared::word_notified)) == 0;
        return free && line(lock.word).word.compare_exchange_strong(found, found | held_by(by, thread));
    }
    /// Returns whether the daemon is to be told.
    bool release_by_word(const proto::Opened& lock) {
        const auto found = line(lock.word).word.load();
        const auto flags = found & shared::word_flags;
        const bool waiters = (flags & shared::word_waiters) != 0;
        line(lock.word).word = flags | (waiters ? shared::word_notified : 0);
        return waiters && (flags & shared::word_notified) == 0;
    }

    std::uint64_t request_lock(Client& by, const proto::Opened& lock, std::uint32_t thread = 1) {
        return by.request(proto::lock::Acquire{.object = lock.object, .thread = thread});
    }
    bool holds(Client& by, const proto::Opened& lock, std::uint32_t thread = 1) {
        return by.call(proto::lock::Holding{.object = lock.object, .thread = thread}).token.has_value();
    }

    Client holder_ = sharing_client();
    Client other_ = sharing_client();
    proto::Opened lock_ = open(holder_);
    proto::Opened same_ = open(other_);
};

}  // namespace steward::daemon
