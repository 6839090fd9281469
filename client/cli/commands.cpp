#include "client/cli/commands.hpp"

#include <array>

namespace steward::cli {

extern const Command status_command;
extern const Command ls_command;
extern const Command show_command;
extern const Command sessions_command;
extern const Command waits_command;
extern const Command watch_command;
extern const Command top_command;
extern const Command metrics_command;
extern const Command get_command;
extern const Command set_command;
extern const Command push_command;
extern const Command pop_command;
extern const Command semaphore_command;
extern const Command event_command;
extern const Command barrier_command;
extern const Command condition_command;
extern const Command queue_command;
extern const Command wait_command;
extern const Command make_command;
extern const Command run_command;
extern const Command break_command;
extern const Command rm_command;
extern const Command dump_command;
extern const Command restore_command;
extern const Command reload_command;
extern const Command bench_command;
extern const Command doctor_command;

namespace {

/// The explicit list of commands. A command is a file in commands/ and a line here and above.
constexpr std::array<const Command*, 27> all_commands{
    &status_command,    &ls_command,      &show_command,    &sessions_command,  &waits_command, &watch_command,
    &top_command,       &metrics_command, &get_command,     &set_command,       &push_command,  &pop_command,
    &semaphore_command, &event_command,   &barrier_command, &condition_command, &queue_command, &wait_command,
    &run_command,       &make_command,    &break_command,   &rm_command,        &dump_command,  &restore_command,
    &reload_command,    &bench_command,   &doctor_command,
};

}  // namespace

std::span<const Command* const> commands() {
    return all_commands;
}

const Command* find_command(std::string_view name) {
    for (const auto* command : all_commands)
        if (command->name == name)
            return command;
    return nullptr;
}

}  // namespace steward::cli
