#include "tests/conformance/path.hpp"

#include <grp.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "daemon/objects/process.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests::conformance {
namespace {

constexpr uid_t stranger_uid = 54'321;
constexpr gid_t stranger_gid = 54'322;

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

bool become_stranger() {
    return ::setgroups(0, nullptr) == 0 && ::setgid(stranger_gid) == 0 && ::setuid(stranger_uid) == 0;
}

void write(std::FILE* file, const Path::Refusals& refusals) {
    for (const auto refusal : refusals)
        std::fprintf(file, "%d\n", refusal ? static_cast<int>(*refusal) : 0);
    std::fflush(file);
}

Path::Refusals read(std::FILE* file) {
    Path::Refusals refusals;
    std::rewind(file);
    for (int code = 0; std::fscanf(file, "%d", &code) == 1;)
        refusals.push_back(code == 0 ? std::nullopt : std::optional(static_cast<Errc>(code)));
    return refusals;
}

}  // namespace

std::string to_string(Way way) {
    switch (way) {
        case Way::in_process: return "InProcess";
        case Way::socket: return "Socket";
        case Way::shared_memory: return "SharedMemory";
    }
    return {};
}

Path::Path(Way way) : way_(way) {
    if (way == Way::in_process) {
        in_process_ = std::make_unique<daemon::InProcessDaemon>();
    } else {
        process_ = std::make_unique<DaemonProcess>();
        std::filesystem::permissions(process_->folder(), std::filesystem::perms(0755));  // for strangers
    }
    observer_ = client();
}

Client Path::client() {
    if (way_ == Way::in_process)
        return Client(std::make_unique<InProcessClient>(*in_process_, in_process_->client()));
    if (way_ == Way::socket)
        return Client(std::make_unique<SocketClient>(process_->socket()));
    return Client(std::make_unique<SharedMemoryClient>(process_->socket(), SharedMemoryClient::Threads::of_their_own));
}

/// Without threads: a process with several threads that forks is not sure to make more of them in the child.
Client Path::client_in_child() const {
    if (way_ == Way::socket)
        return Client(std::make_unique<SocketClient>(process_->socket()));
    return Client(std::make_unique<SharedMemoryClient>(process_->socket(), SharedMemoryClient::Threads::the_caller));
}

bool Path::is_known(pid_t pid) {
    const auto sessions = observer_->call(proto::session::List{}).sessions;
    return std::ranges::find(sessions, pid, &proto::SessionInfo::pid) != sessions.end();
}

Victim Path::victim_process(const std::function<void(Client&)>& deed, const std::function<void()>& await) {
    const Gate done;
    auto process = std::make_shared<ChildProcess>([&]() -> int {
        auto own = client_in_child();
        deed(own);
        done.open();
        for (;;)
            ::pause();
    });
    if (await)
        await();
    else
        done.pass();
    return Victim([this, process] {
        process->kill();
        if (!eventually([&] { return !is_known(process->pid()); }))
            throw std::runtime_error("the daemon does not notice a death");
    });
}

Victim Path::victim_that(const std::function<void(Client&)>& deed) {
    if (way_ != Way::in_process)
        return victim_process(deed, {});
    auto own = in_process_->client();
    auto& session = own.session();
    Client process(std::make_unique<InProcessClient>(*in_process_, std::move(own)));
    deed(process);
    return Victim([this, &session] { in_process_->daemon().end_session(session); });
}

Victim Path::victim_that_waits(std::uint64_t object, const std::function<void(Client&)>& deed) {
    if (way_ == Way::in_process)
        return victim_that(deed);
    const auto before = waiters_of(object);
    return victim_process(deed, [&] {
        if (!eventually([&] { return waiters_of(object) > before; }))
            throw std::runtime_error("a process does not come to wait");
    });
}

std::optional<Path::Refusals> Path::refusals_of_stranger(const std::function<Refusals(Client&)>& deed) {
    if (way_ == Way::in_process) {
        auto stranger = Client(std::make_unique<InProcessClient>(
            *in_process_, in_process_->client(daemon::InProcessDaemon::bob, stranger_gid)));
        return deed(stranger);
    }
    if (::geteuid() != 0)
        return std::nullopt;
    const File report(std::tmpfile());
    ChildProcess process([&] {
        if (!become_stranger())
            return 255;
        auto stranger = client_in_child();
        write(report.get(), deed(stranger));
        return 0;
    });
    if (process.wait() != 0)
        throw std::runtime_error("a stranger failed");
    return read(report.get());
}

void Path::pass(std::int64_t ns) {
    if (in_process_)
        in_process_->pass(static_cast<std::uint64_t>(ns));
}

void Path::note_end_of_process(std::uint64_t object) {
    if (in_process_)
        daemon::note_end_of_process(in_process_->daemon(), in_process_->daemon().registry.find(object).value());
}

std::uint64_t Path::requests_of(const Client& client) {
    const auto sessions = observer_->call(proto::session::List{.after = client.session() - 1, .limit = 1}).sessions;
    return sessions.at(0).requests;
}

std::size_t Path::waiters_of(std::uint64_t object) {
    return observer_->call(proto::object::Info{.object = object}).waiters.size();
}

}  // namespace steward::tests::conformance
