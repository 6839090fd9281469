#include <steward/steward.hpp>

#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

class StewardWatch : public StewardTest {
  protected:
    Manager manager_{{.socket = daemon.socket()}};
    Dict<std::string, int> stats_ = manager_.dict<std::string, int>("stats/hits");

    /// `steward watch` connects when it likes: what is changed before that it does not see.
    bool is_watching(std::size_t watches) {
        return eventually([&] {
            std::size_t sessions = 0;
            for (const auto& session : manager_.sessions())
                sessions += session.client_name == "steward" ? 1 : 0;
            return sessions == 2 * watches;  // one that asks and one that listens
        });
    }
};

TEST_F(StewardWatch, PrintsChangesOfAnObject) {
    auto watch = start({"watch", "stats/hits"});
    ASSERT_TRUE(is_watching(1));
    stats_.set("a", 1);
    manager_.event("stats/other").set();
    stats_.erase("a");
    EXPECT_EQ(watch.read_line(), "stats/hits set \"a\"");
    EXPECT_EQ(watch.read_line(), "stats/hits erase \"a\"");
}

TEST_F(StewardWatch, PrintsChangesOfAPrefixAsJson) {
    auto watch = start({"watch", "stats/", "--json", "--count", "2"});
    ASSERT_TRUE(is_watching(1));
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
