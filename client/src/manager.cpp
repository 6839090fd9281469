#include <steward/manager.hpp>

#include <algorithm>
#include <utility>

#include "client/src/client.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/pipeline_state.hpp"
#include "client/src/private_daemon.hpp"
#include "client/src/process.hpp"
#include "client/src/socket_path.hpp"
#include "proto/object.hpp"
#include "proto/session.hpp"

namespace steward {
namespace {

std::string name_or_program(const std::string& client_name) {
    return client_name.empty() ? detail::program_name() : client_name;
}

std::vector<ObjectInfo> listed(detail::Client& client, proto::object::List request) {
    std::vector<ObjectInfo> all;
    do {
        const auto page = client.call(request);
        for (const auto& info : page->objects)
            all.push_back(detail::described(proto::ObjectInfo(info)));
        request.cursor = page->cursor;
    } while (request.cursor != 0);
    return all;
}

}  // namespace

Manager::Manager(const ManagerOptions& options)
    : client_(
          std::make_shared<detail::Client>(detail::Client::Options{.socket = detail::find_socket(options.socket),
                                                                   .client_name = name_or_program(options.client_name),
                                                                   .connect_timeout = options.connect_timeout,
                                                                   .reconnect_timeout = options.reconnect_timeout,
                                                                   .in_name_of = options.in_name_of,
                                                                   .lock_order_warnings = options.lock_order_warnings,
                                                                   .shared_words = options.shared_words,
                                                                   .shared_reads = options.shared_reads})) {}

Manager Manager::start(const StartOptions& options) {
    auto daemon = std::make_shared<detail::PrivateDaemon>(options);
    auto client =
        std::make_shared<detail::Client>(detail::Client::Options{.socket = daemon->socket(),
                                                                 .client_name = name_or_program(options.client_name),
                                                                 .connect_timeout = options.start_timeout,
                                                                 .lock_order_warnings = options.lock_order_warnings});
    client->keep(std::move(daemon));
    return Manager(std::move(client));
}

bool Manager::remove(std::string_view name) const {
    try {
        return client_->call(proto::object::Remove{.name = name})->removed;
    } catch (const Error& error) {
        detail::throw_with_name(error, name);
    }
}

bool Manager::remove(std::string_view name, std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return remove(name); });
}

std::vector<ObjectInfo> Manager::objects(std::string_view prefix) const {
    auto all = listed(*client_, {.prefix = prefix, .type = std::nullopt});
    std::ranges::sort(all, {}, &ObjectInfo::name);
    return all;
}

std::vector<ObjectInfo> Manager::objects(std::string_view prefix, std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return objects(prefix); });
}

std::vector<ObjectInfo> Manager::nameless_objects() const {
    auto all = listed(*client_, {.prefix = {}, .type = std::nullopt, .nameless = true});
    std::erase_if(all, [](const ObjectInfo& info) { return !info.name.empty(); });
    std::ranges::sort(all, {}, &ObjectInfo::id);
    return all;
}

std::vector<ObjectInfo> Manager::nameless_objects(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return nameless_objects(); });
}

std::vector<SessionInfo> Manager::sessions() const {
    std::vector<SessionInfo> all;
    for (std::uint32_t after = 0;;) {
        const auto page = client_->call(proto::session::List{.after = after});
        if (page->sessions.empty())
            return all;
        for (const auto& info : page->sessions)
            all.push_back(detail::described(proto::SessionInfo(info)));
        after = all.back().session;
    }
}

std::vector<SessionInfo> Manager::sessions(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return sessions(); });
}

Pipeline Manager::pipeline() const {
    return Pipeline(std::make_shared<detail::PipelineState>(client_));
}

void Manager::on_lock_order(std::function<void(const LockOrderWarning&)> callback) const {
    client_->lock_order().set(std::move(callback));
}

const std::filesystem::path& Manager::socket() const noexcept {
    return client_->socket();
}

std::uint32_t Manager::session() const {
    return client_->connection().session();
}

}  // namespace steward
