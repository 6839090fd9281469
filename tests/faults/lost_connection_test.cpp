#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>

#include "tests/faults/victim.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// The connected socket of this process that was made last.
int last_socket() {
    constexpr int most_descriptors = 256;
    int last = -1;
    for (int descriptor = 0; descriptor < most_descriptors; ++descriptor) {
        sockaddr_un peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0)
            last = descriptor;
    }
    return last;
}

class ALostConnection : public Deaths {
  protected:
    bool is_seen_to_be_cut_off(pid_t pid) const {
        return eventually([&] {
            const auto sessions = manager_.sessions();
            return std::ranges::any_of(
                sessions, [&](const SessionInfo& session) { return session.pid == pid && !session.connected; });
        });
    }
};

/// The process does not know of the loss yet, and takes a lock by its word, without holding anything before.
TEST_F(ALostConnection, LeavesNoLockBehindThatWasTakenAfterIt) {
    const auto lock = manager_.lock("a");
    const Gate seen;
    const Gate cut;
    Victim victim(daemon_.socket(), [&](Manager& own) {
        auto taken = own.lock("a");
        taken.lock();
        taken.release();
        ::shutdown(last_socket(), SHUT_RDWR);
        cut.open();
        seen.pass();
        taken.lock();
        return taken;
    });
    cut.pass();
    EXPECT_TRUE(is_seen_to_be_cut_off(victim.pid()));
    seen.open();
    victim.comes_to_its_end();
    victim.dies();
    auto survivor = manager_.lock("a");
    EXPECT_TRUE(survivor.acquire_for(5s).has_value());
}

}  // namespace
}  // namespace steward::tests
