#include <fcntl.h>
#include <sys/mman.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "shared/heap_header.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

constexpr int wrong_configuration = 78;

/// The header of a heap file, for a test to damage.
class MappedHeader {
  public:
    explicit MappedHeader(const std::filesystem::path& heap) : file_(::open(heap.c_str(), O_RDWR | O_CLOEXEC)) {
        void* const base =
            ::mmap(nullptr, shared::heap_header_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
        if (base == MAP_FAILED)
            throw std::runtime_error("the heap cannot be mapped: " + heap.string());
        header_ = static_cast<shared::HeapHeader*>(base);
    }
    MappedHeader(const MappedHeader&) = delete;
    MappedHeader& operator=(const MappedHeader&) = delete;
    ~MappedHeader() { ::munmap(header_, shared::heap_header_bytes); }

    shared::HeapHeader* operator->() const { return header_; }

  private:
    shared::UniqueFd file_;
    shared::HeapHeader* header_ = nullptr;
};

class ADaemon : public testing::Test {
  protected:
    std::filesystem::path heap() const { return daemon_.memory_files().front(); }

    /// The daemon does not start on this memory, says why, and leaves it as it is.
    void expect_refused(const std::string& why) {
        const auto heap_before = text_of(heap());
        const auto record_before = text_of(daemon_.memory_record());
        const auto outcome = run_stewardd({"--socket", daemon_.socket()});
        EXPECT_EQ(outcome.exit_code, wrong_configuration);
        EXPECT_NE(outcome.errors.find(why), std::string::npos) << outcome.errors;
        EXPECT_TRUE(text_of(heap()) == heap_before);
        EXPECT_EQ(text_of(daemon_.memory_record()), record_before);
        EXPECT_FALSE(std::filesystem::exists(daemon_.socket()));
    }

    DaemonProcess daemon_;
    RawClient client_{daemon_.socket()};
};

TEST_F(ADaemon, ThatIsTerminatedRemovesItsSocketAndLeavesItsMemory) {
    open_lock(client_, "lock");
    const auto files = daemon_.memory_files();
    EXPECT_EQ(daemon_.terminate(), 0);
    EXPECT_FALSE(std::filesystem::exists(daemon_.socket()));
    ASSERT_EQ(files.size(), 2U);
    for (const auto& file : files)
        EXPECT_TRUE(std::filesystem::exists(file)) << file;
    EXPECT_FALSE(client_.next_frame()) << "the connection has ended";
}

TEST_F(ADaemon, ThatIsTerminatedAnswersThoseWhoWait) {
    RawClient holder(daemon_.socket());
    const auto lock = open_lock(holder, "lock");
    holder.call(acquire(lock));
    const auto waiting = client_.request(acquire(lock));
    const auto timed = client_.request(acquire(lock, 60'000'000'000));
    EXPECT_TRUE(eventually([&] { return waiters(holder) == 2; }));
    EXPECT_EQ(daemon_.terminate(), 0);
    EXPECT_EQ(client_.refusal_of(waiting), Errc::shutting_down);
    EXPECT_EQ(client_.refusal_of(timed), Errc::shutting_down);
}

TEST_F(ADaemon, EndsWhileAClientDoesNotReadItsReplies) {
    const auto value = open_value(client_, "value", pack(std::string(1'000'000, 'x')));
    for (int i = 0; i < 10; ++i)
        client_.request(proto::value::Get{.object = value});
    RawClient witness(daemon_.socket());
    EXPECT_EQ(daemon_.terminate(), 0);
}

TEST_F(ADaemon, KeepsValuesOverARestart) {
    const auto value = open_value(client_, "value", pack("kept"));
    const auto list = client_.call(proto::list::Open{.open = {.name = "list"}}).object;
    client_.call(proto::list::Append{.object = list, .value = {pack(7)}});
    EXPECT_EQ(daemon_.terminate(), 0);
    daemon_.start();
    RawClient after(daemon_.socket());
    EXPECT_EQ(value_of(after, value), pack("kept"));
    EXPECT_EQ(integers_of(after.call(proto::list::Copy{.object = list}).values), std::vector<std::int64_t>({7}));
}

TEST_F(ADaemon, LeavesWhatALivingProcessHeldToIt) {
    const auto lock = open_lock(client_, "lock");
    client_.call(acquire(lock));
    for (const bool killed : {false, true}) {
        killed ? daemon_.kill() : static_cast<void>(daemon_.terminate());
        daemon_.start();
        RawClient after(daemon_.socket());
        EXPECT_FALSE(after.call(acquire(lock, 0)).acquired);
    }
}

TEST_F(ADaemon, FreesAsAbandonedWhatProcessesHeldThatDiedMeanwhile) {
    const auto lock = open_lock(client_, "lock");
    for (const bool killed : {false, true}) {
        Gate held;
        ChildProcess holder([&]() -> int {
            RawClient own(daemon_.socket());
            own.call(acquire(lock));
            held.open();
            for (;;)
                ::pause();
        });
        held.pass();
        const auto token = client_.call(proto::object::Find{.name = "lock"}).token;
        killed ? daemon_.kill() : static_cast<void>(daemon_.terminate());
        holder.kill();
        daemon_.start();
        RawClient after(daemon_.socket());
        const auto taken = after.call(acquire(lock));
        EXPECT_TRUE(taken.acquired);
        EXPECT_GT(taken.token, token);
        ASSERT_TRUE(taken.abandoned);
        EXPECT_EQ(taken.abandoned->pid, holder.pid());
        after.call(proto::lock::Release{.object = lock});
        client_ = RawClient(daemon_.socket());
    }
}

TEST_F(ADaemon, RefusesALogThatLeadsOutOfTheHeap) {
    open_lock(client_, "lock");
    daemon_.terminate();
    MappedHeader(heap())->log_length.init(~std::uint64_t{0});
    expect_refused("undo log");
    MappedHeader(heap())->log_length.init(0);
    daemon_.start();
    RawClient after(daemon_.socket());
    EXPECT_EQ(after.refusal(proto::object::Find{.name = "lock"}), std::nullopt) << "it is whole again";
}

TEST_F(ADaemon, CopiesAHeapWhoseAllocatorWasAtWork) {
    open_lock(client_, "lock");
    daemon_.terminate();
    const auto before = heap();
    MappedHeader(before)->allocating.init(1);
    daemon_.start();
    RawClient after(daemon_.socket());
    EXPECT_EQ(after.refusal(proto::object::Find{.name = "lock"}), std::nullopt);
    EXPECT_NE(heap(), before);
    EXPECT_FALSE(std::filesystem::exists(before));
}

TEST_F(ADaemon, RefusesAHeapOfAnotherLayout) {
    daemon_.terminate();
    MappedHeader(heap())->layout.init(shared::heap_layout + 1);
    expect_refused("layout");
}

TEST_F(ADaemon, RefusesMemoryThatIsNotThere) {
    daemon_.terminate();
    const auto moved = heap().string() + ".moved";
    const auto original = heap();
    std::filesystem::rename(original, moved);
    EXPECT_EQ(run_stewardd({"--socket", daemon_.socket()}).exit_code, wrong_configuration);
    std::filesystem::rename(moved, original);
    daemon_.start();
}

TEST_F(ADaemon, RefusesMemoryThatOthersCouldHaveWritten) {
    daemon_.terminate();
    std::filesystem::permissions(heap(), std::filesystem::perms(0666));
    expect_refused("stewardd: ");
}

TEST_F(ADaemon, ForgetsItsMemoryWhenToldTo) {
    open_value(client_, "value", pack("forgotten"));
    daemon_.terminate();
    const auto files = daemon_.memory_files();
    EXPECT_EQ(run_stewardd({"--socket", daemon_.socket(), "--forget"}).exit_code, 0);
    for (const auto& file : files)
        EXPECT_FALSE(std::filesystem::exists(file)) << file;
    EXPECT_FALSE(std::filesystem::exists(daemon_.memory_record()));
    EXPECT_EQ(run_stewardd({"--socket", daemon_.socket(), "--forget"}).exit_code, 0) << "safe to repeat";
    daemon_.start();
    RawClient after(daemon_.socket());
    EXPECT_EQ(after.refusal(proto::object::Find{.name = "value"}), Errc::no_such_object);
}

TEST_F(ADaemon, ForgetsTornMemoryToo) {
    daemon_.terminate();
    const auto torn = heap();
    MappedHeader(torn)->log_length.init(3);
    EXPECT_EQ(run_stewardd({"--socket", daemon_.socket(), "--forget"}).exit_code, 0);
    EXPECT_FALSE(std::filesystem::exists(torn));
}

TEST_F(ADaemon, ThatIsStoppedGoesOnWhereItWas) {
    const auto lock = open_lock(client_, "lock");
    daemon_.stop();
    const auto request = client_.request(acquire(lock));
    EXPECT_FALSE(client_.has_response(request));
    daemon_.go_on();
    EXPECT_TRUE(client_.result_of<proto::lock::Acquire>(request).acquired);
}

}  // namespace
}  // namespace steward::tests
