#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <ios>
#include <set>
#include <sstream>
#include <string>

#include "tests/faults/victim.hpp"
#include "tests/support/process_status.hpp"
#include "tests/support/text_file.hpp"

// No program that is started by a client inherits what is the library's. (The daemon starts none.)
namespace steward::tests {
namespace {

/// proc(5), fdinfo: the flags, as of open(2), in octal.
bool is_closed_by_exec(pid_t process, const std::string& descriptor) {
    std::istringstream lines(text_of(proc(process) / "fdinfo" / descriptor));
    for (std::string word; lines >> word;) {
        unsigned flags = 0;
        if (word == "flags:" && lines >> std::oct >> flags)
            return (flags & O_CLOEXEC) != 0;
    }
    return true;  // it has been closed meanwhile
}

/// Beside standard input, output and error.
std::set<std::string> inherited_by_programs_of(pid_t process) {
    std::set<std::string> inherited;
    for (const auto& entry : std::filesystem::directory_iterator(proc(process) / "fd"))
        if (const auto descriptor = entry.path().filename().string();
            std::stoi(descriptor) > STDERR_FILENO && !is_closed_by_exec(process, descriptor))
            inherited.insert(descriptor);
    return inherited;
}

using ADescriptor = Deaths;

TEST_F(ADescriptor, OfAClientIsNotInheritedByProgramsThatItStarts) {
    const auto before = inherited_by_programs_of(::getpid());
    const auto own = connect();
    own.lock("lock").lock();
    own.dict<std::string, int>("dict", {{"key", 1}}).at("key");
    const auto watch = own.watch("");
    EXPECT_EQ(inherited_by_programs_of(::getpid()), before);
}

}  // namespace
}  // namespace steward::tests
