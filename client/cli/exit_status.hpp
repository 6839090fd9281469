#pragma once

#include <array>
#include <string_view>

namespace steward::cli {

/// What `steward` tells its caller; the numbers of sysexits.h where one fits. `run` ends with its command's own, and
/// `doctor` as checks of monitoring systems do.
enum class ExitStatus : int {
    success = 0,
    refused = 1,
    warning = 1,
    unwell = 2,
    usage = 64,
    not_json = 65,
    damaged_dump = 65,
    not_found = 66,
    no_daemon = 69,
    timed_out = 75,
    lock_lost = 76,
    no_permission = 77,
    configuration = 78,
    deadlock = 80,
    cannot_execute = 126,
    command_not_found = 127,
};

struct ExitStatusEntry {
    ExitStatus status;
    std::string_view meaning;
};

/// The table that `steward --help` shows.
inline constexpr std::array exit_statuses{
    ExitStatusEntry{ExitStatus::success, "done"},
    ExitStatusEntry{ExitStatus::refused,
                    "refused for another reason than those below; doctor: something may become a fault"},
    ExitStatusEntry{ExitStatus::unwell, "doctor: something does not work"},
    ExitStatusEntry{ExitStatus::usage, "wrong usage"},
    ExitStatusEntry{ExitStatus::not_json, "VALUE is no JSON; restore: FILE is damaged, or no dump"},
    ExitStatusEntry{ExitStatus::not_found, "no such name, key, index or file"},
    ExitStatusEntry{ExitStatus::no_daemon, "no daemon answers"},
    ExitStatusEntry{ExitStatus::timed_out, "the time is over"},
    ExitStatusEntry{ExitStatus::lock_lost, "run: the lock was lost and the command killed"},
    ExitStatusEntry{ExitStatus::no_permission, "no permission"},
    ExitStatusEntry{ExitStatus::configuration, "wrong configuration"},
    ExitStatusEntry{ExitStatus::deadlock, "waiting would never end"},
    ExitStatusEntry{ExitStatus::cannot_execute, "run: the command cannot be executed"},
    ExitStatusEntry{ExitStatus::command_not_found, "run: the command does not exist"},
};

/// Added to the number of the signal that ended the command of `run`, as shells do.
inline constexpr int signal_status = 128;

}  // namespace steward::cli
