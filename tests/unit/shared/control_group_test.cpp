#include "shared/control_group.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "shared/errors.hpp"
#include "shared/memory_budget.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

class AControlGroup : public testing::Test {
  public:
    AControlGroup() {
        std::string folder = testing::TempDir() + "steward-cgroup-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
    }
    ~AControlGroup() override { std::filesystem::remove_all(folder_); }

  protected:
    void write(const char* file, const std::string& text) { std::ofstream{folder_ / file} << text; }

    std::uint64_t free_bytes() const { return ControlGroup(folder_).free_bytes(); }

    std::filesystem::path folder_;
};

TEST_F(AControlGroup, OfVersion2LetsItsProcessesHaveTheRestButForAMargin) {
    write("memory.max", std::to_string(100 * mib));
    write("memory.current", std::to_string(90 * mib));
    write("memory.stat", "anon 1\nfile 2\ninactive_file 0\nactive_file 0\n");
    EXPECT_EQ(free_bytes(), 6 * mib);
}

TEST_F(AControlGroup, CountsItsPageCacheAsFree) {
    write("memory.max", std::to_string(100 * mib));
    write("memory.current", std::to_string(90 * mib));
    write("memory.stat", "anon 1\ninactive_file " + std::to_string(20 * mib) + "\nactive_file 1\n");
    EXPECT_EQ(free_bytes(), 26 * mib + 1);
}

TEST_F(AControlGroup, OfVersion1CountsWhatTheGroupsBelowItHave) {
    write("memory.limit_in_bytes", std::to_string(100 * mib));
    write("memory.usage_in_bytes", std::to_string(90 * mib));
    write("memory.stat",
          "inactive_file 5\nactive_file 5\ntotal_inactive_file " + std::to_string(mib) + "\ntotal_active_file 1\n");
    EXPECT_EQ(free_bytes(), 7 * mib + 1);
}

TEST_F(AControlGroup, HasNothingLeftAboveItsLimit) {
    write("memory.max", std::to_string(mib));
    write("memory.current", std::to_string(2 * mib));
    EXPECT_EQ(free_bytes(), 0U);
}

TEST_F(AControlGroup, WithoutALimitLimitsNothing) {
    write("memory.max", "max\n");
    write("memory.current", std::to_string(90 * mib));
    EXPECT_EQ(free_bytes(), ControlGroup::unlimited);
    EXPECT_EQ(ControlGroup(folder_ / "none").free_bytes(), ControlGroup::unlimited);
}

TEST_F(AControlGroup, IsMindedByTheBudget) {
    write("memory.max", std::to_string(100 * mib));
    write("memory.current", std::to_string(90 * mib));
    const auto file = anonymous_file();
    MemoryBudget budget{MemoryBudget::unlimited, {ControlGroup(folder_)}};
    budget.take(2 * mib, file.get());
    EXPECT_THROW(budget.take(8 * mib, file.get()), NoMemory);
}

}  // namespace
}  // namespace steward::shared
