#include <steward/steward.hpp>

#include <cstdio>
#include <memory>
#include <string>

#include "tests/cli/steward_test.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

using StewardMetrics = StewardTest;

/// Prints "FAMILY TYPE SAMPLES" for each family, as the parser of Prometheus' own client reads them.
constexpr auto parser = R"(
import sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    print(family.name, family.type, len(family.samples))
)";

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
    std::string output;
    for (int letter = std::fgetc(pipe.get()); letter != EOF; letter = std::fgetc(pipe.get()))
        output += static_cast<char>(letter);
    return output;
}

TEST_F(StewardMetrics, AreWhatPrometheusReads) {
    const Manager manager({.socket = daemon.socket()});
    auto lock = manager.lock("a \"lock\"\\ with\u00e4 odd name");
    lock.acquire();
    auto other = start({"run", "--lock", lock.name(), "--", "true"});
    ASSERT_TRUE(eventually([&] { return lock.info().waiters.size() == 1; }));
    lock.release();
    ASSERT_EQ(other.wait().exit_code, 0);
    const auto metrics = steward({"metrics"});
    EXPECT_EQ(metrics.exit_code, 0);
    const auto shown = json({"show", lock.name()});
    EXPECT_EQ(shown["acquisitions"], 2);
    EXPECT_GT(shown["wait_longest_ns"], 0);
    EXPECT_GT(shown["hold_longest_ns"], 0);
    EXPECT_THAT(steward({"show", lock.name()}).out, testing::ContainsRegex("Waits took: +1 below "));
    const TemporaryFolder folder;
    write_text(folder.path() / "metrics", metrics.out);
    write_text(folder.path() / "parser.py", parser);
    const auto families = output_of("/usr/bin/python3 " + (folder.path() / "parser.py").string() + " " +
                                    (folder.path() / "metrics").string());
    EXPECT_THAT(families, testing::HasSubstr("steward_objects gauge 1\n"));
    EXPECT_THAT(families, testing::HasSubstr("steward_requests counter 1\n"));
    EXPECT_THAT(families, testing::HasSubstr("steward_object_acquisitions counter 1\n"));
    EXPECT_THAT(families, testing::HasSubstr("steward_object_wait_seconds histogram "));
    EXPECT_THAT(families, testing::HasSubstr("steward_object_hold_seconds histogram "));
    EXPECT_THAT(metrics.out, testing::HasSubstr("steward_object_waits_total{name=\"a \\\"lock\\\"\\\\ with"));
}

}  // namespace
}  // namespace steward::tests
