#include "shared/memory_budget.hpp"

#include <cstdlib>
#include <fstream>

#include "shared/errors.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class AMemoryBudget : public testing::Test {
  public:
    AMemoryBudget() {
        std::string folder = testing::TempDir() + "steward-cgroup-XXXXXX";
        cgroup_ = ::mkdtemp(folder.data());
    }
    ~AMemoryBudget() override { std::filesystem::remove_all(cgroup_); }

  protected:
    void write(const char* file, const std::string& text) { std::ofstream{cgroup_ / file} << text; }

    std::filesystem::path cgroup_;
    UniqueFd file_ = anonymous_file();
};

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

TEST_F(AMemoryBudget, GivesNoMoreThanItsLimit) {
    MemoryBudget budget{100, {}};
    budget.take(60, file_.get());
    EXPECT_THROW(budget.take(41, file_.get()), NoMemory);
    EXPECT_EQ(budget.used_bytes(), 60U);
    budget.take(40, file_.get());
    budget.give_back(100);
    EXPECT_EQ(budget.used_bytes(), 0U);
}

TEST_F(AMemoryBudget, GivesNothingWhileMoreIsUsedThanTheLimit) {
    MemoryBudget budget{100, {}};
    budget.count(200);
    EXPECT_THROW(budget.take(1, file_.get()), NoMemory);
}

TEST_F(AMemoryBudget, MindsTheControlGroupButNotItsPageCache) {
    write("memory.max", std::to_string(100 * mib));
    write("memory.current", std::to_string(90 * mib));
    write("memory.stat", "anon 1\nfile 2\ninactive_file 0\nactive_file 0\n");
    MemoryBudget budget{MemoryBudget::unlimited, {cgroup_}};
    budget.take(2 * mib, file_.get());
    EXPECT_THROW(budget.take(8 * mib, file_.get()), NoMemory);
    write("memory.stat", "anon 1\ninactive_file " + std::to_string(20 * mib) + "\nactive_file 1\n");
    budget.take(8 * mib, file_.get());
}

TEST_F(AMemoryBudget, DoesNotMindAControlGroupWithoutALimit) {
    write("memory.max", "max\n");
    write("memory.current", std::to_string(90 * mib));
    MemoryBudget budget{MemoryBudget::unlimited, {cgroup_, cgroup_ / "none"}};
    budget.take(8 * mib, file_.get());
}

}  // namespace
}  // namespace steward::shared
