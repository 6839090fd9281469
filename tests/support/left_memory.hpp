#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "daemon/domain_record.hpp"
#include "daemon/domains.hpp"
#include "shared/unique_fd.hpp"
#include "tests/support/file_image.hpp"
#include "tests/support/in_process_daemon.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/daemon/changing_requests.hpp"

namespace steward::tests {

/// The memory that a daemon with objects of every type has left, some of them held and waited for: the same each time
/// but for what the kernel says. It can be damaged, and a daemon take it up then.
class LeftMemory {
  public:
    static constexpr uid_t alice = daemon::InProcessDaemon::alice;

    LeftMemory() {
        daemon::Daemon first(settings());
        auto& domain = first.domains.of(alice);
        domain.heap().header().hash_seed.init(42);  // what the hash tables look like depends on it
        make_objects(first);
        files_ = domain.files();
        heap_.emplace(FileImage::of_heap(domain.heap().fd()));
        constexpr std::uint64_t used_lines = 64;
        words_.emplace(
            FileImage(domain.words().fd(), {{0, used_lines * sizeof(shared::WordLine)},
                                            {used_lines * sizeof(shared::WordLine),
                                             (domain.words().lines() - used_lines) * sizeof(shared::WordLine)}}));
    }

    const FileImage& heap_image() const { return *heap_; }
    const FileImage& words_image() const { return *words_; }
    shared::UniqueFd open_heap() const { return open(files_.heap); }
    shared::UniqueFd open_words() const { return open(files_.words); }

    /// All is as the first daemon has left it.
    void restore() const {
        heap_->write_whole(open_heap().get());
        words_->write_whole(open_words().get());
        daemon::write_domain_record(record(), {{.uid = alice, .files = files_}});
    }

    /// Another daemon; null: it refuses the memory.
    std::unique_ptr<daemon::Daemon> take_up() const {
        try {
            return std::make_unique<daemon::Daemon>(settings());
        } catch (const shared::DomainError&) {
        } catch (const shared::NoMemory&) {
        }
        return nullptr;
    }

    /// Does with all objects what can be done, and removes them.
    static void use(daemon::Daemon& daemon) {
        try {
            use_all(daemon);
        } catch (const SessionRefused&) {  // there is no memory for one, as the server would say
        }
    }

  private:
    struct SessionRefused {};

    static void use_all(daemon::Daemon& daemon) {
        make_objects(daemon);
        daemon.now_ns += 10'000'000'000;
        daemon.waiting.expire();
        daemon::changing_requests::state_of(daemon);
        auto client = session(daemon);
        for (const auto& name : names)
            attempt([&] { client.call(proto::object::Remove{.name = name}); });
        daemon.end_session(client.session());
        for (int step = 0; step < 10'000 && daemon.tidy(); ++step) {
        }
    }

    static constexpr std::array<std::string_view, 15> names{"lock",  "rlock",     "rwlock",    "semaphore", "bounded",
                                                            "event", "barrier",   "condition", "queue",     "list",
                                                            "dict",  "namespace", "value",     "array",     "set"};

    /// Of the first process, whose command has a length that does not depend on how the test was started.
    static daemon::Client session(daemon::Daemon& daemon) {
        daemon::Credentials credentials;
        credentials.pid = 1;
        credentials.uid = alice;
        credentials.gid = 100;
        try {
            return {daemon, daemon.open_session(std::move(credentials), "test")};
        } catch (const shared::NoMemory&) {
            throw SessionRefused();
        }
    }

    template <class F>
    static void attempt(F&& act) {
        try {
            act();
        } catch (const std::exception&) {  // refused
        }
    }

    static void make_objects(daemon::Daemon& daemon) {
        auto client = session(daemon);
        for (const auto& request : daemon::changing_requests::all())
            attempt([&] { client.dispatch(request.prepare(client)); });
        auto other = session(daemon);
        attempt([&] { other.request(proto::lock::Acquire{.object = lock_in(other), .thread = 1}); });
        attempt([&] { client.request(proto::lock::Acquire{.object = lock_in(client), .thread = 3}); });
    }
    static std::uint64_t lock_in(daemon::Client& client) {
        return client.call(proto::lock::Open{.open = {.name = "lock"}}).object;
    }

    daemon::Daemon::Settings settings() const {
        constexpr std::uint64_t limit_bytes = std::uint64_t{4} << 20;
        return {.instance = "test",
                .memory = {.limit_bytes = limit_bytes, .record = record(), .folder = folder_.path()}};
    }
    std::filesystem::path record() const { return folder_.path() / "memory"; }
    shared::UniqueFd open(const std::string& name) const {
        return shared::UniqueFd(::open((folder_.path() / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    }

    TemporaryFolder folder_{"/dev/shm"};
    shared::DomainFiles files_;
    std::optional<FileImage> heap_;
    std::optional<FileImage> words_;
};

}  // namespace steward::tests
