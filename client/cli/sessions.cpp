#include "client/cli/sessions.hpp"

#include <iterator>
#include <utility>

namespace steward::cli {

std::vector<proto::SessionInfo> list_sessions(Daemon& daemon) {
    std::vector<proto::SessionInfo> sessions;
    proto::session::List request;
    while (true) {
        auto page = *daemon.call(request);
        if (page.sessions.empty())
            return sessions;
        request.after = page.sessions.back().session;
        std::move(page.sessions.begin(), page.sessions.end(), std::back_inserter(sessions));
    }
}

}  // namespace steward::cli
