#include <steward/steward.hpp>

#include <algorithm>

#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

class StewardWatch : public StewardTest {
  protected:
    Manager manager_{{.socket = daemon.socket()}};
    Dict<std::string, int> stats_ = manager_.dict<std::string, int>("stats/hits");

    /// What is changed before `steward watch` listens it does not see. It has two sessions: one that asks for the
    /// object and one that listens, and each has made a request by then.
    bool is_watching() {
        return eventually([&] {
            const auto sessions = manager_.sessions();
            return std::ranges::count_if(sessions, [](const SessionInfo& session) {
                       return session.client_name == "steward" && session.requests != 0;
                   }) == 2;
        });
    }
};

TEST_F(StewardWatch, PrintsChangesOfAnObject) {
    auto watch = start({"watch", "stats/hits"});
    ASSERT_TRUE(is_watching());
    stats_.set("a", 1);
    manager_.event("stats/other").set();
    stats_.erase("a");
    EXPECT_EQ(watch.read_line(), "stats/hits set \"a\"");
    EXPECT_EQ(watch.read_line(), "stats/hits erase \"a\"");
}

TEST_F(StewardWatch, PrintsChangesOfAPrefixAsJson) {
    auto watch = start({"watch", "stats/", "--json", "--count", "2"});
    ASSERT_TRUE(is_watching());
    manager_.event("stats/other").set();
    const auto created = nlohmann::json::parse(watch.read_line());
    EXPECT_EQ(created["name"], "stats/other");
    EXPECT_EQ(created["what"], "created");
    EXPECT_EQ(created["type"], "event");
    EXPECT_EQ(created["lost"], 0);
    EXPECT_EQ(nlohmann::json::parse(watch.read_line())["what"], "set");
    EXPECT_EQ(watch.wait().exit_code, 0);
}

}  // namespace
}  // namespace steward::tests
