#include <algorithm>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/display_text.hpp"
#include "client/cli/doctor/finding.hpp"
#include "client/cli/doctor/kernel.hpp"
#include "client/cli/doctor/leftovers.hpp"
#include "client/cli/doctor/limits.hpp"
#include "client/cli/doctor/memory.hpp"
#include "client/cli/doctor/speed.hpp"
#include "client/cli/doctor/way.hpp"
#include "client/cli/error_report.hpp"
#include "client/cli/exit_status.hpp"

namespace steward::cli {
namespace doctor_parts {
namespace {

using doctor::Finding;
using doctor::Verdict;

/// What keeps a daemon that answers from being used is bad, too.
void look_at_speed(const Manager& manager, std::vector<Finding>& findings) {
    try {
        std::ranges::move(doctor::measure_speed(manager), std::back_inserter(findings));
    } catch (const Error& error) {
        findings.push_back({"use", Verdict::bad, report(error).sentence, doctor::advice_for(error)});
    }
}

/// From the way to the daemon to how fast it is; what cannot be looked at without a daemon is left out without one.
std::vector<Finding> look_at_all(const std::string& given_socket) {
    std::vector<Finding> findings;
    const auto socket = doctor::look_at_socket(given_socket);
    findings.push_back(socket.finding);
    doctor::Session session;
    if (socket.accepts) {
        session = doctor::open_session(socket);
        findings.push_back(session.finding);
    }
    const auto status = session.manager ? std::optional(session.status) : std::nullopt;
    findings.push_back(judge(doctor::look_at_memory(status)));
    findings.push_back(doctor::look_at_own_limits(session.status.memory_limit_bytes));
    if (status)
        findings.push_back(doctor::look_at_limits_of(status->pid, socket.listener));
    findings.push_back(judge(doctor::look_at_kernel()));
    findings.push_back(doctor::look_for_leftovers(socket.path));
    if (session.manager)
        look_at_speed(*session.manager, findings);
    return findings;
}

Json as_json(const Finding& finding) {
    return {{"check", finding.check},
            {"verdict", name_of(finding.verdict)},
            {"found", finding.found},
            {"advice", finding.advice.empty() ? Json() : Json(finding.advice)}};
}

ExitStatus exit_status_of(const std::vector<Finding>& findings) {
    switch (std::ranges::max(findings, {}, &Finding::verdict).verdict) {
        case Verdict::bad: return ExitStatus::unwell;
        case Verdict::warning: return ExitStatus::warning;
        default: return ExitStatus::success;
    }
}

void print_advice(const std::vector<Finding>& findings) {
    for (const auto& finding : findings)
        if (!finding.advice.empty())
            std::cout << '\n' << finding.check << ": " << printable(finding.advice) << '\n';
}

int examine(Context& context) {
    Table table({
        {"check", "CHECK"},
        {"verdict", "VERDICT"},
        {"found", "FOUND"},
    });
    const auto findings = look_at_all(context.socket_option());
    for (const auto& finding : findings)
        table.add(as_json(finding));
    context.print_listing(table);
    if (!context.wants_json())
        print_advice(findings);
    return static_cast<int>(exit_status_of(findings));
}

Action prepare(CLI::App&) {
    return examine;
}

}  // namespace
}  // namespace doctor_parts

extern const Command doctor_command{"doctor", "", "Looks for what is wrong with the daemon and the way to it.",
                                    doctor_parts::prepare};

}  // namespace steward::cli
