#include "daemon/results.hpp"

#include <algorithm>

#include "daemon/daemon.hpp"
#include "proto/reader.hpp"
#include "proto/writer.hpp"
#include "shared/results.hpp"

namespace steward::daemon {
namespace {

auto table_in(Session& session, const shared::Domain& domain) {
    return std::ranges::find(session.results, &domain, &RecordedResults::domain);
}

}  // namespace

void Results::prepare(Session& session, shared::Domain& domain, std::span<const std::uint64_t> requests) {
    auto found = table_in(session, domain);
    const bool is_new = found == session.results.end();
    const auto table = domain.results().make_room(is_new ? shared::Offset<shared::ResultTable>() : found->table,
                                                  session.number, requests, session.answered_below);
    if (is_new)
        session.results.push_back({.domain = &domain, .table = table});
    else
        found->table = table;
}

void Results::record(shared::Mutation& mutation, Session& session, shared::Domain& domain, std::uint64_t request,
                     std::string_view result) {
    domain.results().record(mutation, table_in(session, domain)->table, request, result);
}

void Results::note(shared::Mutation& mutation, Session& session, shared::Domain& domain, std::uint64_t request,
                   std::uint64_t number) {
    std::string record;
    proto::Writer(record).unsigned_integer(number);
    domain.results().record(mutation, table_in(session, domain)->table, request, record);
}

std::optional<std::string> Results::find(const Session& session, std::uint64_t request) {
    for (const auto& [domain, table] : session.results)
        if (auto found = domain->results().find(table, request))
            return found;
    return std::nullopt;
}

std::optional<std::uint64_t> Results::number_in(std::string_view record) {
    proto::Reader reader(record);
    return reader.peek().kind == proto::Element::Kind::positive ? std::optional(reader.unsigned_integer())
                                                                : std::nullopt;
}

void Results::take_up(shared::Domain& domain) {
    auto results = domain.results();
    for (auto table = results.first(); table;) {
        const auto next = results.next(table);
        if (auto* session = daemon_.sessions.find(static_cast<std::uint32_t>(results.session_of(table)))) {
            session->results.push_back({.domain = &domain, .table = table});
        } else {
            shared::Mutation mutation(domain.heap());
            results.erase(mutation, table);
        }
        table = next;
    }
}

void Results::forget(Session& session) {
    for (const auto& [domain, table] : session.results) {
        shared::Mutation mutation(domain->heap());
        domain->results().erase(mutation, table);
    }
    session.results.clear();
}

}  // namespace steward::daemon
