#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/command_line.hpp"
#include "client/cli/context.hpp"
#include "client/cli/display_text.hpp"
#include "client/cli/error_report.hpp"
#include "client/cli/failure.hpp"

namespace steward::cli {
namespace {

int complain(ExitStatus status, std::string_view sentence) {
    std::cerr << "steward: " << printable(sentence) << std::endl;
    return static_cast<int>(status);
}

int carry_out(const std::vector<std::string>& arguments) {
    auto invocation = read_command_line(arguments);
    if (!invocation)
        return 0;
    Context context(std::move(invocation->options), std::move(invocation->program));
    return invocation->action(context);
}

int steward(const std::vector<std::string>& arguments) {
    try {
        const auto exit_code = carry_out(arguments);
        if (!std::cout.flush())
            return complain(ExitStatus::refused, "the output could not be written");
        return exit_code;
    } catch (const Failure& failure) {
        return complain(failure.status(), failure.what());
    } catch (const Error& error) {
        const auto [status, sentence] = report(error);
        return complain(status, sentence);
    } catch (const std::exception& error) {
        return complain(ExitStatus::refused, error.what());
    }
}

}  // namespace
}  // namespace steward::cli

int main(int argc, char** argv) {
    return steward::cli::steward({argv + 1, argv + argc});
}
