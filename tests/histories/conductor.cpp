#include "tests/histories/conductor.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <thread>
#include <utility>

#include "proto/objects/value.hpp"
#include "tests/histories/hand.hpp"
#include "tests/histories/subjects.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/packed_values.hpp"
#include "tests/support/process_status.hpp"
#include "tests/support/raw_client.hpp"

namespace steward::tests::histories {
namespace {

/// Never a value that a client sets.
constexpr std::int64_t value_of_half_a_message = -1;

std::int64_t milliseconds_of(std::chrono::nanoseconds time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Figures& figures) {
    return out << figures.calls << " calls in " << figures.rounds << " rounds, " << figures.lost
               << " of them lost; killed: " << figures.kills << " clients (" << figures.kills_in_mid_call
               << " in mid-call), " << figures.daemon_kills << " daemons (" << figures.daemon_kills_in_mid_call
               << " in mid-call); " << figures.stops << " stops, " << figures.cuts << " connections cut, "
               << figures.half_messages << " half messages, " << figures.sessions_ended
               << " sessions ended by that; checked in " << milliseconds_of(figures.checking) << " ms, "
               << figures.steps << " steps, at most " << figures.longest_search << " for one object";
}

Round::Round(DaemonProcess& daemon, const Rules& rules, std::size_t number, Figures& figures)
    : daemon_(daemon),
      rules_(rules),
      name_("round-" + std::to_string(number) + "/"),
      figures_(figures),
      seed_(scrambled(rules.seed + number)),
      manager_({.socket = daemon.socket(), .client_name = "conductor"}) {
    // Until a client has its own handler.
    std::signal(SIGUSR1, SIG_IGN);
}

std::vector<std::string> Round::run() {
    try {
        play();
    } catch (const Error& error) {
        complain(std::string("the conductor itself was refused: ") + error.what());
        look_after_the_daemon();
    }
    ++figures_.rounds;
    return complaints_;
}

void Round::play() {
    const auto plays = open_all(manager_, name_);  // before the clients, who would all make them at once
    for (std::size_t place = 0; place < number_of_places; ++place)
        begin_life(place);
    disturb_until_the_end();
    end();
    if (complaints_.empty())
        settle();
    check();
    for (const auto& subject : subjects())
        manager_.remove(name_ + std::string(subject.name));
}

void Round::begin_life(std::size_t place) {
    auto& player = players_.at(place);
    player.client = ++last_client_;
    player.born = now();
    log_->places.at(place).cut = 0;
    const Life life{.socket = daemon_.socket(),
                    .round = name_,
                    .place = place,
                    .client = player.client,
                    .seed = scrambled(seed_ + static_cast<std::uint64_t>(player.client))};
    player.process.reset();
    player.process.emplace([&] { return live(*log_, life); });
}

void Round::disturb_until_the_end() {
    const auto end = now() + std::chrono::nanoseconds(rules_.round).count();
    while (now() < end && complaints_.empty()) {
        pause(20'000);
        disturb();
        look_after_the_ended();
    }
}

void Round::disturb() {
    const auto place = pick(number_of_places);
    switch (pick(20)) {
        case 0: stop_daemon(); break;
        case 1: restart_daemon(); break;
        case 2:  // with a client, so that it dies while its daemon is away
            kill_daemon();
            kill_client(place);
            daemon_.start();
            break;
        case 3: send_half_a_message(); break;
        case 4:
        case 5:
        case 6: stop_client(place); break;
        case 7:
        case 8: cut_connection(place); break;
        default: kill_client(place);
    }
}

void Round::pause(unsigned most_us) {
    std::this_thread::sleep_for(std::chrono::microseconds(pick(most_us)));
}

bool Round::is_anybody_in_mid_call() const {
    return std::ranges::any_of(log_->places, &Place::in_mid_call);
}

/// At once, or stopped first for a moment, so that what it is given meets one who does not take it.
void Round::kill_client(std::size_t place) {
    auto& process = *players_.at(place).process;
    if (process.has_ended())
        return;
    if (pick(4) == 0) {
        process.send(SIGSTOP);
        pause(10'000);
    }
    const auto since = now();
    process.kill();
    ++figures_.kills;
    figures_.kills_in_mid_call += log_->places.at(place).in_mid_call() ? 1 : 0;
    bury(place, since);
    begin_life(place);
}

/// Longer than an offer lasts, sometimes.
void Round::stop_client(std::size_t place) {
    const auto& process = *players_.at(place).process;
    process.send(SIGSTOP);
    pause(pick(5) == 0 ? 80'000 : 4'000);
    process.send(SIGCONT);
    ++figures_.stops;
}

void Round::stop_daemon() {
    daemon_.stop();
    pause(10'000);
    daemon_.go_on();
    ++figures_.stops;
}

void Round::kill_daemon() {
    figures_.daemon_kills_in_mid_call += is_anybody_in_mid_call() ? 1 : 0;
    losses_of_all_.push_back({.at = now(), .of = std::nullopt});
    daemon_.kill();
    ++figures_.daemon_kills;
}

void Round::restart_daemon() {
    kill_daemon();
    daemon_.start();
}

void Round::cut_connection(std::size_t place) {
    players_.at(place).process->send(SIGUSR1);
    ++figures_.cuts;
}

/// Nothing of it may happen.
void Round::send_half_a_message() {
    const auto value = manager_.value<std::int64_t>(name_ + "value");
    const auto number = pack(value_of_half_a_message);
    const auto message = RawClient::encoded(1, proto::value::Set{.object = value.id(), .value = {number}});
    RawClient client(daemon_.socket());
    client.send(std::string_view(message).substr(0, 1 + pick(static_cast<unsigned>(message.size() - 1))));
    client.close();
    ++figures_.half_messages;
}

void Round::look_after_the_daemon() {
    if (state_of(daemon_.pid()) == 'Z')
        complain("the daemon has ended by itself: " + daemon_.errors());
}

void Round::look_after_the_ended() {
    look_after_the_daemon();
    for (std::size_t place = 0; place < number_of_places; ++place) {
        auto& player = players_.at(place);
        if (!player.process->has_ended())
            continue;
        const int code = player.process->wait();
        if (code == played_to_the_end)
            continue;  // its log is full
        if (code != session_ended)
            complain("client " + std::to_string(player.client) + " ended with " + std::to_string(code));
        const auto cut = log_->places.at(place).cut.load();
        bury(place, cut != 0 ? cut : player.born);
        ++figures_.sessions_ended;
        begin_life(place);
    }
}

/// Its last call did not return, whatever it has written down of that.
void Round::bury(std::size_t number, Nanoseconds since) {
    auto& place = log_->places.at(number);
    if (place.in_mid_call())
        place.calls.at(place.begun.load() - 1).outcome = Outcome::open;
    place.ended = place.begun.load();
    deaths_.push_back({.client = players_.at(number).client, .since = since});
}

void Round::end() {
    log_->stopped = true;
    const bool all_ended = eventually([&] {
        look_after_the_ended();
        return std::ranges::all_of(players_, [](const auto& player) { return player.process->has_ended(); });
    });
    if (!all_ended)
        complain_of_stuck_calls();
    for (std::size_t place = 0; place < number_of_places; ++place) {
        players_.at(place).process->kill();
        bury(place, last_call_of(place));
    }
}

/// One that has played to the end closes its session at any time after that.
Nanoseconds Round::last_call_of(std::size_t number) const {
    const auto& place = log_->places.at(number);
    const auto begun = place.begun.load();
    return begun == 0 ? players_.at(number).born : place.calls.at(begun - 1).called;
}

void Round::complain_of_stuck_calls() {
    for (const auto& place : log_->places)
        if (place.in_mid_call()) {
            const auto& call = place.calls.at(place.begun.load() - 1);
            complain(std::string(subjects()[call.object].name) + ": a call does not return since " +
                     std::to_string((now() - call.called) / 1'000'000) + " ms: " + text_of(call));
        }
}

/// The daemon has noticed all deaths: from here on everything is as they leave it.
void Round::await_burials() {
    const auto is_conductors = [](const SessionInfo& session) { return session.pid == ::getpid(); };
    if (!eventually([&] { return std::ranges::all_of(manager_.sessions(), is_conductors); }))
        complain("the daemon does not notice that clients have died");
    burial_ = now();
}

void Round::settle() {
    await_burials();
    const auto plays = open_all(manager_, name_);
    Hand hand(*log_, conductors_place, ++last_client_, seed_);
    for (std::size_t number = 0; number < plays.size(); ++number) {
        hand.play(static_cast<std::uint8_t>(number));
        plays[number]->settle(hand);
    }
}

std::vector<Call> Round::calls() const {
    std::vector<Call> all;
    for (const auto& place : log_->places)
        all.insert(all.end(), place.calls.begin(), place.calls.begin() + place.begun.load());
    return all;
}

std::vector<Loss> Round::losses() const {
    auto all = losses_of_all_;
    for (const auto& place : log_->places)
        all.insert(all.end(), place.cuts.begin(),
                   place.cuts.begin() + std::min<std::size_t>(place.times_cut, place.cuts.size()));
    return all;
}

void Round::check() {
    const auto begin = std::chrono::steady_clock::now();
    const auto all = calls();
    std::vector<History> histories(subjects().size(), {.deaths = deaths_,
                                                       .losses = losses(),
                                                       .answers = answers_in(all),
                                                       .burial = burial_,
                                                       .settler = last_client_});
    for (const auto& call : all)
        histories.at(call.object).calls.push_back(call);
    for (std::size_t number = 0; number < histories.size(); ++number) {
        const auto& subject = subjects()[number];
        const auto report = subject.check(histories[number]);
        figures_.steps += report.steps;
        figures_.longest_search = std::max(figures_.longest_search, report.steps);
        if (report.text.empty())
            continue;
        complain(std::string(subject.name) + ": " + report.text);
        keep(subject, histories[number]);
    }
    check_losses(all);
    figures_.calls += all.size();
    figures_.checking += std::chrono::steady_clock::now() - begin;
}

/// All calls of an object that is wrong, for people.
void Round::keep(const Subject& subject, const History& history) const {
    const char* folder = std::getenv("STEWARD_HISTORIES_KEEP");
    if (folder == nullptr)
        return;
    auto operations = operations_of(history, Waits::in_one_moment, Deaths::free_what_was_held);
    std::ranges::stable_sort(operations, {}, &Operation::called);
    auto name = name_ + std::string(subject.name) + ".txt";
    std::ranges::replace(name, '/', '-');
    std::ofstream file(std::filesystem::path(folder) / name);
    for (const auto& [at, client] : history.losses)
        file << at / 1000 << " us: the connection of " << (client ? "client " + std::to_string(*client) : "everybody")
             << " is lost\n";
    for (const auto& operation : operations)
        file << text_of(operation) << '\n';
}

void Round::check_losses(const std::vector<Call>& calls) {
    for (const auto& call : calls) {
        if (call.outcome != Outcome::lost)
            continue;
        ++figures_.lost;
        if (!rules_.may_lose_replies)
            complain(std::string(subjects()[call.object].name) + ": not_connected: " + text_of(call));
    }
}

}  // namespace steward::tests::histories
