#include "shared/bus_errors.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>

#include "shared/unique_fd.hpp"

namespace steward::shared {
namespace {

/// A file of two pages, mapped.
class MappedFile {
  public:
    MappedFile() {
        EXPECT_EQ(::ftruncate(file_.get(), static_cast<off_t>(bytes())), 0);
        memory_ =
            static_cast<volatile char*>(::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0));
        memory_[0] = 1;
    }
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile() { ::munmap(address(), bytes()); }

    volatile char* memory() const { return memory_; }
    void* address() const { return const_cast<char*>(memory_); }
    std::size_t bytes() const { return 2 * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }
    void cut_short() const { EXPECT_EQ(::ftruncate(file_.get(), 0), 0); }

  private:
    UniqueFd file_{::memfd_create("test", MFD_CLOEXEC)};
    volatile char* memory_ = nullptr;
};

TEST(GuardedMemory, BecomesZerosWhereItsFileIsCutShort) {
    survive_bus_errors();
    const MappedFile cut;
    const MappedFile whole;
    guard_memory(cut.address(), cut.bytes());
    guard_memory(whole.address(), whole.bytes());
    EXPECT_FALSE(is_damaged(cut.address()));
    cut.cut_short();
    EXPECT_FALSE(is_damaged(cut.address())) << "nobody has touched it";
    EXPECT_EQ(cut.memory()[0], 0);
    EXPECT_TRUE(is_damaged(cut.address()));
    cut.memory()[cut.bytes() - 1] = 7;
    EXPECT_EQ(cut.memory()[cut.bytes() - 1], 7) << "it is this process's own now";
    EXPECT_FALSE(is_damaged(whole.address()));
    EXPECT_EQ(whole.memory()[0], 1);
    end_guard(cut.address());
    end_guard(whole.address());
    EXPECT_FALSE(is_damaged(cut.address()));
}

TEST(GuardedMemoryDeathTest, IsTheOnlyOneThatIsSurvived) {
    const auto touch_what_is_not_guarded = [] {
        ::signal(SIGBUS, SIG_DFL);  // a sanitizer has a handler of its own
        survive_bus_errors();
        const MappedFile cut;
        cut.cut_short();
        static_cast<void>(cut.memory()[0]);
    };
    EXPECT_EXIT(touch_what_is_not_guarded(), testing::KilledBySignal(SIGBUS), "");
}

}  // namespace
}  // namespace steward::shared
