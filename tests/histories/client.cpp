#include "tests/histories/client.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include "tests/histories/hand.hpp"
#include "tests/histories/subjects.hpp"

namespace steward::tests::histories {
namespace {

/// What the handler of SIGUSR1 needs.
volatile std::sig_atomic_t own_socket = -1;
Place* own_place = nullptr;
Client own_number = 0;

/// The first of a life is kept: at that time its session may have ended already.
void cut_connection(int /*signal*/) {
    const auto at = now();
    Nanoseconds none = 0;
    own_place->cut.compare_exchange_strong(none, at);
    if (const auto number = own_place->times_cut++; number < own_place->cuts.size())
        own_place->cuts[number] = {.at = at, .of = own_number};
    ::shutdown(own_socket, SHUT_RDWR);
}

void close_connection_at_signal(Place& place, Client client, int socket) {
    own_socket = socket;
    own_place = &place;
    own_number = client;
    struct sigaction action {};
    action.sa_handler = &cut_connection;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR1, &action, nullptr);
}

std::set<int> connected_sockets() {
    constexpr int most_descriptors = 256;
    std::set<int> sockets;
    for (int descriptor = 0; descriptor < most_descriptors; ++descriptor) {
        sockaddr_un peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0)
            sockets.insert(descriptor);
    }
    return sockets;
}

/// That of the Manager, and not one that was inherited.
int new_socket(const std::set<int>& before) {
    std::set<int> fresh = connected_sockets();
    for (const int socket : before)
        fresh.erase(socket);
    return fresh.empty() ? -1 : *fresh.begin();
}

/// Some do without the shared memory, as another user would: what they are granted meets what others take by words.
bool shares_memory(const Life& life) {
    return life.client % 4 != 0;
}

/// The daemon may be away.
Manager connect(const Life& life) {
    for (;;) {
        try {
            return Manager({.socket = life.socket,
                            .client_name = "history",
                            .shared_words = shares_memory(life),
                            .shared_reads = shares_memory(life)});
        } catch (const Error& error) {
            if (error.code() != errc::not_connected)
                throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
}

/// Opening twice does no harm.
std::vector<std::unique_ptr<Play>> open_all_until_opened(const Manager& manager, const std::string& round) {
    for (;;) {
        try {
            return open_all(manager, round);
        } catch (const Error& error) {
            if (error.code() == errc::session_lost)
                throw SessionEnded();
            if (error.code() != errc::not_connected)
                throw;
        }
    }
}

}  // namespace

std::vector<std::unique_ptr<Play>> open_all(const Manager& manager, const std::string& round) {
    std::vector<std::unique_ptr<Play>> plays;
    for (const auto& subject : subjects())
        plays.push_back(subject.open(manager, round + std::string(subject.name)));
    return plays;
}

int live(Log& log, const Life& life) {
    const auto inherited = connected_sockets();
    const auto manager = connect(life);
    close_connection_at_signal(log.places.at(life.place), life.client, new_socket(inherited));
    Hand hand(log, life.place, life.client, life.seed);
    try {
        const auto plays = open_all_until_opened(manager, life.round);
        while (!hand.stopped() && !hand.is_full()) {
            const auto number = hand.pick(static_cast<unsigned>(plays.size()));
            hand.play(static_cast<std::uint8_t>(number));
            plays[number]->turn(hand);
        }
    } catch (const SessionEnded&) {
        return session_ended;
    }
    return played_to_the_end;
}

}  // namespace steward::tests::histories
