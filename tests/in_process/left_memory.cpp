#include "tests/in_process/left_memory.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <exception>
#include <utility>

#include "daemon/domain_record.hpp"
#include "daemon/domains.hpp"
#include "tests/in_process/changing_requests.hpp"

namespace steward::tests {
namespace {

struct SessionRefused {};

/// Of the first process, whose command has a length that does not depend on how the test was started.
daemon::Client open_session(daemon::Daemon& daemon) {
    daemon::Credentials credentials;
    credentials.pid = 1;
    credentials.uid = LeftMemory::alice;
    credentials.gid = 100;
    try {
        return {daemon, daemon.open_session(std::move(credentials), "test")};
    } catch (const shared::NoMemory&) {
        throw SessionRefused();
    }
}

template <class F>
void attempt(F&& act) {
    try {
        act();
    } catch (const std::exception&) {  // refused
    }
}

std::uint64_t lock_in(daemon::Client& client) {
    return client.call(proto::lock::Open{.open = {.name = "lock"}}).object;
}

void make_objects(daemon::Daemon& daemon) {
    auto client = open_session(daemon);
    for (const auto& request : daemon::changing_requests::all())
        attempt([&] { client.dispatch(request.prepare(client)); });
    auto other = open_session(daemon);
    attempt([&] { other.request(proto::lock::Acquire{.object = lock_in(other), .thread = 1}); });
    attempt([&] { client.request(proto::lock::Acquire{.object = lock_in(client), .thread = 3}); });
}

void use_all(daemon::Daemon& daemon) {
    make_objects(daemon);
    daemon.now_ns += 10'000'000'000;
    daemon.waiting.expire();
    daemon::changing_requests::state_of(daemon);
    auto client = open_session(daemon);
    for (const auto name : daemon::changing_requests::names)
        attempt([&] { client.call(proto::object::Remove{.name = name}); });
    daemon.end_session(client.session());
    for (int step = 0; step < 10'000 && daemon.tidy(); ++step) {
    }
}

}  // namespace

LeftMemory::LeftMemory() {
    daemon::Daemon first(settings());
    auto& domain = first.domains.of(alice);
    domain.heap().header().hash_seed.init(42);  // what the hash tables look like depends on it
    make_objects(first);
    files_ = domain.files();
    heap_.emplace(FileImage::of_heap(domain.heap().fd()));
    constexpr std::uint64_t used_lines = 64;
    words_.emplace(FileImage(
        domain.words().fd(),
        {{0, used_lines * sizeof(shared::WordLine)},
         {used_lines * sizeof(shared::WordLine), (domain.words().lines() - used_lines) * sizeof(shared::WordLine)}}));
}

void LeftMemory::restore() const {
    heap_->write_whole(open_heap().get());
    words_->write_whole(open_words().get());
    daemon::write_domain_record(record(), {{.uid = alice, .files = files_}});
}

std::unique_ptr<daemon::Daemon> LeftMemory::take_up() const {
    try {
        return std::make_unique<daemon::Daemon>(settings());
    } catch (const shared::DomainError&) {
    } catch (const shared::NoMemory&) {
    }
    return nullptr;
}

void LeftMemory::use(daemon::Daemon& daemon) {
    try {
        use_all(daemon);
    } catch (const SessionRefused&) {  // there is no memory for one, as the server would say
    }
}

daemon::Daemon::Settings LeftMemory::settings() const {
    constexpr std::uint64_t limit_bytes = std::uint64_t{4} << 20;
    return {.instance = "test", .memory = {.limit_bytes = limit_bytes, .record = record(), .folder = folder_.path()}};
}

shared::UniqueFd LeftMemory::open(const std::string& name) const {
    return shared::UniqueFd(::open((folder_.path() / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

}  // namespace steward::tests
