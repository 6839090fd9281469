#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/process_ends.hpp"

#include <spdlog/spdlog.h>

namespace steward::daemon {

namespace asio = boost::asio;
using boost::system::error_code;

/// The pidfd of a process, until the process ends or its last session does.
struct ProcessEnds::Watch {
    Watch(asio::io_context& loop, std::shared_ptr<Process> watched)
        : process(std::move(watched)), pidfd(loop, process->pidfd.get()) {}
    ~Watch() { pidfd.release(); }  // the process owns it

    std::shared_ptr<Process> process;
    asio::posix::stream_descriptor pidfd;
    std::unordered_set<std::uint32_t> sessions;
};

ProcessEnds::ProcessEnds(asio::io_context& loop, Callbacks callbacks) : loop_(loop), callbacks_(std::move(callbacks)) {}

ProcessEnds::~ProcessEnds() = default;

void ProcessEnds::watch(const Session& session) {
    const auto& process = session.process;
    if (!process->pidfd) {
        spdlog::warn("pid {} of session {} cannot be watched; what it holds stays held until `steward break`",
                     process->pid, session.number);
        return;
    }
    auto& watch = watches_[process.get()];
    if (!watch) {
        watch = std::make_unique<Watch>(loop_, process);
        await_end(*watch);
    }
    watch->sessions.insert(session.number);
}

void ProcessEnds::forget(const Session& session) {
    const auto found = watches_.find(session.process.get());
    if (found == watches_.end())
        return;
    found->second->sessions.erase(session.number);
    if (found->second->sessions.empty())
        watches_.erase(found);
}

/// Asio reuses the state of a descriptor that was closed, and may complete a wait at once for what happened to the one
/// before. So the process is asked, weakly: it may be gone, too, and another in its memory.
void ProcessEnds::await_end(Watch& watch) {
    watch.pidfd.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this, watched = std::weak_ptr(watch.process)](const error_code& error) {
                               const auto process = watched.lock();
                               if (error || !process)
                                   return;
                               if (process->ended())
                                   process_ended(process.get());
                               else if (const auto found = watches_.find(process.get()); found != watches_.end())
                                   await_end(*found->second);
                           });
}

void ProcessEnds::process_ended(const Process* process) {
    const auto found = watches_.find(process);
    if (found != watches_.end())
        callbacks_.of_sessions({found->second->sessions.begin(), found->second->sessions.end()});
}

void ProcessEnds::await(std::uint64_t object, shared::UniqueFd pidfd) {
    const auto [awaited, is_new] = awaited_.try_emplace(object, loop_, pidfd.release());
    awaited->second.async_wait(asio::posix::stream_descriptor::wait_read, [this, object](const error_code& error) {
        if (!error && awaited_.erase(object) != 0)
            callbacks_.of_object(object);
    });
}

}  // namespace steward::daemon
